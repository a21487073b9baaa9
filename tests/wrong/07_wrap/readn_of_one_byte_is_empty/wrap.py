import functools
import socket
import sys
import weakref

buffers = weakref.WeakKeyDictionary()


def perr_exit(what, error):
    print(what, "error:", error.strerror, file=sys.stderr, flush=True)
    sys.exit(1)


def checked(what, *retried):
    def wrap(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            while True:
                try:
                    return function(*args, **kwargs)
                except retried:
                    continue
                except OSError as error:
                    perr_exit(what, error)

        return wrapper

    return wrap


Socket = checked("socket")(socket.socket)
Bind = checked("bind")(socket.socket.bind)
Listen = checked("listen")(socket.socket.listen)
Connect = checked("connect")(socket.socket.connect)
Accept = checked("accept", InterruptedError, ConnectionAbortedError)(socket.socket.accept)
Read = checked("read", InterruptedError)(socket.socket.recv)
Write = checked("write", InterruptedError)(socket.socket.send)


@checked("close")
def Close(sock):
    buffers.pop(sock, None)
    sock.close()


def fill(sock):
    data = Read(sock, 8192)
    buffers[sock] = buffers.get(sock, b"") + data
    return len(data) > 0


def take(sock, count):
    data = buffers.get(sock, b"")
    buffers[sock] = data[count:]
    return data[:count]


def Readn(sock, n):
    while len(buffers.get(sock, b"x")) < n and fill(sock):
        pass
    return take(sock, n)


def Writen(sock, data):
    while data:
        data = data[Write(sock, data) :]


def Readline(sock, maxlen):
    while True:
        data = buffers.get(sock, b"")[:maxlen]
        if b"\n" in data:
            return take(sock, data.index(b"\n") + 1)
        if len(data) == maxlen or not fill(sock):
            return take(sock, len(data))
