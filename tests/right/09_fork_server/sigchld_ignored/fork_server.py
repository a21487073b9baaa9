import os
import signal
import sys
from socket import SO_REUSEADDR, SOL_SOCKET, socket


def usage():
    sys.stderr.write("usage: %s PORT\n" % os.path.basename(sys.argv[0]))
    sys.exit(2)


def stop(*_):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.killpg(os.getpgrp(), signal.SIGTERM)
    os._exit(0)


def child(s, c):
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    s.close()
    try:
        buf = c.recv(8192)
        while buf:
            c.sendall(buf)
            buf = c.recv(8192)
    except ConnectionError as e:
        print("client is gone:", e, file=sys.stderr)
    finally:
        c.close()
        os._exit(0)


def main():
    if len(sys.argv) != 2:
        usage()
    try:
        port = int(sys.argv[1])
    except ValueError:
        usage()
    if port not in range(1, 65536):
        usage()
    s = socket()
    s.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
    try:
        s.bind(("", port))
    except OSError as e:
        sys.stderr.write("bind error: %s\n" % e.strerror)
        sys.exit(1)
    s.listen(64)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, stop)
    while True:
        c, _ = s.accept()
        if os.fork() == 0:
            child(s, c)
        c.close()


main()
