import os
import socket
import sys


def port():
    if len(sys.argv) == 2 and sys.argv[1].isdigit() and 0 < int(sys.argv[1]) < 65536:
        return int(sys.argv[1])
    print("Usage: echo_server.py PORT", file=sys.stderr)
    exit(2)


server = socket.socket()
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
try:
    server.bind(("0.0.0.0", port()))
except OSError as e:
    print("bind error: " + e.strerror, file=sys.stderr)
    exit(1)
server.listen()
while 1:
    client, _ = server.accept()
    out, into = os.pipe()
    try:
        while n := os.splice(client.fileno(), into, 65536):
            while n:
                n -= os.splice(out, client.fileno(), n)
    except OSError:
        pass
    os.close(out)
    os.close(into)
    client.close()
