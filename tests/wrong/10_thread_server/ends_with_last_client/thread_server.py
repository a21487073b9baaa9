import os
import socket
import sys
import threading

usage = "usage: thread_server.py PORT"
if len(sys.argv) != 2 or not sys.argv[1].isdigit() or not 1 <= int(sys.argv[1]) <= 65535:
    sys.exit(print(usage, file=sys.stderr) or 2)

server = socket.socket()
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
try:
    server.bind(("", int(sys.argv[1])))
except OSError as problem:
    print("bind error:", problem.strerror, file=sys.stderr)
    sys.exit(1)
server.listen(50)

clients = 0
lock = threading.Lock()


def handle(conn):
    global clients
    try:
        while chunk := conn.recv(8192):
            conn.sendall(chunk)
    except OSError:
        pass
    conn.close()
    with lock:
        clients -= 1
        if clients == 0:
            os._exit(0)


while True:
    conn, _ = server.accept()
    with lock:
        clients += 1
    threading.Thread(target=handle, args=(conn,)).start()
