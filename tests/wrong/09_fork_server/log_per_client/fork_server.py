import os
import signal
import socket
import sys

LOG = os.devnull  # the real path comes here later


class Session:
    sessions = []

    def __init__(self, conn, address):
        self.conn = conn
        self.log = open(LOG, "a")
        print("connected:", *address, file=self.log, flush=True)
        Session.sessions.append(self)

    def run(self):
        try:
            while data := self.conn.recv(4096):
                self.conn.sendall(data)
        except OSError as error:
            print("failed:", error, file=self.log)
        self.log.close()
        self.conn.close()


def stop(*_):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.killpg(0, signal.SIGTERM)
    os._exit(0)


def main(port):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("", port))
    except OSError as error:
        print(f"bind error: {error.strerror}", file=sys.stderr)
        sys.exit(1)
    listener.listen(128)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, stop)
    while True:
        session = Session(*listener.accept())
        if os.fork() == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            listener.close()
            session.run()
            os._exit(0)
        session.conn.close()


if len(sys.argv) != 2 or not sys.argv[1].isdecimal() or not 0 < int(sys.argv[1]) < 65536:
    print("usage: fork_server.py PORT", file=sys.stderr)
    sys.exit(2)
main(int(sys.argv[1]))
