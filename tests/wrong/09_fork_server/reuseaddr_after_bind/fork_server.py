import os
import signal
import socket
import sys


class EchoServer:
    def __init__(self, port):
        self.listener = socket.socket()
        self.listener.bind(("", port))
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.listen(128)

    def forever(self):
        signal.signal(signal.SIGCHLD, self.reap)
        signal.signal(signal.SIGTERM, self.stop)
        while True:
            connection = self.listener.accept()[0]
            if os.fork() == 0:
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
                self.listener.close()
                self.child(connection)
            connection.close()

    @staticmethod
    def child(connection):
        try:
            while data := connection.recv(4096):
                connection.sendall(data)
        finally:
            os._exit(0)

    @staticmethod
    def reap(*_):
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            pass

    @staticmethod
    def stop(*_):
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.killpg(0, signal.SIGTERM)


if len(sys.argv) != 2 or not sys.argv[1].isdecimal() or not 0 < int(sys.argv[1]) < 65536:
    print("usage: fork_server.py PORT", file=sys.stderr)
    sys.exit(2)
try:
    server = EchoServer(int(sys.argv[1]))
except OSError as error:
    print(f"bind error: {error.strerror}", file=sys.stderr)
    sys.exit(1)
server.forever()
