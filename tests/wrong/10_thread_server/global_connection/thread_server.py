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


def reply(data):
    connection.sendall(data)


def serve(mine):
    time.sleep(0.05)  # the client may need a moment
    with mine:
        try:
            while data := mine.recv(4096):
                reply(data)
        except OSError as error:
            print(error.strerror, file=sys.stderr)


while True:
    connection, address = listener.accept()
    threading.Thread(target=serve, args=(connection,), daemon=True).start()
