import os
import signal
import socket
import sys


def handle_client(sock):
    try:
        while True:
            message = sock.recv(1024).decode("utf-8", errors="ignore")
            if message == "":
                break
            sock.sendall(message.encode("utf-8"))
    except OSError as err:
        print("lost client:", err, file=sys.stderr)
    finally:
        sock.close()


def terminate(signum, frame):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.killpg(os.getpgrp(), signal.SIGTERM)
    os._exit(0)


def start(port):
    server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        server.bind(("", port))
    except OSError as err:
        print(f"bind error: {err.strerror}", file=sys.stderr)
        sys.exit(1)
    server.listen(128)
    return server


if __name__ == "__main__":
    if len(sys.argv) != 2 or not sys.argv[1].isdigit() or not 1 <= int(sys.argv[1]) <= 65535:
        print("Usage: fork_server.py PORT", file=sys.stderr)
        sys.exit(2)
    server = start(int(sys.argv[1]))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, terminate)
    while True:
        sock, addr = server.accept()
        if not os.fork():
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            server.close()
            handle_client(sock)
            os._exit(0)
        sock.close()
