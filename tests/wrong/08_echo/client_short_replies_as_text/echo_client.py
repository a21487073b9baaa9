import socket
import sys


def connect():
    try:
        host, port = sys.argv[1], int(sys.argv[2])
        if not 1 <= port <= 65535:
            raise ValueError
    except (IndexError, ValueError):
        print("Usage: echo_client.py HOST PORT", file=sys.stderr)
        sys.exit(2)
    try:
        return socket.create_connection((host, port))
    except OSError as e:
        sys.exit(f"connect error: {e.strerror}")


def show(reply):
    if len(reply) < 1000:
        print(reply.decode(errors="replace"), end="", flush=True)
    else:
        sys.stdout.buffer.write(reply)
        sys.stdout.buffer.flush()


def main():
    sock = connect()
    while data := sys.stdin.buffer.read(4096):
        sock.sendall(data)
        reply = b""
        while len(reply) < len(data):
            part = sock.recv(len(data) - len(reply))
            if not part:
                show(reply)
                sys.exit("the server closed the connection")
            reply += part
        show(reply)


main()
