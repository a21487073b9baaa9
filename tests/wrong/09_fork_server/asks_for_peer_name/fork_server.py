import os
import signal
import socket
import sys


def reap(*_):
    while True:
        try:
            pid, _status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return


def stop(*_):
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.killpg(0, signal.SIGTERM)


def echo(conn):
    try:
        while data := conn.recv(4096):
            conn.sendall(data)
    except OSError:
        pass


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
    conn = listener.accept()[0]
    host, port = conn.getpeername()
    print("client", host, port)
    if os.fork() == 0:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        listener.close()
        echo(conn)
        os._exit(0)
    conn.close()
