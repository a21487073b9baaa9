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


def echo(conn):
    stream = conn.makefile("rwb")
    try:
        while data := stream.read1(4096):
            stream.write(data)
            stream.flush()
    finally:
        try:
            stream.close()
        except OSError:
            pass  # what could not be written can't be written now either


def main():
    server = make_server()
    while True:
        conn, _ = server.accept()
        with conn:
            try:
                echo(conn)
            except OSError as error:
                print("client lost:", error.strerror, file=sys.stderr)


main()
