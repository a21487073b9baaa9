import errno
import os
import socket


def perr_exit(what, error):
    os.write(2, f"{what} error: {os.strerror(error.errno)}\n".encode())
    os._exit(1)


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
    code = sock.connect_ex(address)
    if code:
        perr_exit("connect", OSError(code, os.strerror(code)))


def Accept(sock):
    while True:
        try:
            conn, address = sock.accept()
            return (conn, address)
        except OSError as e:
            if e.errno not in (errno.EINTR, errno.ECONNABORTED):
                perr_exit("accept", e)


def Read(sock, n):
    while True:
        try:
            return os.read(sock.fileno(), n)
        except OSError as e:
            if e.errno != errno.EINTR:
                perr_exit("read", e)


def Write(sock, data):
    while True:
        try:
            return os.write(sock.fileno(), data)
        except OSError as e:
            if e.errno != errno.EINTR:
                perr_exit("write", e)


def Close(sock):
    try:
        os.close(sock.detach())
    except OSError as e:
        perr_exit("close", e)


def Readn(sock, n):
    data = b""
    while len(data) < n:
        more = Read(sock, n - len(data))
        if more == b"":
            break
        data += more
    return data


def Writen(sock, data):
    sent = 0
    while sent < len(data):
        sent += Write(sock, data[sent:])


def Readline(sock, maxlen):
    line = bytearray()
    for _ in range(maxlen):
        byte = Read(sock, 1)
        line += byte
        if byte in (b"", b"\n"):
            break
    return bytes(line)
