import socket
import sys


def receive(sock, count):
    got = b""
    while len(got) < count:
        part = sock.recv(count - len(got))
        if not part:
            break
        got += part
    return got


def main():
    if len(sys.argv) != 3 or not sys.argv[2].isdigit() or not 0 < int(sys.argv[2]) < 65536:
        print("usage: echo_client.py HOST PORT", file=sys.stderr)
        return 2
    try:
        sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
    except OSError as error:
        print(f"cannot connect: {error}", file=sys.stderr)
        return 1
    with sock:
        while chunk := sys.stdin.buffer.read1(2048):
            sock.sendall(chunk)
            reply = receive(sock, len(chunk))
            sys.stdout.buffer.write(reply)
            sys.stdout.buffer.flush()
            if len(reply) < len(chunk):
                print("the server closed the connection", file=sys.stderr)
                return 1
    return 0


sys.exit(main())
