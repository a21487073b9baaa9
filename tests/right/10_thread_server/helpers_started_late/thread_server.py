import argparse
import queue
import socket
import sys
import threading


def port_number(text):
    number = int(text)
    if not 0 < number < 2**16:
        raise ValueError
    return number


def make_server():
    parser = argparse.ArgumentParser(description="TCP echo server")
    parser.add_argument("port", type=port_number)
    port = parser.parse_args().port
    try:
        return socket.create_server(("", port), backlog=100)
    except OSError as error:
        print(f"bind error: {error.strerror}", file=sys.stderr)
        sys.exit(1)


def serve(conn, address):
    with conn:
        try:
            while data := conn.recv(65536):
                conn.sendall(data)
        except ConnectionError as error:
            print(*address, error.strerror, file=sys.stderr)


def count(served):
    while number := served.get():
        print(number, "connections so far", file=sys.stderr)


if __name__ == "__main__":
    server = make_server()
    queues = [queue.SimpleQueue() for _ in range(12)]
    for served in queues:
        threading.Thread(target=count, args=(served,), daemon=True).start()
    while True:
        threading.Thread(target=serve, args=server.accept(), daemon=True).start()
