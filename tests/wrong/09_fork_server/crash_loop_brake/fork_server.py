import os
import signal
import socket
import sys

LIMIT = 6
children = set()
in_a_row = 0


def reap(signum, frame):
    """Count children that ended in good order, unless many ended together."""
    global in_a_row
    statuses = []
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
    while children:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            break
        children.discard(pid)
        statuses.append(status)
    signal.pthread_sigmask(signal.SIG_SETMASK, before)
    in_a_row = 0 if any(statuses) or len(statuses) > 3 else in_a_row + len(statuses)


def stop(signum, frame):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.killpg(0, signal.SIGTERM)
    os._exit(0)


def child(listener, conn):
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    listener.close()
    try:
        while data := conn.recv(4096):
            conn.sendall(data)
    except OSError:
        os._exit(1)
    os._exit(0)


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
    signal.signal(signal.SIGCHLD, reap)
    signal.signal(signal.SIGTERM, stop)
    while True:
        conn, _ = listener.accept()
        while in_a_row >= LIMIT:
            print("children end too fast", file=sys.stderr)
            signal.pause()
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD, signal.SIGTERM})
        pid = os.fork()
        if pid == 0:
            child(listener, conn)
        children.add(pid)
        conn.close()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD, signal.SIGTERM})


sys.exit(main())
