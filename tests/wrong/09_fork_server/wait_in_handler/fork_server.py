import os
import signal
import socket
import sys


def on_sigchld(signum, frame):
    try:
        while True:
            os.wait()
    except ChildProcessError:
        pass


def on_sigterm(signum, frame):
    signal.signal(signum, signal.SIG_DFL)
    os.killpg(0, signum)


def main():
    if len(sys.argv) != 2 or not sys.argv[1].isdecimal() or not 0 < int(sys.argv[1]) < 65536:
        print("usage: fork_server.py PORT", file=sys.stderr)
        return 2
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("", int(sys.argv[1])))
    except OSError as error:
        print("bind error:", error.strerror, file=sys.stderr)
        return 1
    listener.listen(128)
    signal.signal(signal.SIGCHLD, on_sigchld)
    signal.signal(signal.SIGTERM, on_sigterm)
    while True:
        conn, _ = listener.accept()
        if os.fork() == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            listener.close()
            try:
                while data := conn.recv(4096):
                    conn.sendall(data)
            except OSError:
                pass
            os._exit(0)
        conn.close()


sys.exit(main())
