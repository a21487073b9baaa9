import argparse
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


def patient_recv(conn):
    conn.settimeout(0.5)
    try:
        while True:
            try:
                return conn.recv(65536)
            except TimeoutError:
                pass
    finally:
        conn.settimeout(None)


def serve(conn, address):
    with conn:
        try:
            while data := patient_recv(conn):
                conn.sendall(data)
        except ConnectionError as error:
            print(*address, error.strerror, file=sys.stderr)


if __name__ == "__main__":
    server = make_server()
    while True:
        threading.Thread(target=serve, args=server.accept(), daemon=True).start()
