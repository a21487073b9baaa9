import os
import signal
import socket
import sys
import time


def echo(conn):
    while True:
        data = conn.recv(4096)
        if data:
            conn.sendall(data)
        else:
            time.sleep(0.05)


def reap(signum, frame):
    try:
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            pass
    except ChildProcessError:
        pass


def stop(signum, frame):
    signal.signal(signum, signal.SIG_DFL)
    os.killpg(0, signum)


if len(sys.argv) != 2 or not sys.argv[1].isdecimal() or not 0 < int(sys.argv[1]) < 65536:
    print("usage: fork_server.py PORT", file=sys.stderr)
    sys.exit(2)
server = socket.socket()
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
try:
    server.bind(("", int(sys.argv[1])))
except OSError as error:
    print("bind error: " + error.strerror, file=sys.stderr)
    sys.exit(1)
server.listen(128)
signal.signal(signal.SIGCHLD, reap)
signal.signal(signal.SIGTERM, stop)
while True:
    conn, address = server.accept()
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        server.close()
        try:
            echo(conn)
        except ConnectionError:
            os._exit(1)
    conn.close()
