import argparse
import queue
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


class Connection:
    def __init__(self, conn):
        self.conn = conn
        self.queue = queue.Queue(16)
        threading.Thread(target=self.read, daemon=True).start()
        threading.Thread(target=self.write, daemon=True).start()

    def read(self):
        data = b"start"
        while data:
            try:
                data = self.conn.recv(4096)
            except OSError:
                data = b""
            self.queue.put(data)

    def write(self):
        alive = True
        while data := self.queue.get():
            try:
                if alive:
                    self.conn.sendall(data)
            except OSError:
                alive = False
        self.conn.close()


server = make_server()
while True:
    Connection(server.accept()[0])
