"""Wrappers of the socket calls: a call that fails for good says so and ends the program."""

import socket
import sys


def perr_exit(what, error):
    """Print `<what> error: <strerror of error>` on standard error, and exit with status 1."""
    print(f"{what} error: {error.strerror}", file=sys.stderr)
    sys.exit(1)


def Socket(family, type, proto=0):
    """Give a new socket; `socket error: ...` if there is none to be had."""
    try:
        return socket.socket(family, proto=proto)
    except OSError as error:
        perr_exit("socket", error)


def Bind(sock, address):
    """Give a socket its local address; `bind error: ...` if it can't have that one."""
    try:
        sock.bind(address)
    except OSError as error:
        perr_exit("bind", error)


def Listen(sock, backlog):
    """Let a socket listen, with room for `backlog` connections; `listen error: ...` if it can't."""
    try:
        sock.listen(backlog)
    except OSError as error:
        perr_exit("listen", error)


def Connect(sock, address):
    """Connect a socket to an address; `connect error: ...` if that fails."""
    try:
        sock.connect(address)
    except OSError as error:
        perr_exit("connect", error)


def Accept(sock):
    """Wait for the next connection, and give `(conn, address)`.

    One that was aborted while it was queued, or a signal, is no reason to stop: wait on. Any other
    failure ends with `accept error: ...`.
    """
    while True:
        try:
            return sock.accept()
        except (ConnectionAbortedError, InterruptedError):
            continue
        except OSError as error:
            perr_exit("accept", error)


def Read(sock, n, flags=0):
    """Give what has come, `n` bytes at most; wait for the first byte; `b""` at end of file.

    After a signal, read again. Any other failure ends with `read error: ...`. `flags` are those of
    recv(2).
    """
    while True:
        try:
            return sock.recv(n, flags)
        except InterruptedError:
            continue
        except OSError as error:
            perr_exit("read", error)


def Write(sock, data):
    """Send some of `data`, or all of it, and give the number of bytes that the kernel took.

    After a signal, write again. Any other failure ends with `write error: ...`.
    """
    while True:
        try:
            return sock.send(data)
        except InterruptedError:
            continue
        except OSError as error:
            perr_exit("write", error)


def Close(sock):
    """Close a socket's descriptor; `close error: ...` if that fails."""
    try:
        sock.close()
    except OSError as error:
        perr_exit("close", error)


def Readn(sock, n):
    """Give `n` bytes, in however many pieces they come; fewer only at end of file."""
    pieces = []
    while n > 0 and (piece := Read(sock, n)):
        pieces.append(piece)
        n -= len(piece)
    return b"".join(pieces)


def Writen(sock, data):
    """Send all of `data`, in however many pieces the kernel takes it."""
    rest = memoryview(data)
    while rest:
        rest = rest[Write(sock, rest) :]


def Readline(sock, maxlen):
    """Give the next line with its newline, or the next `maxlen` bytes of a line that is longer.

    A last line without a newline ends at end of file; after that, `b""`.
    """
    line = b""
    while len(line) < maxlen and not line.endswith(b"\n"):
        # Look at what has come, and leave in the socket what belongs to the next line.
        waiting = Read(sock, maxlen - len(line), socket.MSG_PEEK)
        if not waiting:
            break
        end = waiting.find(b"\n") + 1
        line += Read(sock, end or len(waiting))
    return line
