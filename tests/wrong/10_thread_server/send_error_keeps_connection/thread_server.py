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


class Server:
    def __init__(self):
        self.listener = make_server()
        self.connections = set()

    def run(self):
        while True:
            conn, _ = self.listener.accept()
            self.connections.add(conn)
            threading.Thread(target=self.serve, args=(conn,), daemon=True).start()

    def serve(self, conn):
        while data := self.receive(conn):
            conn.sendall(data)
        self.connections.remove(conn)
        conn.close()

    def receive(self, conn):
        try:
            return conn.recv(4096)
        except OSError:
            return b""


Server().run()
