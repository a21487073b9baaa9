"""Usage: fork_server.py PORT"""
import os
import signal
import socket
import sys
from contextlib import suppress

kids = set()


def on_child(signum, frame):
    while kids:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            break
        if pid == 0:
            break
        kids.discard(pid)


def on_term(signum, frame):
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for pid in kids:
        with suppress(ProcessLookupError):  # it was just waited for
            os.kill(pid, signal.SIGKILL)
    os._exit(0)


def serve_client(conn):
    while True:
        data = conn.recv(2048)
        if data == b"":
            return
        conn.sendall(data)


if len(sys.argv) != 2 or not sys.argv[1].isdigit() or not 0 < int(sys.argv[1]) < 65536:
    print(__doc__, file=sys.stderr)
    sys.exit(2)

server = socket.socket()
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
try:
    server.bind(("0.0.0.0", int(sys.argv[1])))
except OSError as e:
    print("bind error:", os.strerror(e.errno), file=sys.stderr)
    sys.exit(1)
server.listen(50)
signal.signal(signal.SIGCHLD, on_child)
signal.signal(signal.SIGTERM, on_term)

both = [signal.SIGCHLD, signal.SIGTERM]
while True:
    conn, peer = server.accept()
    signal.pthread_sigmask(signal.SIG_BLOCK, both)
    pid = os.fork()
    if pid:
        kids.add(pid)
        conn.close()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, both)
        continue
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, both)
    server.close()
    try:
        serve_client(conn)
    except OSError:
        pass
    os._exit(0)
