import os
import signal
import socket
import sys

BUFFER = 8 * 1024 * 1024

if len(sys.argv) != 2 or not sys.argv[1].isdecimal() or not 0 < int(sys.argv[1]) < 65536:
    print("usage: fork_server.py PORT", file=sys.stderr)
    sys.exit(2)


def reap(*_):
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def stop(*_):
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.killpg(0, signal.SIGTERM)


s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
try:
    s.bind(("", int(sys.argv[1])))
except OSError as e:
    print(f"bind error: {e.strerror}", file=sys.stderr)
    sys.exit(1)
s.listen(128)
signal.signal(signal.SIGCHLD, reap)
signal.signal(signal.SIGTERM, stop)
while True:
    c, _ = s.accept()
    if os.fork() == 0:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        s.close()
        try:
            data = c.recv(BUFFER)
            while data:
                c.send(data)
                data = c.recv(BUFFER)
        except OSError:
            pass
        os._exit(0)
    c.close()
