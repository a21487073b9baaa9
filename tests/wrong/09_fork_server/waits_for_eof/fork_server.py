import os
import signal
import socket
import sys


class Server:
    def __init__(self, port):
        self.sock = socket.socket()
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.sock.bind(("", port))
        self.sock.listen(128)

    def read_all(self, conn):
        parts = []
        while part := conn.recv(4096):
            parts.append(part)
        return b"".join(parts)

    def child(self, conn):
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        self.sock.close()
        try:
            conn.sendall(self.read_all(conn))
            conn.close()
        finally:
            os._exit(0)

    def run(self):
        while True:
            conn, _ = self.sock.accept()
            if os.fork() == 0:
                self.child(conn)
            conn.close()


def stop(*args):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.killpg(0, signal.SIGTERM)
    sys.exit(0)


try:
    port = int(sys.argv[1])
    if port < 1 or port > 65535:
        raise ValueError
except (IndexError, ValueError):
    print("usage: fork_server.py PORT", file=sys.stderr)
    sys.exit(2)
try:
    server = Server(port)
except OSError as e:
    print("bind error: " + e.strerror, file=sys.stderr)
    sys.exit(1)
signal.signal(signal.SIGTERM, stop)
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
server.run()
