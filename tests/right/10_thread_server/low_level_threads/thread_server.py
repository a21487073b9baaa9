import _thread
import os
import socket
import sys

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


def serve(fd):
    try:
        while data := os.read(fd, 4096):
            while data:
                data = data[os.write(fd, data):]
    except OSError as error:
        print(error.strerror, file=sys.stderr)
    finally:
        os.close(fd)


while True:
    conn, _ = listener.accept()
    _thread.start_new_thread(serve, (conn.detach(),))
