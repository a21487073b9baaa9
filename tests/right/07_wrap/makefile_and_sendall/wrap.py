import socket

files = {}


def perr_exit(what, error):
    raise SystemExit(f"{what} error: {error.strerror}")


def Socket(family, type, proto=0):
    try:
        return socket.socket(family, type, proto)
    except OSError as error:
        perr_exit("socket", error)


def Bind(sock, address):
    try:
        sock.bind(address)
    except OSError as error:
        perr_exit("bind", error)


def Listen(sock, backlog):
    try:
        sock.listen(backlog)
    except OSError as error:
        perr_exit("listen", error)


def Connect(sock, address):
    try:
        sock.connect(address)
    except OSError as error:
        perr_exit("connect", error)


def Accept(sock):
    try:
        return sock.accept()
    except (InterruptedError, ConnectionAbortedError):
        return Accept(sock)
    except OSError as error:
        perr_exit("accept", error)


def file_of(sock):
    if sock not in files:
        files[sock] = sock.makefile("rb")
    return files[sock]


def read(method, n):
    try:
        return method(n)
    except OSError as error:
        perr_exit("read", error)


def Read(sock, n):
    return read(file_of(sock).read1, n)


def Readn(sock, n):
    return read(file_of(sock).read, n)


def Readline(sock, maxlen):
    return read(file_of(sock).readline, maxlen)


def Writen(sock, data):
    while True:
        try:
            return sock.sendall(data)
        except InterruptedError:
            pass
        except OSError as error:
            perr_exit("write", error)


def Write(sock, data):
    Writen(sock, data)
    return len(data)


def Close(sock):
    try:
        if sock in files:
            files.pop(sock).close()
        sock.close()
    except OSError as error:
        perr_exit("close", error)
