import os
import select
import signal
import socket
import sys

read_end, write_end = os.pipe()


def child_ended(*_):
    os.write(write_end, b"x")


def stop(*_):
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.killpg(0, signal.SIGTERM)


def spawn(listener):
    conn, _ = listener.accept()
    if os.fork() > 0:
        conn.close()
        return
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    for fd in (listener.detach(), read_end, write_end):
        os.close(fd)
    try:
        while data := conn.recv(4096):
            conn.sendall(data)
    except OSError:
        pass
    os._exit(0)


def main(port):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("", port))
    except OSError as error:
        print("bind error:", error.strerror, file=sys.stderr)
        sys.exit(1)
    listener.listen(128)
    signal.signal(signal.SIGCHLD, child_ended)
    signal.signal(signal.SIGTERM, stop)
    while True:
        ready, _, _ = select.select([listener, read_end], [], [])
        if read_end in ready:
            os.read(read_end, 1)
            os.waitpid(-1, os.WNOHANG)
        if listener in ready:
            spawn(listener)


if len(sys.argv) != 2 or not sys.argv[1].isdecimal() or not 0 < int(sys.argv[1]) < 65536:
    print("usage: fork_server.py PORT", file=sys.stderr)
    sys.exit(2)
main(int(sys.argv[1]))
