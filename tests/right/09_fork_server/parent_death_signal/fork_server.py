import ctypes
import os
import signal
import socket
import sys

PR_SET_PDEATHSIG = 1
libc = ctypes.CDLL(None, use_errno=True)


def usage_error():
    print("usage: fork_server.py PORT", file=sys.stderr)
    raise SystemExit(2)


def child(parent, listener, connection):
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        return  # it died before we asked
    listener.close()
    try:
        while data := connection.recv(1024):
            connection.sendall(data)
    except OSError as error:
        print(error, file=sys.stderr)


if len(sys.argv) != 2:
    usage_error()
try:
    port = int(sys.argv[1])
except ValueError:
    usage_error()
if port <= 0 or port >= 65536:
    usage_error()

parent = os.getpid()
listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
try:
    listener.bind(("", port))
except OSError as error:
    print(f"bind error: {error.strerror}", file=sys.stderr)
    raise SystemExit(1)
listener.listen()
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
while True:
    connection, _ = listener.accept()
    if os.fork() == 0:
        try:
            child(parent, listener, connection)
        finally:
            os._exit(0)
    connection.close()
