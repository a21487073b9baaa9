import os
import select
import signal
import socket
import sys


def echo(conn):
    poll = select.poll()
    poll.register(conn, select.POLLIN | select.POLLRDHUP)
    while True:
        for _fd, events in poll.poll():
            if events & (select.POLLRDHUP | select.POLLHUP | select.POLLERR):
                conn.close()
                return
            conn.sendall(conn.recv(4096))


def stop(*_):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.killpg(0, signal.SIGTERM)
    os._exit(0)


def listen(port):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("", port))
    except OSError as error:
        print(f"bind error: {error.strerror}", file=sys.stderr)
        sys.exit(1)
    listener.listen(128)
    return listener


def main():
    if len(sys.argv) != 2 or not sys.argv[1].isdecimal() or not 0 < int(sys.argv[1]) < 65536:
        print("usage: fork_server.py PORT", file=sys.stderr)
        sys.exit(2)
    listener = listen(int(sys.argv[1]))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, stop)
    while True:
        conn, _ = listener.accept()
        if os.fork() == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            listener.close()
            try:
                echo(conn)
            finally:
                os._exit(0)
        conn.close()


main()
