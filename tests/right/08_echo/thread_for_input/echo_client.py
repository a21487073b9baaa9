import socket
import sys
import threading

try:
    host, port = sys.argv[1], int(sys.argv[2])
    if not 1 <= port <= 65535:
        raise ValueError
except (IndexError, ValueError):
    print("usage: echo_client.py HOST PORT", file=sys.stderr)
    sys.exit(2)


def send_input(sock):
    try:
        while data := sys.stdin.buffer.read1(65536):
            sock.sendall(data)
        sock.shutdown(socket.SHUT_WR)
    except OSError:
        pass


try:
    sock = socket.create_connection((host, port))
except OSError as error:
    print(f"{host} port {port}: {error.strerror}", file=sys.stderr)
    sys.exit(1)
threading.Thread(target=send_input, args=(sock,), daemon=True).start()
status = 0
try:
    while data := sock.recv(65536):
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
except OSError as error:
    print(error, file=sys.stderr)
    status = 1
sys.exit(status)
