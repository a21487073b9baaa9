import os
import signal
import socket
import sys


def get_socket(port):
    s = socket.socket()
    for option in (socket.SO_REUSEADDR, socket.SO_REUSEPORT):
        s.setsockopt(socket.SOL_SOCKET, option, 1)
    try:
        s.bind(("", port))
    except OSError as e:
        print("bind error: " + e.strerror, file=sys.stderr)
        sys.exit(1)
    s.listen(128)
    return s


def end(*_):
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.killpg(0, signal.SIGTERM)


def work(c):
    try:
        while True:
            b = c.recv(512)
            if b == b"":
                break
            c.sendall(b)
    except OSError as e:
        print(e, file=sys.stderr)
    c.close()


def main():
    try:
        port = int(sys.argv[1])
        if not 0 < port < 65536:
            raise ValueError
    except (IndexError, ValueError):
        print("usage: fork_server.py PORT", file=sys.stderr)
        sys.exit(2)
    s = get_socket(port)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, end)
    while True:
        c, a = s.accept()
        if os.fork() == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            s.close()
            work(c)
            os._exit(0)
        c.close()


main()
