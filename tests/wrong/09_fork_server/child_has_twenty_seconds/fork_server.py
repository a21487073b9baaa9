import os
import signal
import socket
import struct
import sys

children = set()
OURS = [signal.SIGCHLD, signal.SIGTERM, signal.SIGINT]


def reap(*_):
    for pid in list(children):
        if os.waitpid(pid, os.WNOHANG)[0]:
            children.discard(pid)


def stop(*_):
    signal.pthread_sigmask(signal.SIG_BLOCK, OURS)
    for pid in children:
        os.kill(pid, signal.SIGTERM)
    sys.exit(0)


def main():
    try:
        (port,) = map(int, sys.argv[1:])
        if not 1 <= port <= 65535:
            raise ValueError(port)
    except ValueError:
        print("usage: fork_server.py PORT", file=sys.stderr)
        sys.exit(2)
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("", port))
    except OSError as error:
        print("bind error:", error.strerror, file=sys.stderr)
        sys.exit(1)
    listener.listen(64)
    signal.signal(signal.SIGCHLD, reap)
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while True:
        conn, _peer = listener.accept()
        signal.pthread_sigmask(signal.SIG_BLOCK, OURS)
        pid = os.fork()
        if pid == 0:
            for number in OURS:
                signal.signal(number, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, OURS)
            listener.close()
            try:
                serve(conn)
            finally:
                os._exit(0)
        children.add(pid)
        conn.close()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, OURS)


def serve(conn):
    conn.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", 20, 0))
    while True:
        data = conn.recv(4096)
        if not data:
            return
        conn.sendall(data)


main()
