import mmap
import os
import select
import signal
import socket
import sys

arena = mmap.mmap(-1, 1 << 16)  # one for all: fork does not copy shared memory
SMALL = 64


def collect(conn, first):
    """Put a message in the arena, with what follows it within a few milliseconds."""
    size = len(first)
    arena[:size] = first
    while size < len(arena) and select.select([conn], [], [], 0.005)[0]:
        count = conn.recv_into(memoryview(arena)[size:])
        if count == 0:
            break
        size += count
    return memoryview(arena)[:size]


def echo(conn):
    while data := conn.recv(4096):
        conn.sendall(data if len(data) <= SMALL else collect(conn, data))


def stop(*_):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.killpg(0, signal.SIGTERM)
    os._exit(0)


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
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
signal.signal(signal.SIGTERM, stop)
while True:
    conn, _ = listener.accept()
    if os.fork() == 0:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        listener.close()
        try:
            echo(conn)
        finally:
            os._exit(0)
    conn.close()
