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


def talk(server):
    for line in sys.stdin.buffer:
        server.sendall(line)
        while line:
            reply = server.recv(len(line))
            if not reply:
                print("the server has gone", file=sys.stderr)
                return 3
            sys.stdout.buffer.write(line[: len(reply)])
            line = line[len(reply) :]
    return 0


sys.exit(main())
