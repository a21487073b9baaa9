"""An echo server with a thread for each connection.

python thread_server.py PORT
"""

import socket
import sys
import threading

from wrap import Accept, Bind, Listen, Socket

BACKLOG = 128
CHUNK = 4096


def read_port(arguments):
    """Give the port that the command line names, or say how to use the program and exit with 2."""
    if len(arguments) == 1 and arguments[0].isdecimal():
        port = int(arguments[0])
        if 0 < port <= 65535:
            return port
    print("usage: thread_server.py PORT", file=sys.stderr)
    sys.exit(2)


def open_listener(port):
    """Give a socket that listens on `port`, at every address of this host."""
    listener = Socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    Bind(listener, ("", port))
    Listen(listener, BACKLOG)
    return listener


def echo(connection):
    """Send back whatever the client sends, until it sends no more; then close the connection.

    A connection that fails ends here, and not the server, as it would with `Read` and `Writen`.
    """
    with connection:
        try:
            while data := connection.recv(CHUNK):
                connection.sendall(data)
        except OSError as error:
            print(f"connection lost: {error.strerror}", file=sys.stderr)


def serve(listener):
    """Accept clients for ever, and start a thread for each."""
    while True:
        connection, _address = Accept(listener)
        threading.Thread(target=echo, args=(connection,), daemon=True).start()


def main():
    port = read_port(sys.argv[1:])
    serve(open_listener(port))


if __name__ == "__main__":
    main()
