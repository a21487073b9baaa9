import socket
import sys


def connect():
    try:
        host, port = sys.argv[1], int(sys.argv[2])
        if not 1 <= port <= 65535:
            raise ValueError
    except (IndexError, ValueError):
        print("Usage: echo_client.py HOST PORT", file=sys.stderr)
        sys.exit(2)
    try:
        return socket.create_connection((host, port))
    except OSError as e:
        sys.exit(f"connect error: {e.strerror}")


def read_exactly(sock, count):
    while count:
        part = sock.recv(count)
        if not part:
            raise EOFError("connection closed")
        count -= len(part)
        yield part


with connect() as sock:
    while data := sys.stdin.buffer.read1(4096):
        sock.sendall(data)
        for part in read_exactly(sock, len(data)):
            sys.stdout.buffer.write(part)
            sys.stdout.buffer.flush()
