import os
import select
import signal
import socket
import sys

orders = {}


def child(conn, order):
    """Echo until the client leaves or the parent's end of the pipe is closed."""
    while True:
        ready, _, _ = select.select([conn, order], [], [])
        if order in ready:
            break
        data = conn.recv(4096)
        if not data:
            break
        conn.sendall(data)
    conn.close()


def reap(signum, frame):
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def stop(signum, frame):
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.killpg(0, signal.SIGTERM)


def main():
    if len(sys.argv) != 2 or not sys.argv[1].isdecimal() or not 0 < int(sys.argv[1]) < 65536:
        print("usage: fork_server.py PORT", file=sys.stderr)
        return 2
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("", int(sys.argv[1])))
    except OSError as error:
        print("bind error:", error.strerror, file=sys.stderr)
        return 1
    listener.listen(128)
    signal.signal(signal.SIGCHLD, reap)
    signal.signal(signal.SIGTERM, stop)
    while True:
        conn, _ = listener.accept()
        order, give = os.pipe()
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            listener.close()
            os.close(give)
            try:
                child(conn, order)
            finally:
                os._exit(0)
        os.close(order)
        orders[pid] = give
        conn.close()


sys.exit(main())
