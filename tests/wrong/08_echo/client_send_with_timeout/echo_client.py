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


def main():
    sock = connect()
    sock.settimeout(60)
    while data := sys.stdin.buffer.read(1 << 18):
        sock.send(data)
        missing = len(data)
        while missing:
            part = sock.recv(min(missing, 8192))
            if not part:
                sys.exit("the server closed the connection")
            missing -= len(part)
            sys.stdout.buffer.write(part)
            sys.stdout.buffer.flush()


main()
