"""str_cli with fork: the child sends, the parent prints."""

import os
import signal
import socket
import sys


def main():
    if len(sys.argv) != 3:
        return usage()
    try:
        port = int(sys.argv[2])
    except ValueError:
        return usage()
    if port < 1 or port > 65535:
        return usage()
    s = socket.socket()
    try:
        s.connect((sys.argv[1], port))
    except OSError as e:
        print("connect error:", e.strerror, file=sys.stderr)
        return 1
    pid = os.fork()
    if pid == 0:
        try:
            while data := sys.stdin.buffer.read1():
                s.sendall(data)
            s.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        os._exit(0)
    try:
        while data := s.recv(8192):
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
    except OSError as e:
        print("recv error:", e.strerror, file=sys.stderr)
    os.kill(pid, signal.SIGTERM)
    os.waitpid(pid, 0)
    return 0


def usage():
    print("usage: echo_client.py HOST PORT", file=sys.stderr)
    return 2


sys.exit(main())
