import os
import signal
import socket
import sys


def die(text, status):
    print(text, file=sys.stderr)
    sys.exit(status)


def stop(*_):
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.killpg(0, signal.SIGTERM)


def serve(port):
    server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(("", port))
        server.listen(128)
    except OSError as e:
        die(f"bind error: {e}", 1)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, stop)
    while True:
        client, _ = server.accept()
        pid = os.fork()
        if pid > 0:
            client.close()
            continue
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        server.close()
        try:
            for data in iter(lambda: client.recv(4096), b""):
                client.sendall(data)
        except ConnectionError:
            os._exit(1)
        os._exit(0)


if len(sys.argv) != 2:
    die("usage: fork_server.py PORT", 2)
try:
    number = int(sys.argv[1])
except ValueError:
    die("usage: fork_server.py PORT", 2)
if not 1 <= number <= 65535:
    die("usage: fork_server.py PORT", 2)
serve(number)
