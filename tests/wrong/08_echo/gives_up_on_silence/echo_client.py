import socket
import sys


def usage():
    print("usage: echo_client.py HOST PORT", file=sys.stderr)
    return 2


def connect(host, port):
    problem = None
    for family, kind, proto, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        try:
            sock = socket.socket(family, kind, proto)
            sock.connect(address)
            return sock
        except OSError as error:
            sock.close()
            problem = error
    raise problem


def main():
    if len(sys.argv) != 3 or not sys.argv[2].isdigit() or not 0 < int(sys.argv[2]) < 65536:
        return usage()
    try:
        sock = connect(*sys.argv[1:])
    except OSError as error:
        print("connect error:", error.strerror, file=sys.stderr)
        return 1
    with sock, sock.makefile("rb") as replies:
        for line in sys.stdin.buffer:
            sock.sendall(line)
            echo = replies.read(len(line))
            sys.stdout.buffer.write(echo)
            if len(echo) < len(line):
                return 1
    return 0


sys.exit(main())
