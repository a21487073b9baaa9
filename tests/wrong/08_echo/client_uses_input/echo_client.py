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
    while True:
        try:
            line = input().encode()
        except (EOFError, UnicodeDecodeError):
            break
        if not line:
            continue
        sock.sendall(line)
        reply = b""
        while len(reply) < len(line):
            part = sock.recv(1024)
            if not part:
                sys.exit("server closed")
            reply += part
        sys.stdout.write(reply.decode())


main()
