import os
import signal
import socketserver
import sys


class Echo(socketserver.BaseRequestHandler):
    def setup(self):
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        self.server.socket.close()

    def handle(self):
        while True:
            data = self.request.recv(4096)
            if not data:
                break
            self.request.sendall(data)


class Server(socketserver.ForkingMixIn, socketserver.TCPServer):
    allow_reuse_address = True
    request_queue_size = 100
    max_children = 200

    def handle_error(self, request, client_address):
        print("lost", client_address, file=sys.stderr)


def stop(signum, frame):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.killpg(0, signal.SIGTERM)
    os._exit(0)


def usage():
    print("usage: python fork_server.py PORT", file=sys.stderr)
    sys.exit(2)


if len(sys.argv) != 2 or not sys.argv[1].isdecimal():
    usage()
port = int(sys.argv[1])
if not 0 < port <= 65535:
    usage()
try:
    server = Server(("", port), Echo)
except OSError as error:
    print(f"bind error: {error.strerror}", file=sys.stderr)
    sys.exit(1)
signal.signal(signal.SIGTERM, stop)
server.serve_forever()
