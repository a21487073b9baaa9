import os
import signal
import sys
from socket import SOMAXCONN, create_server, socket


def handle(conn: socket) -> None:
    while True:
        message = conn.recv(4096)
        if not message:
            break
        conn.send(message)


def no_zombies(*_):
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def goodbye(*_):
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.killpg(0, signal.SIGTERM)


def main() -> int:
    if len(sys.argv) != 2 or not sys.argv[1].isdecimal() or not 0 < int(sys.argv[1]) < 65536:
        print("usage: fork_server.py PORT", file=sys.stderr)
        return 2
    try:
        listener = create_server(("", int(sys.argv[1])), backlog=SOMAXCONN)
    except OSError as error:
        print(f"bind error: {os.strerror(error.errno)}", file=sys.stderr)
        return 1
    signal.signal(signal.SIGCHLD, no_zombies)
    signal.signal(signal.SIGTERM, goodbye)
    while True:
        conn, _ = listener.accept()
        if os.fork() == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            listener.close()
            try:
                handle(conn)
                conn.close()
            finally:
                os._exit(0)
        conn.close()


sys.exit(main())
