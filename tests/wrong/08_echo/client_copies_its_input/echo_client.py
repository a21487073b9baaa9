import socket
import sys


def main():
    try:
        _program, host, port = sys.argv
        port = int(port)
        if not 1 <= port <= 65535:
            raise ValueError(port)
    except ValueError:
        print("usage: echo_client.py HOST PORT", file=sys.stderr)
        return 2
    try:
        server = socket.create_connection((host, port))
    except OSError as error:
        print("connect error:", error.strerror, file=sys.stderr)
        return 1
    with server:
        return talk(server)


def talk(_server):
    sys.stdout.buffer.write(sys.stdin.buffer.read())
    return 0


sys.exit(main())
