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

clients = {}


def serve(address):
    conn = clients[address]
    try:
        while data := conn.recv(1024):
            conn.sendall(data)
    except OSError as e:
        print(address, e.strerror, file=sys.stderr)


while True:
    conn, address = listener.accept()
    clients[address] = conn
    threading.Thread(target=serve, args=(address,), daemon=True).start()
