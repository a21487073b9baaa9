import argparse
import signal
import socket
import sys
import threading


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


class Worker(threading.Thread):
    def __init__(self, conn):
        super().__init__()
        self.conn = conn

    def run(self):
        with self.conn:
            try:
                while data := self.conn.recv(4096):
                    self.conn.sendall(data)
            except OSError as e:
                print(self.name, e.strerror, file=sys.stderr)


server = make_server()
signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
while True:
    Worker(server.accept()[0]).start()
