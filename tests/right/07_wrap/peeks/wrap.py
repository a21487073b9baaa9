import errno
import os
import socket
import sys


def perr_exit(what, error):
    sys.stderr.write("{} error: {}\n".format(what, os.strerror(error.errno)))
    raise SystemExit(1)


class trying:
    def __init__(self, what, again=()):
        self.what, self.again, self.more = what, again, True

    def __iter__(self):
        while self.more:
            yield self

    def __enter__(self):
        return self

    def __exit__(self, kind, error, _trace):
        if kind is None:
            self.more = False
            return False
        if issubclass(kind, OSError):
            if error.errno in self.again:
                return True
            perr_exit(self.what, error)
        return False


def Socket(family, type, proto=0):
    for t in trying("socket"):
        with t:
            return socket.socket(family, type, proto)


def Bind(sock, address):
    for t in trying("bind"):
        with t:
            sock.bind(address)


def Listen(sock, backlog):
    for t in trying("listen"):
        with t:
            sock.listen(backlog)


def Accept(sock):
    for t in trying("accept", (errno.EINTR, errno.ECONNABORTED)):
        with t:
            return sock.accept()


def Connect(sock, address):
    for t in trying("connect"):
        with t:
            sock.connect(address)


def Close(sock):
    for t in trying("close"):
        with t:
            sock.close()


def receive(sock, n, flags=0):
    for t in trying("read", (errno.EINTR,)):
        with t:
            return sock.recv(n, flags)


def Read(sock, n):
    return receive(sock, n)


def Write(sock, data):
    for t in trying("write", (errno.EINTR,)):
        with t:
            return sock.send(data)


def Writen(sock, data):
    view = memoryview(data)
    while view:
        view = view[Write(sock, view):]


def Readn(sock, n):
    if n == 0:
        return b""
    data = receive(sock, n)
    return data + Readn(sock, n - len(data)) if data else data


def Readline(sock, maxlen):
    line = b""
    while len(line) < maxlen and not line.endswith(b"\n"):
        ahead = receive(sock, maxlen - len(line), socket.MSG_PEEK)
        if not ahead:
            break
        line += Readn(sock, ahead.find(b"\n") + 1 or len(ahead))
    return line
