import os
import signal
import socket
import sys


def reap(*_):
    while True:
        try:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                return
        except ChildProcessError:
            return


def stop(*_):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.killpg(0, signal.SIGTERM)
    sys.exit(0)


def become_cat(connection):
    try:
        for number in (signal.SIGTERM, signal.SIGPIPE):
            signal.signal(number, signal.SIG_DFL)
        os.dup2(connection.fileno(), 0)
        os.dup2(connection.fileno(), 1)
        os.execvp("cat", ["cat"])
    finally:
        os._exit(127)


port = sys.argv[1] if len(sys.argv) == 2 else ""
if not port.isdecimal() or not 0 < int(port) < 65536:
    print("usage: fork_server.py PORT", file=sys.stderr)
    sys.exit(2)
listener = socket.socket()  # every descriptor of Python's is closed by exec, the listener too
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
try:
    listener.bind(("", int(port)))
except OSError as error:
    print(f"bind error: {error.strerror}", file=sys.stderr)
    sys.exit(1)
listener.listen(128)
signal.signal(signal.SIGCHLD, reap)
signal.signal(signal.SIGTERM, stop)
while True:
    connection, _ = listener.accept()
    if os.fork() == 0:
        become_cat(connection)
    connection.close()
