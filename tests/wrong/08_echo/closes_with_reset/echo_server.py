import socket
import struct
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

NO_LINGER = struct.pack("ii", 1, 0)

while True:
    conn, address = listener.accept()
    try:
        while chunk := conn.recv(4096):
            conn.sendall(chunk)
    except OSError as e:
        print("lost:", e.strerror, file=sys.stderr)
    finally:
        conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
        conn.close()
