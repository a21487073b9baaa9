import os
import signal
import socket
import sys


def stop(number, frame):
    signal.signal(number, signal.SIG_DFL)
    os.killpg(0, number)


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
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
signal.signal(signal.SIGTERM, stop)
while True:
    conn, addr = listener.accept()
    if os.fork() == 0:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        listener.close()
        while True:
            data = conn.recv(1024)
            if not data:
                break
            conn.sendall(data.upper())
        conn.close()
        os._exit(0)
    conn.close()
