import select
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


def talk(conn):
    poll = select.poll()
    pending = b""
    while True:
        poll.register(conn, select.POLLOUT if pending else select.POLLIN)
        poll.poll()
        try:
            if pending:
                pending = pending[conn.send(pending):]
            else:
                pending = conn.recv(32768)
                if not pending:
                    return
        except BlockingIOError:
            continue


def serve(conn):
    conn.setblocking(False)
    try:
        talk(conn)
    except OSError as e:
        print("client lost:", e.strerror, file=sys.stderr)
    finally:
        conn.close()


def main():
    listener = listen_on(get_port())
    while True:
        threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()


main()
