import os
import signal
import socket
import sys


def stop(signum, frame):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.killpg(0, signal.SIGTERM)
    os._exit(0)


def echo(conn):
    with conn:
        while True:
            data = conn.recv(2048)
            if not data:
                return
            conn.sendall(data)


def parse_port():
    if len(sys.argv) == 2:
        try:
            port = int(sys.argv[1])
        except ValueError:
            port = 0
        if 0 < port < 65536:
            return port
    print("Usage: python fork_server.py PORT", file=sys.stderr)
    sys.exit(2)


port = parse_port()
listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
try:
    listener.bind(("0.0.0.0", port))
    listener.listen(128)
except OSError as e:
    print("bind error:", e.strerror, file=sys.stderr)
    sys.exit(1)
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
signal.signal(signal.SIGTERM, stop)
while True:
    conn, addr = listener.accept()
    pid = os.fork()
    if pid == 0:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        listener.close()
        try:
            echo(conn)
        except OSError:
            os._exit(1)
        os._exit(0)
    else:
        conn.close()
