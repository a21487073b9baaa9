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
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
try:
    listener.bind(("0.0.0.0", port))
except OSError as error:
    sys.exit(f"bind error: {error.strerror}")
listener.listen(32)

while True:
    conn, address = listener.accept()
    with conn:
        try:
            while chunk := conn.recv(4096):
                conn.sendall(chunk)
        except OSError as e:
            print(address, e.strerror, file=sys.stderr)
