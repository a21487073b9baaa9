"""Wrappers of the socket calls: a call that fails for good says so and ends the program."""

import socket
import sys


def perr_exit(what, error):
    """Print `<what> error: <strerror of error>` on standard error, and exit with status 1."""
    raise NotImplementedError("perr_exit is not written yet")


def Socket(family, type, proto=0):
    """Give a new socket; `socket error: ...` if there is none to be had."""
    raise NotImplementedError("Socket is not written yet")


def Bind(sock, address):
    """Give a socket its local address; `bind error: ...` if it can't have that one."""
    raise NotImplementedError("Bind is not written yet")


def Listen(sock, backlog):
    """Let a socket listen, with room for `backlog` connections; `listen error: ...` if it can't."""
    raise NotImplementedError("Listen is not written yet")


def Connect(sock, address):
    """Connect a socket to an address; `connect error: ...` if that fails."""
    raise NotImplementedError("Connect is not written yet")


def Accept(sock):
    """Wait for the next connection, and give `(conn, address)`.

    One that was aborted while it was queued, or a signal, is no reason to stop: wait on. Any other
    failure ends with `accept error: ...`.
    """
    raise NotImplementedError("Accept is not written yet")


def Read(sock, n, flags=0):
    """Give what has come, `n` bytes at most; wait for the first byte; `b""` at end of file.

    After a signal, read again. Any other failure ends with `read error: ...`. `flags` are those of
    recv(2).
    """
    raise NotImplementedError("Read is not written yet")


def Write(sock, data):
    """Send some of `data`, or all of it, and give the number of bytes that the kernel took.

    After a signal, write again. Any other failure ends with `write error: ...`.
    """
    raise NotImplementedError("Write is not written yet")


def Close(sock):
    """Close a socket's descriptor; `close error: ...` if that fails."""
    raise NotImplementedError("Close is not written yet")


def Readn(sock, n):
    """Give `n` bytes, in however many pieces they come; fewer only at end of file."""
    raise NotImplementedError("Readn is not written yet")


def Writen(sock, data):
    """Send all of `data`, in however many pieces the kernel takes it."""
    raise NotImplementedError("Writen is not written yet")


def Readline(sock, maxlen):
    """Give the next line with its newline, or the next `maxlen` bytes of a line that is longer.

    A last line without a newline ends at end of file; after that, `b""`.
    """
    raise NotImplementedError("Readline is not written yet")
