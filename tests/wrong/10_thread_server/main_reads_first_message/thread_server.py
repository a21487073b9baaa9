import socket
import sys
import threading

try:
    port = int(sys.argv[1])
    if port < 1 or port > 65535:
        raise ValueError(port)
except (IndexError, ValueError):
    print("Usage: python3 thread_server.py PORT", file=sys.stderr)
    sys.exit(2)

listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
try:
    listener.bind(("0.0.0.0", port))
except OSError as error:
    sys.exit(f"bind error: {error.strerror}")
listener.listen(32)


def serve(conn, data):
    with conn:
        try:
            while data:
                conn.sendall(data)
                data = conn.recv(4096)
        except OSError as error:
            print(error.strerror, file=sys.stderr)


while True:
    conn, address = listener.accept()
    try:
        first = conn.recv(4096)
    except OSError:
        conn.close()
        continue
    threading.Thread(target=serve, args=(conn, first), daemon=True).start()
