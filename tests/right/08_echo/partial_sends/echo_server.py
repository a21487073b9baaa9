import socket
import sys

try:
    port = int(sys.argv[1])
    if port < 1 or port > 65535:
        raise ValueError(port)
except (IndexError, ValueError):
    print("Usage: python3 echo_server.py PORT", file=sys.stderr)
    sys.exit(2)

listener = socket.socket(socket.AF_INET6)
listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
try:
    listener.bind(("::", port))
except OSError as error:
    sys.exit(f"bind error: {error.strerror}")
listener.listen(32)


def send_all(conn, data):
    sent = 0
    while sent < len(data):
        sent += conn.send(data[sent:])


while True:
    conn, address = listener.accept()
    try:
        while (data := conn.recv(1 << 17)) != b"":
            send_all(conn, data)
        conn.shutdown(socket.SHUT_WR)
    except OSError as error:
        print(address, error.strerror, file=sys.stderr)
    finally:
        conn.close()
