import selectors
import socket
import sys

try:
    port = int(sys.argv[1])
    if port < 1 or port > 65535:
        raise ValueError(port)
except (IndexError, ValueError):
    print("Usage: python3 echo_server.py PORT", file=sys.stderr)
    sys.exit(2)

listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
try:
    listener.bind(("0.0.0.0", port))
except OSError as error:
    sys.exit(f"bind error: {error.strerror}")
listener.listen(32)

selector = selectors.DefaultSelector()
selector.register(listener, selectors.EVENT_READ)
while True:
    selector.select()
    conn, address = listener.accept()
    conn.setblocking(False)
    pending = b""
    with conn, selectors.PollSelector() as own:
        own.register(conn, selectors.EVENT_READ)
        try:
            while True:
                own.select()
                if pending:
                    pending = pending[conn.send(pending):]
                else:
                    pending = conn.recv(8192)
                    if not pending:
                        break
                own.modify(conn, selectors.EVENT_WRITE if pending else selectors.EVENT_READ)
        except OSError as error:
            print(address, error.strerror, file=sys.stderr)
