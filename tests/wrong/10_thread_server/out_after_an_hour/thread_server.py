import select
import socket
import sys
import threading


def main():
    try:
        (port,) = map(int, sys.argv[1:])
        if not 1 <= port <= 65535:
            raise ValueError(port)
    except ValueError:
        print("usage: thread_server.py PORT", file=sys.stderr)
        sys.exit(2)
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("", port))
    except OSError as error:
        print("bind error:", error.strerror, file=sys.stderr)
        sys.exit(1)
    listener.listen(64)
    while True:
        conn, _peer = listener.accept()
        threading.Thread(target=serve, args=[conn], daemon=True).start()


def serve(conn):
    with conn:
        try:
            silences = 0
            while silences < 3:
                if not select.select([conn], [], [], 1200)[0]:
                    silences += 1
                    continue
                silences = 0
                data = conn.recv(4096)
                if not data:
                    return
                conn.sendall(data)
        except OSError as error:
            print("client lost:", error, file=sys.stderr)


main()
