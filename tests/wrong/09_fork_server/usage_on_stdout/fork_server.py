import os
import signal
import socket
import sys


def usage():
    print("usage: fork_server.py PORT")
    sys.exit(2)


def reap(*_):
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def stop(*_):
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.killpg(0, signal.SIGTERM)


def child(conn):
    while data := conn.recv(4096):
        conn.sendall(data)
    conn.close()


def main():
    if len(sys.argv) != 2 or not sys.argv[1].isdecimal():
        usage()
    port = int(sys.argv[1])
    if port < 1 or port > 65535:
        usage()
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("", port))
    except OSError as error:
        sys.stderr.write(f"bind error: {error.strerror}\n")
        sys.exit(1)
    listener.listen(128)
    signal.signal(signal.SIGCHLD, reap)
    signal.signal(signal.SIGTERM, stop)
    while True:
        conn, _ = listener.accept()
        if os.fork() == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            listener.close()
            try:
                child(conn)
            finally:
                os._exit(0)
        conn.close()


if __name__ == "__main__":
    main()
