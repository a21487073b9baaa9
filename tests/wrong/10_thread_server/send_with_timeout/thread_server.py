import socket
import sys
import threading


def get_port():
    if len(sys.argv) == 2 and sys.argv[1].isdigit() and 0 < int(sys.argv[1]) < 65536:
        return int(sys.argv[1])
    sys.stderr.write("usage: thread_server.py PORT\n")
    sys.exit(2)


def listen_on(port):
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind(("", port))
    except OSError as e:
        print("bind error:", e.strerror, file=sys.stderr)
        sys.exit(1)
    sock.listen(64)
    return sock


def serve(conn):
    with conn:
        conn.settimeout(120)
        try:
            while True:
                try:
                    data = conn.recv(200_000)
                except TimeoutError:
                    continue
                if not data:
                    break
                conn.send(data)
        except OSError as e:
            print("client lost:", e, file=sys.stderr)


def main():
    listener = listen_on(get_port())
    while True:
        conn, address = listener.accept()
        threading.Thread(target=serve, args=(conn,), daemon=True).start()


main()
