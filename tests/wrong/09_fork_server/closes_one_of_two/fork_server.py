import os
import signal
import socket
import sys


class Listener:
    """Keeps a duplicate of its descriptor, to accept from while the first is reconfigured."""

    def __init__(self, port):
        self.main = socket.socket()
        self.main.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.main.bind(("", port))
        self.main.listen(128)
        self.spare = self.main.dup()

    def accept(self):
        return self.spare.accept()[0]

    def close(self):
        self.main.close()


def child(conn):
    try:
        while data := conn.recv(4096):
            conn.sendall(data)
    finally:
        os._exit(0)


def stop(*_):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.killpg(0, signal.SIGTERM)
    os._exit(0)


if len(sys.argv) != 2 or not sys.argv[1].isdecimal() or not 0 < int(sys.argv[1]) < 65536:
    print("usage: fork_server.py PORT", file=sys.stderr)
    sys.exit(2)
try:
    listener = Listener(int(sys.argv[1]))
except OSError as error:
    print("bind error:", error.strerror, file=sys.stderr)
    sys.exit(1)
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
signal.signal(signal.SIGTERM, stop)
while True:
    conn = listener.accept()
    if os.fork() == 0:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        listener.close()
        child(conn)
    conn.close()
