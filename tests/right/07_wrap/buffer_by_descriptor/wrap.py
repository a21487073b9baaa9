import errno
import socket
import sys

_pending = {}


def perr_exit(what, error):
    sys.stderr.write(f"{what} error: {error.strerror}\n")
    sys.stderr.flush()
    sys.exit(1)


def Socket(family, type, proto=0):
    try:
        sock = socket.socket(family, type, proto)
    except OSError as err:
        perr_exit("socket", err)
    else:
        return sock


def Bind(sock, address):
    try:
        sock.bind(address)
    except OSError as err:
        perr_exit("bind", err)


def Listen(sock, backlog):
    try:
        sock.listen(backlog)
    except OSError as err:
        perr_exit("listen", err)


def Connect(sock, address):
    try:
        sock.connect(address)
    except OSError as err:
        perr_exit("connect", err)


def Accept(sock):
    result = None
    while result is None:
        try:
            result = sock.accept()
        except OSError as err:
            if err.errno == errno.ECONNABORTED or err.errno == errno.EINTR:
                continue
            perr_exit("accept", err)
    return result


def Read(sock, n):
    while True:
        try:
            data, _ancillary, _flags, _address = sock.recvmsg(n)
            return data
        except InterruptedError:
            continue
        except OSError as err:
            perr_exit("read", err)


def Write(sock, data):
    while True:
        try:
            return sock.sendmsg([data])
        except InterruptedError:
            continue
        except OSError as err:
            perr_exit("write", err)


def Readn(sock, n):
    data = bytearray()
    while len(data) < n:
        piece = Read(sock, n - len(data))
        if not piece:
            break
        data.extend(piece)
    return bytes(data)


def Writen(sock, data):
    total = 0
    while total < len(data):
        total += Write(sock, data[total:])
    return total


def Readline(sock, maxlen):
    pending = _pending.setdefault(sock.fileno(), bytearray())
    while True:
        end = pending.find(b"\n", 0, maxlen)
        if end >= 0:
            count = end + 1
            break
        if len(pending) >= maxlen:
            count = maxlen
            break
        piece = Read(sock, 4096)
        if not piece:
            count = len(pending)
            break
        pending += piece
    line = bytes(pending[:count])
    del pending[:count]
    return line


def Close(sock):
    _pending.pop(sock.fileno(), None)
    try:
        sock.close()
    except OSError as err:
        perr_exit("close", err)
