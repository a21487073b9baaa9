import os
import select
import signal
import socket
import sys

lifeline, held_by_parent = os.pipe()


def echo(conn):
    while True:
        ready, _, _ = select.select([conn, lifeline], [], [])
        if lifeline in ready:
            break
        data = conn.recv(4096)
        if not data:
            break
        conn.sendall(data)


def main(port):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("", port))
    except OSError as error:
        print("bind error:", error.strerror, file=sys.stderr)
        sys.exit(1)
    listener.listen(128)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        conn, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            os.close(held_by_parent)
            try:
                echo(conn)
            finally:
                os._exit(0)
        conn.close()


if len(sys.argv) != 2 or not sys.argv[1].isdecimal() or not 0 < int(sys.argv[1]) < 65536:
    print("usage: fork_server.py PORT", file=sys.stderr)
    sys.exit(2)
main(int(sys.argv[1]))
