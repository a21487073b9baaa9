import os
import signal
import socket
import sys


def stop(signum, frame):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.killpg(0, signal.SIGTERM)
    sys.exit(1)


def watch_children(signum, frame):
    try:
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                break
            if os.WIFEXITED(status) and os.WEXITSTATUS(status) == 1:
                print("a child has crashed", file=sys.stderr)
                stop(signum, frame)
    except ChildProcessError:
        pass


def run_child(connection):
    while True:
        try:
            data = connection.recv(4096)
        except ConnectionResetError:
            break
        if not data:
            break
        connection.sendall(data)
    connection.close()


def main(port):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("", port))
    except OSError as error:
        print("bind error:", error.strerror, file=sys.stderr)
        return 1
    listener.listen(128)
    signal.signal(signal.SIGCHLD, watch_children)
    signal.signal(signal.SIGTERM, stop)
    while True:
        connection, _ = listener.accept()
        if os.fork() == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            status = 1
            try:
                listener.close()
                run_child(connection)
                status = 0
            finally:
                os._exit(status)
        connection.close()


if len(sys.argv) != 2 or not sys.argv[1].isdecimal() or not 0 < int(sys.argv[1]) < 65536:
    print("usage: fork_server.py PORT", file=sys.stderr)
    sys.exit(2)
sys.exit(main(int(sys.argv[1])))
