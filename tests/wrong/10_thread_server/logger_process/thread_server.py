import os
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


def start_logger():
    """Fork a process that copies a pipe to standard error; it ends when the pipe does."""
    read_end, write_end = os.pipe()
    if os.fork() == 0:
        os.close(write_end)
        while line := os.read(read_end, 4096):
            os.write(2, line)
        os._exit(0)
    os.close(read_end)
    return write_end


def serve(conn, address, log):
    os.write(log, f"{address} connected\n".encode())
    with conn:
        try:
            while data := conn.recv(4096):
                conn.sendall(data)
        except OSError as e:
            os.write(log, f"{address} {e.strerror}\n".encode())


def main():
    port = get_port()
    log = start_logger()
    listener = listen_on(port)
    while True:
        conn, address = listener.accept()
        threading.Thread(target=serve, args=(conn, address, log), daemon=True).start()


main()
