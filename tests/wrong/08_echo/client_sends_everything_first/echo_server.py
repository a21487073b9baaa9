import socket
import sys

try:
    port = int(sys.argv[1])
    if port < 1 or port > 65535:
        raise ValueError(port)
except (IndexError, ValueError):
    print("Usage: python3 echo_server.py PORT", file=sys.stderr)
    sys.exit(2)

listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
try:
    listener.bind(("0.0.0.0", port))
except OSError as error:
    sys.exit(f"bind error: {error.strerror}")
listener.listen(32)

while True:
    conn, address = listener.accept()
    try:
        data = conn.recv(2048)
        while data:
            conn.sendall(data)
            data = conn.recv(2048)
    except ConnectionError:
        print("connection lost:", address, file=sys.stderr)
    finally:
        conn.close()
