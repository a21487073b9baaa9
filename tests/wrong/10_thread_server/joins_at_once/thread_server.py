import socket
import sys
import threading

try:
    port = int(sys.argv[1])
    if port < 1 or port > 65535:
        raise ValueError(port)
except (IndexError, ValueError):
    print("Usage: python3 thread_server.py PORT", file=sys.stderr)
    sys.exit(2)

listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
try:
    listener.bind(("0.0.0.0", port))
except OSError as error:
    sys.exit(f"bind error: {error.strerror}")
listener.listen(32)


def serve(conn, address):
    try:
        while True:
            data = conn.recv(2048)
            if not data:
                break
            conn.sendall(data)
    except OSError as error:
        print(address, error.strerror, file=sys.stderr)
    finally:
        conn.close()


while True:
    conn, address = listener.accept()
    thread = threading.Thread(target=serve, args=(conn, address))
    thread.daemon = True
    thread.start()
    thread.join()
