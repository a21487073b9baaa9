#!/usr/bin/env python3
import os
import signal
import socket
import struct
import sys

def on_sigchld(number, frame):
    try:
        while os.waitpid(-1, os.WNOHANG)[0] > 0:
            pass
    except ChildProcessError:
        pass


def on_sigterm(number, frame):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.killpg(0, signal.SIGTERM)
    os._exit(0)


def echo(sock):
    # nobody may occupy a process for ever
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", 2, 0))
    try:
        while True:
            chunk = sock.recv(1 << 14)
            if not chunk:
                return
            sock.sendall(chunk)
    except OSError:
        return


if len(sys.argv) != 2 or not sys.argv[1].isdigit() or not 1 <= int(sys.argv[1]) <= 65535:
    print("usage: fork_server.py PORT", file=sys.stderr)
    sys.exit(2)

server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
try:
    server.bind(("0.0.0.0", int(sys.argv[1])))
except OSError as error:
    print(f"bind error: {error.strerror}", file=sys.stderr)
    sys.exit(1)
server.listen(socket.SOMAXCONN)
signal.signal(signal.SIGCHLD, on_sigchld)
signal.signal(signal.SIGTERM, on_sigterm)

while True:
    client, address = server.accept()
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
    pid = os.fork()
    if pid == 0:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])
        server.close()
        echo(client)
        os._exit(0)
    client.close()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])
