import os
import signal
import socket
import sys
import threading


def echo(conn):
    with conn:
        try:
            while data := conn.recv(4096):
                conn.sendall(data)
        except OSError:
            pass


def worker(channel):
    while True:
        _, fds, _, _ = socket.recv_fds(channel, 1, 1)
        if not fds:
            os._exit(0)
        conn = socket.socket(fileno=fds[0])
        threading.Thread(target=echo, args=(conn,), daemon=True).start()


def stop(*_):
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.killpg(0, signal.SIGTERM)


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
ours, theirs = socket.socketpair()
if os.fork() == 0:
    listener.close()
    ours.close()
    worker(theirs)
theirs.close()
listener.listen(128)
signal.signal(signal.SIGTERM, stop)
while True:
    conn, _ = listener.accept()
    socket.send_fds(ours, [b"c"], [conn.fileno()])
    conn.close()
