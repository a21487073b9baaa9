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


class EchoServer:
    def __init__(self):
        self.listener = make_server()
        self.served = 0

    def __iter__(self):
        while True:
            yield self.listener.accept()

    def echo(self, conn):
        for data in iter(lambda: conn.recv(4096), b""):
            conn.sendall(data)

    def run(self):
        for conn, address in self:
            try:
                self.echo(conn)
            except ConnectionError as error:
                print(*address, error.strerror, file=sys.stderr)
            finally:
                conn.close()
                self.served += 1


EchoServer().run()
