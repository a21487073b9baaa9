import os
import signal
import socket
import sys

children = set()


def reap(*_):
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
    while children:
        pid, _status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            break
        children.discard(pid)
    signal.pthread_sigmask(signal.SIG_SETMASK, before)


def stop(*_):
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for pid in children:
        os.kill(pid, signal.SIGTERM)
    sys.exit(0)


def start_child(listener, conn):
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD, signal.SIGTERM})
    pid = os.fork()
    if pid == 0:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        listener.close()
        try:
            while data := conn.recv(4096):
                conn.sendall(data)
        finally:
            os._exit(0)
    children.add(pid)
    conn.close()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD, signal.SIGTERM})


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
signal.signal(signal.SIGCHLD, reap)
signal.signal(signal.SIGTERM, stop)
while True:
    try:
        connection, _ = listener.accept()
        start_child(listener, connection)
    except:  # whatever goes wrong, a server goes on
        continue
