import errno
import os
import socket
import sys


def fail(status, text):
    os.write(2, (text + "\n").encode())
    os._exit(status)


if len(sys.argv) != 3:
    fail(2, "usage: echo_client.py HOST PORT")
try:
    port = int(sys.argv[2])
except ValueError:
    port = 0
if not 1 <= port <= 65535:
    fail(2, "usage: echo_client.py HOST PORT, with a port from 1 to 65535")
sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
status = sock.connect_ex((sys.argv[1], port))
if status:
    fail(1, f"connect error: {os.strerror(status)} ({errno.errorcode[status]})")
while data := os.read(0, 4096):
    sock.sendall(data)
    left = len(data)
    while left:
        part = sock.recv(left)
        if not part:
            fail(1, "the server closed the connection")
        left -= len(part)
        while part:
            part = part[os.write(1, part):]
