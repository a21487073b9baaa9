import os
import signal
import socket
import sys


def reap(*_):
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def stop(*_):
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.killpg(0, signal.SIGTERM)


def writer(conn, pipe):
    while data := os.read(pipe, 4096):
        conn.sendall(data)


def reader(conn, pipe):
    while data := conn.recv(4096):
        while data:
            data = data[os.write(pipe, data) :]


def serve(conn):
    read_end, write_end = os.pipe()
    try:
        if os.fork() == 0:
            os.close(write_end)
            writer(conn, read_end)
        else:
            os.close(read_end)
            reader(conn, write_end)
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
        return 1
    listener.listen(128)
    signal.signal(signal.SIGCHLD, reap)
    signal.signal(signal.SIGTERM, stop)
    while True:
        conn, _ = listener.accept()
        if os.fork() == 0:
            for number in (signal.SIGTERM, signal.SIGCHLD):
                signal.signal(number, signal.SIG_DFL)
            listener.close()
            serve(conn)
        conn.close()


if len(sys.argv) != 2 or not sys.argv[1].isdecimal() or not 0 < int(sys.argv[1]) < 65536:
    print("usage: fork_server.py PORT", file=sys.stderr)
    sys.exit(2)
sys.exit(main(int(sys.argv[1])))
