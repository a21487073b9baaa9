"""An echo client: standard input goes to the server, what comes back to standard output.

python echo_client.py HOST PORT
"""

import socket
import sys

CHUNK = 4096


def read_address(arguments):
    """Give the host and the port that the command line names, or say how to use it and exit with 2."""
    raise NotImplementedError("read_address is not written yet")


def open_connection(address):
    """Give a socket that is connected to `address`; say what went wrong and exit with 1 if it fails."""
    raise NotImplementedError("open_connection is not written yet")


def talk(connection):
    """Send standard input piece by piece, and print the echo of each piece before the next one.

    Exit with 1 if the server closes the connection before all has come back.
    """
    raise NotImplementedError("talk is not written yet")


def main():
    address = read_address(sys.argv[1:])
    with open_connection(address) as connection:
        talk(connection)


if __name__ == "__main__":
    main()
