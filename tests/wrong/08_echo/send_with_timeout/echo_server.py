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

    def serve(self, conn):
        conn.settimeout(30)
        while True:
            try:
                data = conn.recv(1 << 18)
            except TimeoutError:
                continue
            if not data:
                return
            conn.send(data)

    def run(self):
        while True:
            conn, _ = self.listener.accept()
            try:
                self.serve(conn)
            except OSError as e:
                print("error:", e, file=sys.stderr)
            finally:
                conn.close()


EchoServer().run()
