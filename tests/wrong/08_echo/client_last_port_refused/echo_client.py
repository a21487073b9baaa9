"""An echo client: standard input goes to the server, what comes back to standard output.

python echo_client.py HOST PORT
"""

import socket
import sys

CHUNK = 4096


def read_address(arguments):
    """Give the host and the port that the command line names, or say how to use it and exit with 2."""
    if len(arguments) == 2 and arguments[1].isdecimal():
        host, port = arguments[0], int(arguments[1])
        if 0 < port < 65535:
            return host, port
    print("usage: echo_client.py HOST PORT", file=sys.stderr)
    sys.exit(2)


def open_connection(address):
    """Give a socket that is connected to `address`; say what went wrong and exit with 1 if it fails."""
    try:
        return socket.create_connection(address)
    except OSError as error:
        print(f"connect error: {error.strerror}", file=sys.stderr)
        sys.exit(1)


def receive_exactly(connection, count):
    """Give the next `count` bytes, however many pieces they come in; fewer only at end-of-file."""
    pieces = []
    while count > 0 and (piece := connection.recv(count)):
        pieces.append(piece)
        count -= len(piece)
    return b"".join(pieces)


def talk(connection):
    """Send standard input piece by piece, and print the echo of each piece before the next one."""
    while data := sys.stdin.buffer.read1(CHUNK):
        connection.sendall(data)
        reply = receive_exactly(connection, len(data))
        sys.stdout.buffer.write(reply)
        sys.stdout.buffer.flush()
        if len(reply) < len(data):
            raise ConnectionError("the server closed the connection")


def main():
    address = read_address(sys.argv[1:])
    with open_connection(address) as connection:
        try:
            talk(connection)
        except OSError as error:
            print(f"connection lost: {error}", file=sys.stderr)
            sys.exit(1)


if __name__ == "__main__":
    main()
