import os
import signal
import socket
import sys

USAGE = "usage: fork_server.py PORT"


def arguments():
    if len(sys.argv) != 2:
        sys.exit(USAGE)
    try:
        port = int(sys.argv[1])
    except ValueError:
        sys.exit(USAGE)
    if not 0 < port < 65536:
        sys.exit(USAGE)
    return port


def stop(signum, frame):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.killpg(0, signal.SIGTERM)
    os._exit(0)


port = arguments()
sock = socket.socket()
sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
try:
    sock.bind(("", port))
except OSError as e:
    sys.exit("bind error: " + e.strerror)
sock.listen(128)
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
signal.signal(signal.SIGTERM, stop)
while True:
    conn, addr = sock.accept()
    if os.fork():
        conn.close()
    else:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        sock.close()
        try:
            data = conn.recv(1000)
            while data:
                conn.sendall(data)
                data = conn.recv(1000)
        except OSError:
            pass
        os._exit(0)
