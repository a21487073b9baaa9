import socket
import sys


def get_port():
    if len(sys.argv) == 2 and sys.argv[1].isdigit() and 0 < int(sys.argv[1]) < 65536:
        return int(sys.argv[1])
    sys.stderr.write("usage: echo_server.py PORT\n")
    sys.exit(2)


def listen_on(port):
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        sock.bind(("", port))
    except OSError as e:
        print("bind error:", e.strerror, file=sys.stderr)
        sys.exit(1)
    sock.listen(64)
    return sock


class Echo:
    def __init__(self, listener):
        self.listener = listener

    def run(self):
        while True:
            self.conn, self.address = self.listener.accept()
            try:
                self.talk()
            except OSError as e:
                print(self.address, e.strerror, file=sys.stderr)
            self.conn.close()

    def talk(self):
        while data := self.conn.recv(1024):
            self.conn.sendall(data)


Echo(listen_on(get_port())).run()
