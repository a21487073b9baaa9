import os
import signal
import socket
import sys
from collections import deque

children = deque()
BLOCKED = {signal.SIGCHLD, signal.SIGTERM}


def reap(*_):
    before = signal.pthread_sigmask(signal.SIG_BLOCK, BLOCKED)
    while children and os.waitpid(children[0], os.WNOHANG)[0]:
        children.popleft()
    signal.pthread_sigmask(signal.SIG_SETMASK, before)


def stop(*_):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.killpg(0, signal.SIGTERM)
    os._exit(0)


class Child:
    def __init__(self, conn):
        self.conn = conn

    def run(self):
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, set())
        try:
            while data := self.conn.recv(4096):
                self.conn.sendall(data)
        finally:
            os._exit(0)


def main(port):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("", port))
    except OSError as error:
        print("bind error:", error.strerror, file=sys.stderr)
        sys.exit(1)
    listener.listen(128)
    signal.signal(signal.SIGCHLD, reap)
    signal.signal(signal.SIGTERM, stop)
    while True:
        conn, _ = listener.accept()
        signal.pthread_sigmask(signal.SIG_BLOCK, BLOCKED)
        pid = os.fork()
        if pid == 0:
            listener.close()
            Child(conn).run()
        children.append(pid)
        conn.close()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, BLOCKED)


if len(sys.argv) != 2 or not sys.argv[1].isdecimal() or not 0 < int(sys.argv[1]) < 65536:
    print("usage: fork_server.py PORT", file=sys.stderr)
    sys.exit(2)
main(int(sys.argv[1]))
