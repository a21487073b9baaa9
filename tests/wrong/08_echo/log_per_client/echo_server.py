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


class Session:
    def __init__(self, conn, address):
        self.conn = conn
        self.log = open("/dev/null", "a")
        print("connected:", address, file=self.log)

    def run(self):
        with self.conn:
            try:
                while data := self.conn.recv(4096):
                    self.conn.sendall(data)
            except OSError as e:
                print("error:", e, file=self.log)


sessions = []
server = make_server()
while True:
    sessions.append(Session(*server.accept()))
    sessions[-1].run()
