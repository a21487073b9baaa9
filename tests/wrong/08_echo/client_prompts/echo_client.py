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

while True:
    print("> ", end="", flush=True)
    data = sys.stdin.buffer.read1(4096)
    if not data:
        break
    sock.sendall(data)
    left = len(data)
    while left:
        part = sock.recv(left)
        if not part:
            sys.exit("server closed the connection")
        sys.stdout.buffer.write(part)
        sys.stdout.buffer.flush()
        left -= len(part)
