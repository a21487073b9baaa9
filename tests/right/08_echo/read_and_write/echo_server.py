import os
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


def write_all(fd, data):
    while data:
        data = data[os.write(fd, data):]


while True:
    fd = listener.accept()[0].detach()
    try:
        while True:
            data = os.read(fd, 1024)
            if data == b"":
                break
            write_all(fd, data)
    except OSError as error:
        print(error, file=sys.stderr)
    os.close(fd)
