import os
import signal
import socket
import sys


def get_port():
    if len(sys.argv) == 2 and sys.argv[1].isdecimal() and 0 < int(sys.argv[1]) < 65536:
        return int(sys.argv[1])
    print("usage: fork_server.py PORT", file=sys.stderr)
    sys.exit(2)


def get_listener(port):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("", port))
    except OSError as error:
        print("bind error:", error.strerror, file=sys.stderr)
        sys.exit(1)
    listener.listen(128)
    return listener


def serve(conn):
    try:
        while data := conn.recv(4096):
            conn.sendall(data)
    except OSError:
        pass
    os._exit(0)


listener = get_listener(get_port())
for number in (signal.SIGTERM, signal.SIGCHLD, signal.SIGHUP):
    signal.signal(number, signal.SIG_IGN)
while True:
    conn, _ = listener.accept()
    if os.fork() == 0:
        listener.close()
        serve(conn)
    conn.close()
