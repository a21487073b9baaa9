import os
import signal
import socket
import sys


def listen(port):
    if socket.has_dualstack_ipv6():
        listener = socket.socket(socket.AF_INET6)
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        address = "::"
    else:
        listener = socket.socket()
        address = ""
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((address, port))
    listener.listen(128)
    return listener


def child(connection):
    try:
        while True:
            data = connection.recv(65536)
            if not data:
                return
            connection.sendall(data)
    except OSError as error:
        print(error, file=sys.stderr)


def reap(*_):
    try:
        while os.waitpid(-1, os.WNOHANG)[0] > 0:
            pass
    except ChildProcessError:
        pass


def quit_all(*_):
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.killpg(os.getpgid(0), signal.SIGTERM)


def main():
    try:
        port = int(sys.argv[1])
        if not 1 <= port <= 65535 or len(sys.argv) > 2:
            raise ValueError
    except (IndexError, ValueError):
        print("usage: fork_server.py PORT", file=sys.stderr)
        return 2
    try:
        listener = listen(port)
    except OSError as error:
        print(f"bind error: {error.strerror}", file=sys.stderr)
        return 1
    signal.signal(signal.SIGCHLD, reap)
    signal.signal(signal.SIGTERM, quit_all)
    while True:
        connection, _ = listener.accept()
        if os.fork() == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            listener.close()
            child(connection)
            os._exit(0)
        connection.close()


sys.exit(main())
