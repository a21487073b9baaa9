"""An echo server with a child process for each connection.

python fork_server.py PORT
"""

import os
import signal
import socket
import sys

from wrap import Accept, Bind, Close, Listen, Read, Socket, Writen

BACKLOG = 128
CHUNK = 4096
HANDLED = {signal.SIGCHLD, signal.SIGTERM, signal.SIGINT}

children = set()


def read_port(arguments):
    """Give the port that the command line names, or say how to use the program and exit with 2."""
    if len(arguments) == 1 and arguments[0].isdecimal():
        port = int(arguments[0])
        if 0 < port <= 65535:
            return port
    print("usage: fork_server.py PORT", file=sys.stderr)
    sys.exit(2)


def open_listener(port):
    """Give a socket that listens on `port`, at every address of this host."""
    listener = Socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    Bind(listener, ("", port))
    Listen(listener, BACKLOG)
    return listener


def reap(_signal_number, _frame):
    """Handle SIGCHLD: wait for every child that has ended, and for none that still serves."""
    while True:
        try:
            pid, _status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        children.discard(pid)


def stop(_signal_number, _frame):
    """Handle SIGTERM and SIGINT: end the children that still serve, then the server."""
    # From here on `reap` must not change `children`.
    signal.pthread_sigmask(signal.SIG_BLOCK, HANDLED)
    for pid in children:
        try:
            os.kill(pid, signal.SIGTERM)
        except ProcessLookupError:
            pass  # `reap` was about to discard it
    sys.exit(0)


def echo(connection):
    """Send back whatever the client sends, until it sends no more; then close the connection.

    A connection that fails ends the process, which is this client's own.
    """
    while data := Read(connection, CHUNK):
        Writen(connection, data)
    Close(connection)


def run_child(listener, connection):
    """Be the child: serve one connection with the signals as they were, and end."""
    for number in HANDLED:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, HANDLED)
    listener.close()
    try:
        echo(connection)
    finally:
        os._exit(0)


def serve(listener):
    """Accept clients for ever, and fork a child for each."""
    while True:
        connection, _address = Accept(listener)
        # A child may end, or the server be told to stop, before the child is in `children`.
        signal.pthread_sigmask(signal.SIG_BLOCK, HANDLED)
        pid = os.fork()
        if pid == 0:
            run_child(listener, connection)
        children.add(pid)
        connection.close()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, HANDLED)


def main():
    port = read_port(sys.argv[1:])
    listener = open_listener(port)
    signal.signal(signal.SIGCHLD, reap)
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    serve(listener)


if __name__ == "__main__":
    main()
