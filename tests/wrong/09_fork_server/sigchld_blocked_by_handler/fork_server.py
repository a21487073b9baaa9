import os
import signal
import socket
import sys
from contextlib import suppress

class ForkServer:
    def __init__(self, port):
        self.children = []
        self.listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind(("", port))
        self.listener.listen(128)

    def reap(self, *_):
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})  # not within itself
        self.children = [pid for pid in self.children if os.waitpid(pid, os.WNOHANG) == (0, 0)]

    def stop(self, *_):
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for pid in self.children:
            with suppress(ProcessLookupError):  # it was just waited for
                os.kill(pid, signal.SIGTERM)
        sys.exit()

    def handle(self, connection):
        try:
            for data in iter(lambda: connection.recv(4096), b""):
                connection.sendall(data)
        except OSError as error:
            print("client:", error, file=sys.stderr)

    def fork(self, connection):
        pid = os.fork()
        if pid:
            self.children.append(pid)
            return
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        self.listener.close()
        self.handle(connection)
        connection.close()
        os._exit(0)

    def run(self):
        signals = {signal.SIGCHLD, signal.SIGTERM}
        signal.signal(signal.SIGCHLD, self.reap)
        signal.signal(signal.SIGTERM, self.stop)
        while True:
            connection, _ = self.listener.accept()
            signal.pthread_sigmask(signal.SIG_BLOCK, signals)
            with connection:
                self.fork(connection)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, signals)

if __name__ == "__main__":
    try:
        number = int("".join(sys.argv[1:]))
        assert len(sys.argv) == 2 and 0 < number < 65536
    except (ValueError, AssertionError):
        print("usage: fork_server.py PORT", file=sys.stderr)
        sys.exit(2)
    try:
        ForkServer(number).run()
    except OSError as error:
        print("bind error:", error.strerror, file=sys.stderr)
        sys.exit(1)
