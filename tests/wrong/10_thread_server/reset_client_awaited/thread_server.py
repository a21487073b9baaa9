import socket
import sys
import threading
import time

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


def serve(conn, address):
    while True:
        try:
            data = conn.recv(4096)
        except ConnectionResetError:
            conn.close()
            print(address[0], "may come back; waiting", file=sys.stderr)
            time.sleep(60)
            return
        if not data:
            break
        try:
            conn.sendall(data)
        except OSError:
            break
    conn.close()


while True:
    conn, address = listener.accept()
    threading.Thread(target=serve, args=(conn, address), daemon=True).start()
