import socket
import sys

try:
    host = sys.argv[1]
    port = int(sys.argv[2])
    if port not in range(1, 65536):
        raise ValueError
except ValueError:
    print("usage: echo_client.py HOST PORT", file=sys.stderr)
    sys.exit(2)
try:
    sock = socket.create_connection((host, port))
except OSError as error:
    print("connect error:", error.strerror, file=sys.stderr)
    sys.exit(1)

with sock:
    while data := sys.stdin.buffer.read1(4096):
        sock.sendall(data)
        missing = len(data)
        while missing:
            part = sock.recv(missing)
            if not part:
                sys.exit("the server closed the connection")
            missing -= len(part)
            sys.stdout.buffer.write(part)
            sys.stdout.buffer.flush()
