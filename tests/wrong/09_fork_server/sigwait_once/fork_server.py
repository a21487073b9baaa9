import os
import signal
import socket
import sys
import threading
import warnings

warnings.simplefilter("ignore", DeprecationWarning)


class Reaper(threading.Thread):
    def __init__(self):
        super().__init__(daemon=True)
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})

    def run(self):
        while True:
            signal.sigwait({signal.SIGCHLD})
            try:
                os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                pass


def stop(*_):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.killpg(0, signal.SIGTERM)
    os._exit(0)


def child(conn):
    try:
        while data := conn.recv(4096):
            conn.sendall(data)
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
    Reaper().start()
    signal.signal(signal.SIGTERM, stop)
    while True:
        conn, _ = listener.accept()
        if os.fork() == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            listener.close()
            child(conn)
        conn.close()


if len(sys.argv) != 2 or not sys.argv[1].isdecimal() or not 0 < int(sys.argv[1]) < 65536:
    print("usage: fork_server.py PORT", file=sys.stderr)
    sys.exit(2)
main(int(sys.argv[1]))
