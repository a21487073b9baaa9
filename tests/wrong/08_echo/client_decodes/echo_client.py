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

with sock:
    for line in sys.stdin:
        data = line.encode()
        sock.sendall(data)
        reply = b""
        while len(reply) < len(data):
            part = sock.recv(len(data) - len(reply))
            if not part:
                print(reply.decode(), end="")
                sys.exit("server closed the connection")
            reply += part
        print(reply.decode(), end="", flush=True)
