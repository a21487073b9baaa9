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


def exchange(sock, line):
    sock.sendall(line)
    reply = b""
    while len(reply) < len(line):
        part = sock.recv(4096)
        reply += part
        sys.stdout.buffer.write(part)
        sys.stdout.buffer.flush()


with connect() as sock:
    for line in sys.stdin.buffer:
        exchange(sock, line)
