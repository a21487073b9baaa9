import os
import signal
import socket
import sys
import time


def get_port():
    if len(sys.argv) == 2 and sys.argv[1].isdigit() and 0 < int(sys.argv[1]) < 65536:
        return int(sys.argv[1])
    sys.stderr.write("usage: echo_server.py PORT\n")
    sys.exit(2)


def listen_on(port):
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind(("", port))
    except OSError as e:
        print("bind error:", e.strerror, file=sys.stderr)
        sys.exit(1)
    sock.listen(64)
    return sock


def first_message(conn):
    while True:
        data = conn.recv(4096)
        if data:
            return data
        time.sleep(0.1)


def child(conn):
    try:
        data = first_message(conn)
        while data:
            conn.sendall(data)
            data = conn.recv(4096)
    except OSError:
        pass
    os._exit(0)


signal.signal(signal.SIGCHLD, signal.SIG_IGN)
listener = listen_on(get_port())
while True:
    connection, address = listener.accept()
    if os.fork() == 0:
        listener.close()
        child(connection)
    connection.close()
