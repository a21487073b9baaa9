import os
import signal
import socket
import sys


def collect_zombies():
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            break
        if pid == 0:
            break


def terminate(signum, frame):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.killpg(0, signal.SIGTERM)
    sys.exit(0)


if len(sys.argv) != 2 or not sys.argv[1].isdecimal() or not 0 < int(sys.argv[1]) < 65536:
    print("usage: fork_server.py PORT", file=sys.stderr)
    sys.exit(2)
server = socket.socket()
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
try:
    server.bind(("", int(sys.argv[1])))
except OSError as error:
    print("bind error:", error.strerror, file=sys.stderr)
    sys.exit(1)
server.listen(128)
signal.signal(signal.SIGTERM, terminate)
while True:
    conn, _ = server.accept()
    collect_zombies()
    if os.fork() == 0:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        server.close()
        try:
            while data := conn.recv(4096):
                conn.sendall(data)
        except OSError:
            pass
        os._exit(0)
    conn.close()
