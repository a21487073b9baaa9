import os
import select
import signal
import socket
import sys


def has_data(conn):
    return bool(select.select([conn], [], [], 0.0002)[0])


def child(conn):
    while True:
        if not has_data(conn):
            continue
        data = conn.recv(4096)
        if not data:
            break
        conn.sendall(data)
    conn.close()


def stop(*_):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.killpg(0, signal.SIGTERM)
    sys.exit(0)


def bind(port):
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind(("", port))
    except OSError as error:
        print("bind error:", error.strerror, file=sys.stderr)
        sys.exit(1)
    sock.listen(128)
    return sock


if len(sys.argv) != 2 or not sys.argv[1].isdecimal() or not 0 < int(sys.argv[1]) < 65536:
    print("usage: fork_server.py PORT", file=sys.stderr)
    sys.exit(2)
listener = bind(int(sys.argv[1]))
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
signal.signal(signal.SIGTERM, stop)
while True:
    conn, _ = listener.accept()
    if os.fork() == 0:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        listener.close()
        try:
            child(conn)
        except OSError:
            pass
        os._exit(0)
    conn.close()
