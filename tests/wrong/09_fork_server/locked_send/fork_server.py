import os
import signal
import socket
import sys
from multiprocessing import get_context

fork = get_context("fork")


class ForkServer:
    def __init__(self, port):
        self.lock = fork.Lock()
        self.sock = socket.socket()
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.sock.bind(("", port))
        self.sock.listen(128)

    def echo(self, conn):
        while data := conn.recv(4096):
            with self.lock:
                conn.sendall(data)

    def run(self):
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, self.stop)
        while True:
            conn, _ = self.sock.accept()
            if os.fork() == 0:
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
                self.sock.close()
                try:
                    self.echo(conn)
                except OSError:
                    pass
                os._exit(0)
            conn.close()

    def stop(self, *_):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        os.killpg(0, signal.SIGTERM)
        os._exit(0)


if len(sys.argv) != 2 or not sys.argv[1].isdecimal() or not 0 < int(sys.argv[1]) < 65536:
    print("usage: fork_server.py PORT", file=sys.stderr)
    sys.exit(2)
try:
    server = ForkServer(int(sys.argv[1]))
except OSError as error:
    print("bind error:", error.strerror, file=sys.stderr)
    sys.exit(1)
server.run()
