import selectors
import socket
import sys


def get_port():
    if len(sys.argv) == 2 and sys.argv[1].isdigit() and 0 < int(sys.argv[1]) < 65536:
        return int(sys.argv[1])
    sys.stderr.write("usage: echo_server.py PORT\n")
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


MAX_PENDING = 1 << 16


def close(selector, conn):
    selector.unregister(conn)
    conn.close()


def move(selector, key, events):
    conn, state = key.fileobj, key.data
    if events & selectors.EVENT_READ:
        data = conn.recv(4096)
        state["open"] = bool(data)
        state["pending"] += data
    if events & selectors.EVENT_WRITE:
        state["pending"] = state["pending"][conn.send(state["pending"]):]
    wanted = selectors.EVENT_WRITE if state["pending"] else 0
    if state["open"] and len(state["pending"]) < MAX_PENDING:
        wanted |= selectors.EVENT_READ
    if wanted:
        selector.modify(conn, wanted, state)
    else:
        close(selector, conn)


def main():
    listener = listen_on(get_port())
    selector = selectors.DefaultSelector()
    selector.register(listener, selectors.EVENT_READ)
    while True:
        for key, events in selector.select():
            if key.fileobj is listener:
                conn, _ = listener.accept()
                conn.setblocking(False)
                selector.register(conn, selectors.EVENT_READ, {"pending": b"", "open": True})
                continue
            try:
                move(selector, key, events)
            except OSError as e:
                print("client lost:", e.strerror, file=sys.stderr)
                close(selector, key.fileobj)


main()
