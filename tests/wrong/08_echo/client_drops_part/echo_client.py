import socket
import sys

if len(sys.argv) != 3 or not sys.argv[2].isdigit() or not 0 < int(sys.argv[2]) < 65536:
    print("usage: echo_client.py HOST PORT", file=sys.stderr)
    sys.exit(2)
try:
    sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
except OSError as error:
    print("connect error:", error.strerror, file=sys.stderr)
    sys.exit(1)

while data := sys.stdin.buffer.read1(4096):
    sock.sendall(data)
    reply = b""
    while len(reply) < len(data):
        part = sock.recv(4096)
        if part == b"":
            print("the server closed the connection", file=sys.stderr)
            sys.exit(1)
        reply += part
    sys.stdout.buffer.write(reply)
    sys.stdout.buffer.flush()
