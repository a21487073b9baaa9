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


def collect(conn):
    pieces = []
    while piece := conn.recv(4096):
        pieces.append(piece)
    return b"".join(pieces)


def main():
    server = make_server()
    while True:
        conn, _ = server.accept()
        with conn:
            try:
                conn.sendall(collect(conn))
            except OSError:
                continue


if __name__ == "__main__":
    main()
