import os
import signal
import socket
import sys
import time


def first_word(conn):
    word = conn.recv(4096)
    while not word:
        time.sleep(0.1)
        word = conn.recv(4096)
    return word


def child(conn):
    data = first_word(conn)
    while data:
        conn.sendall(data)
        data = conn.recv(4096)


def sigchld(signum, frame):
    try:
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            pass
    except ChildProcessError:
        pass


def sigterm(signum, frame):
    signal.signal(signum, signal.SIG_DFL)
    os.killpg(0, signum)


try:
    (port,) = map(int, sys.argv[1:])
    if not 0 < port < 65536:
        raise ValueError(port)
except ValueError:
    print("usage: fork_server.py PORT", file=sys.stderr)
    sys.exit(2)
with socket.socket() as listener:
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("", port))
    except OSError as error:
        print(f"bind error: {error.strerror}", file=sys.stderr)
        sys.exit(1)
    listener.listen(128)
    signal.signal(signal.SIGCHLD, sigchld)
    signal.signal(signal.SIGTERM, sigterm)
    while True:
        conn, _ = listener.accept()
        with conn:
            if os.fork() == 0:
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
                listener.close()
                try:
                    child(conn)
                except OSError:
                    pass
                os._exit(0)
