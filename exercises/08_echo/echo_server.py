"""An echo server that serves one client after the other.

python echo_server.py PORT
"""

import socket
import sys

BACKLOG = 128
CHUNK = 4096


def read_port(arguments):
    """Give the port that the command line names, or say how to use the program and exit with 2."""
    raise NotImplementedError("read_port is not written yet")


def open_listener(port):
    """Give a socket that listens on `port`, at every address of this host."""
    raise NotImplementedError("open_listener is not written yet")


def echo(connection):
    """Send back whatever the client sends, until it sends no more; then close the connection.

    A connection that fails ends here, and not the server, as it would with `Read` and `Writen`.
    """
    raise NotImplementedError("echo is not written yet")


def serve(listener):
    """Accept clients for ever, one after the other."""
    raise NotImplementedError("serve is not written yet")


def main():
    port = read_port(sys.argv[1:])
    serve(open_listener(port))


if __name__ == "__main__":
    main()
