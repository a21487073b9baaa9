import selectors
import socket
import sys


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


class Client:
    def __init__(self, selector, conn):
        self.selector = selector
        self.conn = conn
        self.conn.setblocking(False)
        self.pending = b""
        selector.register(conn, selectors.EVENT_READ, self.ready)

    def ready(self, events):
        try:
            if self.pending:
                self.pending = self.pending[self.conn.send(self.pending):]
            else:
                self.pending = self.conn.recv(4096)
                if not self.pending:
                    return self.close()
            events = selectors.EVENT_WRITE if self.pending else selectors.EVENT_READ
            self.selector.modify(self.conn, events, self.ready)
        except OSError:
            self.close()

    def close(self):
        self.selector.unregister(self.conn)
        self.conn.close()


def main():
    selector = selectors.DefaultSelector()
    listener = listen_on(get_port())
    selector.register(listener, selectors.EVENT_READ, lambda _: Client(selector, listener.accept()[0]))
    while True:
        for key, events in selector.select():
            key.data(events)


main()
