import os
import select
import signal
import socket
import sys


def open_socket(family, port):
    sock = socket.socket(family)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    sock.bind(("", port))
    sock.listen(128)
    sock.setblocking(False)
    return sock


def open_all(port):
    families = [socket.AF_INET] + [socket.AF_INET6] * socket.has_ipv6
    try:
        return [open_socket(family, port) for family in families]
    except OSError as error:
        print(f"bind error: {error.strerror}", file=sys.stderr)
        sys.exit(1)


def serve(connection):
    connection.setblocking(True)
    try:
        while data := connection.recv(4096):
            connection.sendall(data)
    except OSError:
        pass


def stop(number, frame):
    signal.signal(number, signal.SIG_DFL)
    os.killpg(0, number)


def main():
    if len(sys.argv) != 2 or not sys.argv[1].isdecimal() or not 0 < int(sys.argv[1]) < 65536:
        print("usage: fork_server.py PORT", file=sys.stderr)
        sys.exit(2)
    listeners = open_all(int(sys.argv[1]))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, stop)
    while True:
        for listener in select.select(listeners, [], [])[0]:
            try:
                connection = listener.accept()[0]
            except BlockingIOError:
                continue
            if os.fork() == 0:
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
                for other in listeners:
                    other.close()
                serve(connection)
                os._exit(0)
            connection.close()


main()
