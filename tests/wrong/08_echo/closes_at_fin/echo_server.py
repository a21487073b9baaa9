import select
import socket
import sys


def get_port():
    if len(sys.argv) == 2 and sys.argv[1].isdigit() and 0 < int(sys.argv[1]) < 65536:
        return int(sys.argv[1])
    sys.stderr.write("usage: echo_server.py PORT\n")
    sys.exit(2)


def listen_on(port):
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind(("", port))
    except OSError as e:
        print("bind error:", e.strerror, file=sys.stderr)
        sys.exit(1)
    sock.listen(64)
    return sock


GONE = select.POLLRDHUP | select.POLLHUP | select.POLLERR


def serve(conn):
    poll = select.poll()
    poll.register(conn, select.POLLIN | select.POLLRDHUP)
    while True:
        for _, events in poll.poll():
            if events & GONE:
                return
            data = conn.recv(16384)
            if data:
                conn.sendall(data)


listener = listen_on(get_port())
while True:
    client, address = listener.accept()
    with client:
        try:
            serve(client)
        except OSError as e:
            print(address, e.strerror, file=sys.stderr)
