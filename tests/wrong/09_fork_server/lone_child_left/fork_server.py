import os
import signal
import socket
import sys

children = []
SIGNALS = {signal.SIGCHLD, signal.SIGTERM}


def reap(*_):
    if len(children) < 2:
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    for pid in list(children):
        if os.waitpid(pid, os.WNOHANG)[0]:
            children.remove(pid)
    signal.pthread_sigmask(signal.SIG_SETMASK, before)


def stop(*_):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.killpg(0, signal.SIGTERM)
    os._exit(0)


def child(conn):
    try:
        while data := conn.recv(4096):
            conn.sendall(data)
    except OSError:
        pass
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
    signal.signal(signal.SIGCHLD, reap)
    signal.signal(signal.SIGTERM, stop)
    while True:
        conn, _ = listener.accept()
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
            listener.close()
            child(conn)
        children.append(pid)
        conn.close()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)


if len(sys.argv) != 2 or not sys.argv[1].isdecimal() or not 0 < int(sys.argv[1]) < 65536:
    print("usage: fork_server.py PORT", file=sys.stderr)
    sys.exit(2)
main(int(sys.argv[1]))
