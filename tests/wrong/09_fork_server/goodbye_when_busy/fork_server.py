import os
import signal
import socket
import sys

BUSY = 15
children = set()
SIGNALS = [signal.SIGCHLD, signal.SIGTERM]


def reap(*_):
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    while children:
        pid, _status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            break
        children.discard(pid)
    signal.pthread_sigmask(signal.SIG_SETMASK, before)


def stop(*_):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.killpg(0, signal.SIGTERM)
    os._exit(0)


def serve(conn, messages):
    while messages != 0:
        data = conn.recv(4096)
        if not data:
            break
        conn.sendall(data)
        messages -= 1


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
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
            listener.close()
            try:
                serve(conn, 1 if len(children) >= BUSY else -1)
            finally:
                os._exit(0)
        children.add(pid)
        conn.close()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)


if len(sys.argv) != 2 or not sys.argv[1].isdecimal() or not 0 < int(sys.argv[1]) < 65536:
    print("usage: fork_server.py PORT", file=sys.stderr)
    sys.exit(2)
sys.exit(main(int(sys.argv[1])))
