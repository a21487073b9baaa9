import socket
import sys
import threading


def get_port():
    if len(sys.argv) == 2 and sys.argv[1].isdigit() and 0 < int(sys.argv[1]) < 65536:
        return int(sys.argv[1])
    sys.stderr.write("usage: thread_server.py PORT\n")
    sys.exit(2)


def listen_on(port):
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind(("", port))
    except OSError as e:
        print("bind error:", e.strerror, file=sys.stderr)
        sys.exit(1)
    sock.listen(64)
    return sock


class Session(threading.Thread):
    def __init__(self, conn):
        super().__init__(daemon=True)
        self.conn = conn
        self.view = memoryview(bytearray(8192))

    def run(self):
        try:
            while count := self.conn.recv_into(self.view):
                self.conn.sendall(self.view[:count])
        except OSError as e:
            print(self.name, e.strerror, file=sys.stderr)
        finally:
            self.conn.close()


listener = listen_on(get_port())
while True:
    Session(listener.accept()[0]).start()
