import os
import signal
import socket
import sys


def echo_child(listener, conn):
    listener.close()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        while data := conn.recv(4096):
            conn.sendall(data)
    except OSError as error:
        print("client lost:", error.strerror, file=sys.stderr)
    os._exit(0)


def shutdown(*_):
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.killpg(0, signal.SIGTERM)


def main(argv):
    try:
        port = int(argv[1])
    except (IndexError, ValueError):
        port = 0
    if not 0 < port < 65536:
        print("usage: fork_server.py PORT", file=sys.stderr)
        return 2
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("", port))
    except OSError as error:
        print("bind error:", error.strerror, file=sys.stderr)
        return 1
    listener.listen(128)
    signal.signal(signal.SIGTERM, shutdown)
    while True:
        conn, _ = listener.accept()
        if os.fork() == 0:
            echo_child(listener, conn)
        conn.close()


sys.exit(main(sys.argv))
