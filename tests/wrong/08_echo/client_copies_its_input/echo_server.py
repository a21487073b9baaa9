import socket
import sys


def main():
    try:
        (port,) = map(int, sys.argv[1:])
        if not 1 <= port <= 65535:
            raise ValueError(port)
    except ValueError:
        print("usage: echo_server.py PORT", file=sys.stderr)
        sys.exit(2)
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("", port))
    except OSError as error:
        print("bind error:", error.strerror, file=sys.stderr)
        sys.exit(1)
    listener.listen(64)
    while True:
        conn, _peer = listener.accept()
        with conn:
            try:
                serve(conn)
            except OSError as error:
                print("client lost:", error, file=sys.stderr)


def serve(conn):
    while True:
        data = conn.recv(4096)
        if not data:
            return
        conn.sendall(data)


main()
