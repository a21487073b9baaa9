import os
import signal
import sys
from socket import AF_INET, SO_REUSEADDR, SOCK_STREAM, SOL_SOCKET, socket

HOST = "127.0.0.1"


def sigchld(sig, frame):
    try:
        while True:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                return
    except ChildProcessError:
        return


def sigterm(sig, frame):
    signal.signal(sig, signal.SIG_DFL)
    os.killpg(0, sig)


def main(port):
    with socket(AF_INET, SOCK_STREAM) as s:
        s.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
        try:
            s.bind((HOST, port))
        except OSError as e:
            print(f"bind error: {e.strerror}", file=sys.stderr)
            sys.exit(1)
        s.listen(100)
        signal.signal(signal.SIGCHLD, sigchld)
        signal.signal(signal.SIGTERM, sigterm)
        while True:
            conn, addr = s.accept()
            with conn:
                if os.fork() != 0:
                    continue
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
                s.close()
                try:
                    while data := conn.recv(1024):
                        conn.sendall(data)
                except OSError:
                    pass
                os._exit(0)


if len(sys.argv) == 2 and sys.argv[1].isdigit() and 1 <= int(sys.argv[1]) <= 65535:
    main(int(sys.argv[1]))
else:
    print("usage: fork_server.py PORT", file=sys.stderr)
    sys.exit(2)
