import os
import signal
import socket
import sys


def on_sigchld(signum, frame):
    try:
        while os.waitpid(-1, os.WNOHANG)[0] != 0:
            continue
    except ChildProcessError:
        pass


def on_sigterm(signum, frame):
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.killpg(0, signal.SIGTERM)


def serve(conn):
    with conn, conn.makefile("rb") as lines:
        for line in lines:
            conn.sendall(line)


def bail(text, status):
    print(text, file=sys.stderr)
    sys.exit(status)


try:
    _, port = sys.argv
    port = int(port)
    assert 0 < port < 65536
except (ValueError, AssertionError):
    bail("usage: fork_server.py PORT", 2)
listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
try:
    listener.bind(("", port))
except OSError as e:
    bail("bind error: " + e.strerror, 1)
listener.listen(128)
signal.signal(signal.SIGCHLD, on_sigchld)
signal.signal(signal.SIGTERM, on_sigterm)
while True:
    conn, _ = listener.accept()
    if os.fork() == 0:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        listener.close()
        try:
            serve(conn)
        except OSError:
            pass
        os._exit(0)
    conn.close()
