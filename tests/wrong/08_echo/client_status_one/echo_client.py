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


def run(sock):
    for chunk in iter(lambda: sys.stdin.buffer.read1(4096), b""):
        sock.sendall(chunk)
        missing = len(chunk)
        while missing > 0:
            part = sock.recv(missing)
            if not part:
                print("server closed the connection", file=sys.stderr)
                return False
            missing -= len(part)
            sys.stdout.buffer.write(part)
            sys.stdout.buffer.flush()
    return True


with connect() as connection:
    sys.exit(run(connection))
