import os
import signal
import socket
import sys


def reap(*_):
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def stop(*_):
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.killpg(0, signal.SIGTERM)


def wants_something(conn):
    try:
        return conn.recv(1, socket.MSG_PEEK) != b""
    except OSError:
        return False


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
        if wants_something(conn) and os.fork() == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            listener.close()
            child(conn)
        conn.close()


if len(sys.argv) == 2 and sys.argv[1].isdecimal() and 0 < int(sys.argv[1]) < 65536:
    main(int(sys.argv[1]))
print("usage: fork_server.py PORT", file=sys.stderr)
sys.exit(2)
