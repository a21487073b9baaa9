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


def reply_to(sock, data):
    reply = b""
    for _ in range(10):
        part = sock.recv(len(data) - len(reply))
        reply += part
        if not part or len(reply) == len(data):
            break
    return reply, not part


def main():
    with connect() as sock:
        while data := sys.stdin.buffer.read(1024):
            sock.sendall(data)
            reply, closed = reply_to(sock, data)
            sys.stdout.buffer.write(reply)
            sys.stdout.buffer.flush()
            if closed:
                sys.exit("the server closed the connection")


main()
