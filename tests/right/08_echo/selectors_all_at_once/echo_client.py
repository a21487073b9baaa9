import os
import selectors
import socket
import sys


class Copy:
    def __init__(self, sock):
        self.sock = sock
        self.unsent = b""
        self.input_open = True

    def run(self):
        self.sock.setblocking(False)
        while True:
            for source in self.wait():
                if source == "input":
                    self.unsent = os.read(0, 1 << 16)
                    self.input_open = bool(self.unsent)
                    if not self.input_open:
                        self.sock.shutdown(socket.SHUT_WR)
                elif not self.move(source):
                    return

    def wait(self):
        with selectors.PollSelector() as poll:
            writing = selectors.EVENT_WRITE if self.unsent else 0
            poll.register(self.sock, selectors.EVENT_READ | writing)
            if self.input_open and not self.unsent:
                poll.register(0, selectors.EVENT_READ)
            return ["input" if key.fd == 0 else events for key, events in poll.select()]

    def move(self, events):
        if events & selectors.EVENT_WRITE and self.unsent:
            self.unsent = self.unsent[self.sock.send(self.unsent):]
        if events & selectors.EVENT_READ:
            data = self.sock.recv(1 << 16)
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
            return data
        return True


if len(sys.argv) != 3 or not sys.argv[2].isdigit() or int(sys.argv[2]) not in range(1, 65536):
    sys.exit(print("usage: echo_client.py HOST PORT", file=sys.stderr) or 2)
try:
    Copy(socket.create_connection((sys.argv[1], int(sys.argv[2])))).run()
except OSError as error:
    sys.exit(f"echo_client: {error}")
