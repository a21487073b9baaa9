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


class Echo(threading.Thread):
    def __init__(self, conn):
        super().__init__(daemon=True)
        self.conn = conn
        self.file = conn.makefile("rwb")

    def run(self):
        try:
            while line := self.file.readline():
                self.file.write(line)
                self.file.flush()
            self.file.close()
        except OSError as e:
            print("error:", e, file=sys.stderr)
        finally:
            self.conn.close()


server = make_server()
while True:
    Echo(server.accept()[0]).start()
