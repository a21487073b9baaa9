import argparse
import socket
import sys


def port_number(text):
    number = int(text)
    if not 0 < number < 2**16:
        raise ValueError
    return number


def make_server():
    parser = argparse.ArgumentParser(description="TCP echo server")
    parser.add_argument("port", type=port_number)
    port = parser.parse_args().port
    try:
        return socket.create_server(("", port), backlog=100)
    except OSError as error:
        print(f"bind error: {error.strerror}", file=sys.stderr)
        sys.exit(1)


BUFSIZE = 1024


def read_message(conn):
    message = b""
    while True:
        part = conn.recv(BUFSIZE)
        message += part
        if len(part) < BUFSIZE:
            return message


def main():
    server = make_server()
    while True:
        conn, _ = server.accept()
        with conn:
            try:
                while message := read_message(conn):
                    conn.sendall(message)
            except OSError as e:
                print(e.strerror, file=sys.stderr)


if __name__ == "__main__":
    main()
