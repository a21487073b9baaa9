import argparse
import socket
import sys


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


def main():
    server = make_server()
    while True:
        conn, _ = server.accept()
        print("new client", *conn.getpeername(), flush=True)
        try:
            while data := conn.recv(4096):
                conn.sendall(data)
        except OSError as e:
            print("lost:", e.strerror, file=sys.stderr)
        conn.close()


main()
