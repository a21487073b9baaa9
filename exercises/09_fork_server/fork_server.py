"""An echo server with a child process for each connection.

python fork_server.py PORT
"""

import os
import signal
import socket
import sys

BACKLOG = 128
CHUNK = 4096
HANDLED = {signal.SIGCHLD, signal.SIGTERM, signal.SIGINT}

children = set()


def read_port(arguments):
    """Give the port that the command line names, or say how to use the program and exit with 2."""
    raise NotImplementedError("read_port is not written yet")


def open_listener(port):
    """Give a socket that listens on `port`, at every address of this host."""
    raise NotImplementedError("open_listener is not written yet")


def reap(_signal_number, _frame):
    """Handle SIGCHLD: wait for every child that has ended, and for none that still serves."""
    raise NotImplementedError("reap is not written yet")


def stop(_signal_number, _frame):
    """Handle SIGTERM and SIGINT: end the children that still serve, then the server."""
    raise NotImplementedError("stop is not written yet")


def echo(connection):
    """Send back whatever the client sends, until it sends no more; then close the connection.

    A connection that fails ends the process, which is this client's own.
    """
    raise NotImplementedError("echo is not written yet")


def run_child(listener, connection):
    """Be the child: serve one connection with the signals as they were, and end."""
    raise NotImplementedError("run_child is not written yet")


def serve(listener):
    """Accept clients for ever, and fork a child for each."""
    raise NotImplementedError("serve is not written yet")


def main():
    port = read_port(sys.argv[1:])
    listener = open_listener(port)
    signal.signal(signal.SIGCHLD, reap)
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    serve(listener)


if __name__ == "__main__":
    main()
