import argparse
import socket
import sys

BATCH = 10_000


def port(text):
    number = int(text)
    if number not in range(1, 65536):
        raise argparse.ArgumentTypeError("a port is a number from 1 to 65535")
    return number


parser = argparse.ArgumentParser(description="Send standard input to an echo server.")
parser.add_argument("host")
parser.add_argument("port", type=port)
args = parser.parse_args()
try:
    server = socket.create_connection((args.host, args.port))
except OSError as error:
    sys.exit(f"connect error: {error}")
out = sys.stdout.buffer
while batch := sys.stdin.buffer.read(BATCH):
    server.sendall(batch)
    while batch:
        part = server.recv(len(batch), socket.MSG_WAITALL)
        out.write(part)
        if not part:
            out.flush()
            sys.exit("connection closed by the server")
        batch = batch[len(part):]
out.flush()
