import socket
import sys
from socket import MSG_PEEK, MSG_WAITALL


def perr_exit(what, error):
    sys.stderr.write("%s error: %s\n" % (what, error.strerror))
    raise SystemExit(1)


def call(what, function, *arguments, again=()):
    while True:
        try:
            return function(*arguments)
        except again:
            pass
        except OSError as error:
            perr_exit(what, error)


def Socket(family, type, proto=0):
    return call("socket", socket.socket, family, type, proto)


def Bind(sock, address):
    return call("bind", sock.bind, address)


def Listen(sock, backlog):
    return call("listen", sock.listen, backlog)


def Connect(sock, address):
    return call("connect", sock.connect, address)


def Accept(sock):
    return call("accept", sock.accept, again=(InterruptedError, ConnectionAbortedError))


def into(sock, view, flags=0):
    return call("read", sock.recv_into, view, len(view), flags, again=InterruptedError)


def Read(sock, n):
    room = bytearray(n)
    return bytes(room[: into(sock, memoryview(room))])


def Write(sock, data):
    return call("write", sock.send, data, again=InterruptedError)


def Readn(sock, n):
    room = memoryview(bytearray(n))
    count = 0
    while count < n:
        more = into(sock, room[count:], MSG_WAITALL)
        if more == 0:
            break
        count += more
    return room[:count].tobytes()


def Writen(sock, data):
    view = memoryview(data)
    while len(view):
        view = view[Write(sock, view) :]


def Readline(sock, maxlen):
    room = memoryview(bytearray(maxlen))
    count = 0
    while count < maxlen:
        seen = into(sock, room[count:], MSG_PEEK)
        if seen == 0:
            break
        end = bytes(room[count : count + seen]).find(b"\n")
        take = seen if end < 0 else end + 1
        into(sock, room[count : count + take], MSG_WAITALL)
        count += take
        if end >= 0:
            break
    return room[:count].tobytes()


def Close(sock):
    return call("close", sock.close)
