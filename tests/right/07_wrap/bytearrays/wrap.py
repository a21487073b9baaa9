import contextlib
import socket as s
import sys


def perr_exit(what, error):
    print(f"{what} error: {error.strerror}", file=sys.stderr)
    sys.exit(1)


@contextlib.contextmanager
def or_exit(what):
    try:
        yield
    except OSError as error:
        perr_exit(what, error)


def Socket(family, type, proto=0):
    with or_exit("socket"):
        return s.socket(family, type, proto)


def Bind(sock, address):
    with or_exit("bind"):
        sock.bind(address)


def Listen(sock, backlog):
    with or_exit("listen"):
        sock.listen(backlog)


def Connect(sock, address):
    with or_exit("connect"):
        sock.connect(address)


def Accept(sock):
    with or_exit("accept"):
        while True:
            with contextlib.suppress(InterruptedError, ConnectionAbortedError):
                return sock.accept()


def Read(sock, n):
    buffer = bytearray(n)
    with or_exit("read"):
        while True:
            with contextlib.suppress(InterruptedError):
                del buffer[sock.recv_into(buffer) :]
                return buffer


def Write(sock, data):
    with or_exit("write"):
        while True:
            with contextlib.suppress(InterruptedError):
                return sock.send(data)


def Readn(sock, n):
    data = bytearray()
    while len(data) < n and (more := Read(sock, n - len(data))):
        data += more
    return data


def Writen(sock, data):
    data = bytearray(data)
    while data:
        del data[: Write(sock, data)]


def Readline(sock, maxlen):
    line = bytearray()
    while len(line) < maxlen and line[-1:] != b"\n" and (byte := Read(sock, 1)):
        line += byte
    return line


def Close(sock):
    with or_exit("close"):
        sock.close()
