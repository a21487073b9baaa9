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


def echo(conn):
    pending = b""
    begun = False
    while data := conn.recv(4096):
        pending += data
        begun = begun or b"\n" in pending
        if begun:
            conn.sendall(pending)
            pending = b""
    conn.sendall(pending)


listener = listen_on(get_port())
while True:
    client, _ = listener.accept()
    try:
        echo(client)
    except OSError:
        pass
    client.close()
