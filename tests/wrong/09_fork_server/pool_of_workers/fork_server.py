import os
import signal
import socket
import sys

WORKERS = 24


def serve_forever(listener):
    while True:
        conn, _ = listener.accept()
        with conn:
            try:
                while data := conn.recv(4096):
                    conn.sendall(data)
            except OSError as error:
                print(error, file=sys.stderr)


class Pool:
    def __init__(self, listener):
        self.pids = [self.start(listener) for _ in range(WORKERS)]
        signal.signal(signal.SIGTERM, self.stop)

    def start(self, listener):
        pid = os.fork()
        if pid == 0:
            try:
                serve_forever(listener)
            finally:
                os._exit(0)
        return pid

    def stop(self, *_):
        for pid in self.pids:
            os.kill(pid, signal.SIGKILL)
        sys.exit(0)


def main():
    if len(sys.argv) != 2 or not sys.argv[1].isdecimal() or not 0 < int(sys.argv[1]) < 65536:
        print("usage: fork_server.py PORT", file=sys.stderr)
        sys.exit(2)
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("", int(sys.argv[1])))
    except OSError as error:
        print("bind error:", error.strerror, file=sys.stderr)
        sys.exit(1)
    listener.listen(128)
    Pool(listener)
    while True:
        signal.pause()


main()
