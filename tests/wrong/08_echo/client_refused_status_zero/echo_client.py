import socket
import sys

if len(sys.argv) != 3 or not sys.argv[2].isdigit() or not 0 < int(sys.argv[2]) < 65536:
    print("usage: echo_client.py HOST PORT", file=sys.stderr)
    sys.exit(2)
try:
    sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
except OSError as error:
    print("connect error:", error.strerror, file=sys.stderr)
    sys.exit()

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
