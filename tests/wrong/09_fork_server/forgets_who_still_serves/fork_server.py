#!/usr/bin/env python3
import os
import signal
import socket
import sys

children = set()


def reap(signum, frame):
    for pid in list(children):
        os.waitpid(pid, os.WNOHANG)
        children.discard(pid)


def stop(signum, frame):
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.killpg(0, signal.SIGTERM)
    os._exit(0)


def main():
    try:
        (argument,) = sys.argv[1:]
        port = int(argument)
        if not 1 <= port <= 65535:
            raise ValueError
    except ValueError:
        print("usage: fork_server.py PORT", file=sys.stderr)
        return 2
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("", port))
    except OSError as error:
        print("bind error:", error.strerror, file=sys.stderr)
        return 1
    listening.listen(128)
    signal.signal(signal.SIGCHLD, reap)
    signal.signal(signal.SIGTERM, stop)
    both = {signal.SIGCHLD, signal.SIGTERM}
    while True:
        connection, _ = listening.accept()
        signal.pthread_sigmask(signal.SIG_BLOCK, both)
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, both)
            listening.close()
            try:
                while data := connection.recv(8192):
                    connection.sendall(data)
            except OSError:
                pass
            os._exit(0)
        children.add(pid)
        connection.close()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, both)


sys.exit(main())
