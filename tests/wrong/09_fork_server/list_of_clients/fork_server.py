import os
import signal
import socket
import sys


class Server:
    def __init__(self, port):
        self.clients = []
        self.listener = socket.create_server(("", port), backlog=128)

    def serve_forever(self):
        while True:
            client, address = self.listener.accept()
            self.clients.append(client)
            if os.fork() == 0:
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
                self.listener.close()
                self.serve(client)
                os._exit(0)

    def serve(self, client):
        try:
            while data := client.recv(4096):
                client.sendall(data)
        except OSError as error:
            print(error, file=sys.stderr)


def stop(*_):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.killpg(0, signal.SIGTERM)
    os._exit(0)


if __name__ == "__main__":
    if len(sys.argv) != 2 or not sys.argv[1].isdecimal() or not 0 < int(sys.argv[1]) < 65536:
        print("usage: fork_server.py PORT", file=sys.stderr)
        sys.exit(2)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, stop)
    try:
        server = Server(int(sys.argv[1]))
    except OSError as error:
        print("bind error:", os.strerror(error.errno), file=sys.stderr)
        sys.exit(1)
    server.serve_forever()
