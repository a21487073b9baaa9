import signal
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


sessions = {}


class Stop(Exception):
    pass


def stop(number, frame):
    raise Stop


def serve(conn):
    try:
        while data := conn.recv(4096):
            conn.sendall(data)
    except OSError as e:
        print("client lost:", e.strerror, file=sys.stderr)
    finally:
        conn.close()


def shut_down(conn):
    try:
        conn.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # it is closed already


listener = listen_on(get_port())
signal.signal(signal.SIGTERM, stop)
try:
    while True:
        conn, _ = listener.accept()
        thread = threading.Thread(target=serve, args=(conn,))
        sessions[thread] = conn
        thread.start()
        for ended in [t for t in sessions if t.ident and not t.is_alive()]:
            del sessions[ended]
except Stop:
    listener.close()
    for thread, conn in sessions.items():
        shut_down(conn)
        thread.join()
