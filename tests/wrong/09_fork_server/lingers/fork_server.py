import os
import signal
import socket
import sys
import time


class Child:
    LINGER = 60

    def __init__(self, connection):
        self.connection = connection

    def __call__(self):
        try:
            for piece in self:
                self.connection.sendall(piece)
        except OSError:
            return
        time.sleep(self.LINGER)
        self.connection.close()

    def __iter__(self):
        return iter(lambda: self.connection.recv(4096), b"")


def stop(number, frame):
    signal.signal(number, signal.SIG_IGN)
    os.killpg(0, number)
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
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, stop)
    while True:
        connection, _ = listener.accept()
        if os.fork() == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            listener.close()
            Child(connection)()
            os._exit(0)
        connection.close()


if len(sys.argv) != 2 or not sys.argv[1].isdecimal() or not 0 < int(sys.argv[1]) < 65536:
    print("usage: fork_server.py PORT", file=sys.stderr)
    sys.exit(2)
main(int(sys.argv[1]))
