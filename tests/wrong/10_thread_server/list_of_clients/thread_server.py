import argparse
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


class Client:
    def __init__(self, conn, address):
        self.conn = conn
        self.address = address
        self.count = 0

    def serve(self):
        try:
            while data := self.conn.recv(4096):
                self.count += len(data)
                self.conn.sendall(data)
            self.conn.shutdown(socket.SHUT_RDWR)
        except OSError as e:
            print(self.address, e.strerror, file=sys.stderr)


clients = []
server = make_server()
while True:
    clients.append(Client(*server.accept()))
    threading.Thread(target=clients[-1].serve, daemon=True).start()
