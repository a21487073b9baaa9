import os
import signal
import socket
import sys

connections = {}
SIGNALS = {signal.SIGCHLD, signal.SIGTERM}


def on_child(*_):
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    while connections:
        pid, _status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            break
        connections.pop(pid).close()
    signal.pthread_sigmask(signal.SIG_SETMASK, before)


def on_term(*_):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.killpg(0, signal.SIGTERM)
    os._exit(0)


def child(listener, conn):
    for number in SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    listener.close()
    for other in connections.values():
        other.close()
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
        return 1
    listener.listen(128)
    signal.signal(signal.SIGCHLD, on_child)
    signal.signal(signal.SIGTERM, on_term)
    while True:
        conn, _ = listener.accept()
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        pid = os.fork()
        if pid == 0:
            child(listener, conn)
        connections[pid] = conn
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)


if len(sys.argv) != 2 or not sys.argv[1].isdecimal() or not 0 < int(sys.argv[1]) < 65536:
    print("usage: fork_server.py PORT", file=sys.stderr)
    sys.exit(2)
sys.exit(main(int(sys.argv[1])))
