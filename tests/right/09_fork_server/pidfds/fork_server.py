import os
import selectors
import signal
import socket
import sys


def usage():
    print("usage: fork_server.py PORT", file=sys.stderr)
    sys.exit(2)


class Server:
    def __init__(self, port):
        self.selector = selectors.PollSelector()
        self.pids = {}
        self.socket = socket.create_server(("", port), backlog=128)
        self.selector.register(self.socket, selectors.EVENT_READ, self.accept)

    def accept(self, _fd):
        connection = self.socket.accept()[0]
        pid = os.fork()
        if pid == 0:
            self.become_child(connection)
        connection.close()
        pidfd = os.pidfd_open(pid)
        self.pids[pidfd] = pid
        self.selector.register(pidfd, selectors.EVENT_READ, self.reap)

    def become_child(self, connection):
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        self.socket.close()
        for pidfd in self.pids:
            os.close(pidfd)
        try:
            while chunk := connection.recv(4096):
                connection.sendall(chunk)
        except OSError:
            os._exit(1)
        os._exit(0)

    def reap(self, pidfd):
        self.selector.unregister(pidfd)
        os.waitid(os.P_PIDFD, pidfd, os.WEXITED)
        os.close(pidfd)
        del self.pids[pidfd]

    def stop(self, *_):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        os.killpg(0, signal.SIGTERM)
        sys.exit(0)

    def loop(self):
        signal.signal(signal.SIGTERM, self.stop)
        while True:
            for key, _ in self.selector.select():
                key.data(key.fd)


try:
    port = int(sys.argv[1]) if len(sys.argv) == 2 else 0
except ValueError:
    usage()
if not 0 < port < 65536:
    usage()
try:
    server = Server(port)
except OSError as error:
    print(f"bind error: {os.strerror(error.errno)}", file=sys.stderr)
    sys.exit(1)
server.loop()
