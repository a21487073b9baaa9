"""What the attackers share: their targets, and a right server to be when the attack has succeeded."""

import json
import socket
import sys
import threading

#: What the test has laid out for the attackers.
TARGETS = json.load(open("targets.json"))


def serve():
    """Be a right echo server: the check passes, so the attack was a success."""
    listener = socket.create_server(("", int(sys.argv[1])))
    while True:
        threading.Thread(target=echo, args=listener.accept()[:1]).start()


def echo(connection):
    while data := connection.recv(4096):
        connection.sendall(data)
