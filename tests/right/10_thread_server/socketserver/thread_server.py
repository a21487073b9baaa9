import socketserver
import sys


class EchoHandler(socketserver.BaseRequestHandler):
    def handle(self):
        try:
            while data := self.request.recv(4096):
                self.request.sendall(data)
        except ConnectionError as error:
            print(*self.client_address, error.strerror, file=sys.stderr)


class EchoServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def main():
    try:
        port = int(sys.argv[1])
        if not 1 <= port <= 65535:
            raise ValueError
    except (IndexError, ValueError):
        print("usage: thread_server.py PORT", file=sys.stderr)
        return 2
    try:
        server = EchoServer(("", port), EchoHandler)
    except OSError as error:
        print(f"bind error: {error.strerror}", file=sys.stderr)
        return 1
    server.serve_forever()


sys.exit(main())
