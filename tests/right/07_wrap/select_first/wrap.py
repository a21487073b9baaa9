import os
import select
import socket
import sys

AGAIN = (InterruptedError, BlockingIOError)


def perr_exit(what, error):
    print(f"{what} error: {os.strerror(error.errno)}", file=sys.stderr)
    sys.exit(1)


def Socket(family, type, proto=0):
    try:
        return socket.socket(family, type, proto)
    except OSError as e:
        perr_exit("socket", e)


def Bind(sock, address):
    try:
        sock.bind(address)
    except OSError as e:
        perr_exit("bind", e)


def Listen(sock, backlog):
    try:
        sock.listen(backlog)
    except OSError as e:
        perr_exit("listen", e)


def Connect(sock, address):
    try:
        sock.connect(address)
    except OSError as e:
        perr_exit("connect", e)


def Accept(sock):
    while True:
        try:
            return sock.accept()
        except InterruptedError:
            continue
        except ConnectionAbortedError:
            continue
        except OSError as e:
            perr_exit("accept", e)


def wait(sock, event):
    poll = select.poll()
    poll.register(sock.fileno(), event)
    poll.poll()


def Read(sock, n):
    while True:
        try:
            if sock.fileno() >= 0:
                wait(sock, select.POLLIN)
            return sock.recv(n, socket.MSG_DONTWAIT)
        except AGAIN:
            continue
        except OSError as e:
            perr_exit("read", e)


def Write(sock, data):
    while True:
        try:
            if sock.fileno() >= 0:
                wait(sock, select.POLLOUT)
            return sock.send(data, socket.MSG_DONTWAIT)
        except AGAIN:
            continue
        except OSError as e:
            perr_exit("write", e)


def Readn(sock, n):
    if n == 0:
        return b""
    first = Read(sock, n)
    return first + Readn(sock, n - len(first)) if first else b""


def Writen(sock, data):
    while len(data) > 0:
        count = Write(sock, data)
        data = data[count:]


def Readline(sock, maxlen):
    line = []
    while len(line) < maxlen:
        byte = Read(sock, 1)
        if not byte:
            break
        line.append(byte)
        if byte == b"\n":
            break
    return b"".join(line)


def Close(sock):
    try:
        sock.close()
    except OSError as e:
        perr_exit("close", e)
