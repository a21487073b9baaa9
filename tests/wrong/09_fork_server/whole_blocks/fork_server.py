import os
import signal
import socket
import sys

BLOCK = 4096


def echo(conn):
    pending = b""
    while True:
        data = conn.recv(BLOCK)
        if not data:
            break
        pending += data
        if pending.isascii() and pending.endswith(b"\n"):
            ready = len(pending)
        else:
            ready = len(pending) // BLOCK * BLOCK
        conn.sendall(pending[:ready])
        pending = pending[ready:]
    conn.sendall(pending)


def on_child(*_):
    while True:
        try:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                break
        except ChildProcessError:
            break


def on_term(*_):
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.killpg(0, signal.SIGTERM)


def main(args):
    if len(args) != 1 or not args[0].isdigit() or int(args[0]) not in range(1, 65536):
        print("usage: fork_server.py PORT", file=sys.stderr)
        return 2
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("", int(args[0])))
        except OSError as error:
            print(f"bind error: {error.strerror}", file=sys.stderr)
            return 1
        listener.listen(128)
        signal.signal(signal.SIGCHLD, on_child)
        signal.signal(signal.SIGTERM, on_term)
        while True:
            conn, _ = listener.accept()
            if os.fork() == 0:
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
                listener.close()
                try:
                    echo(conn)
                    conn.close()
                finally:
                    os._exit(0)
            conn.close()


sys.exit(main(sys.argv[1:]))
