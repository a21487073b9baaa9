"""An echo client: standard input goes to the server, what comes back to standard output.

python echo_client.py HOST PORT
"""

import socket
import sys

from wrap import Connect, Readn, Socket, Writen

CHUNK = 4096


def read_address(arguments):
    """Give the host and the port that the command line names, or say how to use it and exit with 2."""
    if len(arguments) == 2 and arguments[1].isdecimal():
        host, port = arguments[0], int(arguments[1])
        if 0 < port <= 65535:
            return host, port
    print("usage: echo_client.py HOST PORT", file=sys.stderr)
    sys.exit(2)


def open_connection(address):
    """Give a socket that is connected to `address`; say what went wrong and exit with 1 if it fails."""
    connection = Socket(socket.AF_INET, socket.SOCK_STREAM)
    Connect(connection, address)
    return connection


def talk(connection):
    """Send standard input piece by piece, and print the echo of each piece before the next one.

    Exit with 1 if the server closes the connection before all has come back.
    """
    while data := sys.stdin.buffer.read1(CHUNK):
        Writen(connection, data)
        reply = Readn(connection, len(data))
        sys.stdout.buffer.write(reply)
        sys.stdout.buffer.flush()
        if len(reply) < len(data):
            print("the server closed the connection", file=sys.stderr)
            sys.exit(1)


def main():
    address = read_address(sys.argv[1:])
    with open_connection(address) as connection:
        talk(connection)


if __name__ == "__main__":
    main()
