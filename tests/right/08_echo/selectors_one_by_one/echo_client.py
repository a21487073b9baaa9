import os
import select
import socket
import sys


def parse():
    if len(sys.argv) == 3 and sys.argv[2].isdecimal() and 1 <= int(sys.argv[2]) <= 65535:
        return sys.argv[1], int(sys.argv[2])
    sys.stderr.write("usage: echo_client.py HOST PORT\n")
    sys.exit(2)


def pump(sock):
    pending = b""
    reading_input = True
    while True:
        inputs = [sock]
        if reading_input and not pending:
            inputs.append(sys.stdin.fileno())
        readable, writable, _ = select.select(inputs, [sock] if pending else [], [])
        if sock in readable:
            data = sock.recv(65536)
            if not data:
                return
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
        if sys.stdin.fileno() in readable:
            pending = os.read(sys.stdin.fileno(), 16384)
            if not pending:
                reading_input = False
                sock.shutdown(socket.SHUT_WR)
        if writable and pending:
            try:
                pending = pending[sock.send(pending, socket.MSG_DONTWAIT):]
            except BlockingIOError:
                pass


address = parse()
try:
    with socket.create_connection(address) as sock:
        pump(sock)
except OSError as error:
    print(f"echo_client: {error}", file=sys.stderr)
    sys.exit(1)
