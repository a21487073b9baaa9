import os
import signal
import socket
import sys

if len(sys.argv) != 2 or not sys.argv[1].isdigit() or not 0 < int(sys.argv[1]) <= 65535:
    print("usage: fork_server.py PORT", file=sys.stderr)
    sys.exit(2)

listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("", int(sys.argv[1])))
listener.listen(128)


def reap(signum, frame):
    try:
        while os.waitpid(-1, os.WNOHANG)[0] > 0:
            pass
    except ChildProcessError:
        pass


def stop(signum, frame):
    signal.signal(signum, signal.SIG_IGN)
    os.killpg(0, signum)
    sys.exit(0)


signal.signal(signal.SIGCHLD, reap)
signal.signal(signal.SIGTERM, stop)
while True:
    conn, peer = listener.accept()
    if os.fork() == 0:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        listener.close()
        try:
            while chunk := conn.recv(4096):
                conn.sendall(chunk)
        except OSError:
            pass
        finally:
            os._exit(0)
    conn.close()
