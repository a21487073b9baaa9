import os
import signal
import socket
import sys
import time


def reap():
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def stop(*_):
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.killpg(0, signal.SIGTERM)


def serve(conn):
    conn.setblocking(True)
    try:
        while data := conn.recv(4096):
            conn.sendall(data)
    except OSError:
        pass
    os._exit(0)


def main():
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
    listener.setblocking(False)
    signal.signal(signal.SIGTERM, stop)
    while True:
        reap()
        try:
            conn, _ = listener.accept()
        except BlockingIOError:
            time.sleep(0.0001)
            continue
        if os.fork() == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            listener.close()
            serve(conn)
        conn.close()


main()
