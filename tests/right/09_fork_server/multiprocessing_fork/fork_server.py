import multiprocessing
import signal
import socket
import sys

fork = multiprocessing.get_context("fork")


def serve(listener, connection):
    for number in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    listener.close()
    with connection:
        try:
            while data := connection.recv(4096):
                connection.sendall(data)
        except OSError:
            sys.exit(1)


def reap(number, frame):
    multiprocessing.active_children()


def stop(number, frame):
    for process in multiprocessing.active_children():
        process.kill()
    sys.exit(0)


def get_port():
    if len(sys.argv) == 2:
        try:
            port = int(sys.argv[1])
        except ValueError:
            port = None
        if port and 0 < port <= 0xFFFF:
            return port
    print("usage: fork_server.py PORT", file=sys.stderr)
    sys.exit(2)


def main():
    port = get_port()
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("", port))
    except OSError as error:
        print("bind error:", error.strerror, file=sys.stderr)
        sys.exit(1)
    listener.listen(128)
    signals = {signal.SIGCHLD: reap, signal.SIGTERM: stop}
    for number, handler in signals.items():
        signal.signal(number, handler)
    while True:
        connection, _ = listener.accept()
        signal.pthread_sigmask(signal.SIG_BLOCK, signals)
        fork.Process(target=serve, args=(listener, connection)).start()
        connection.close()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, signals)


if __name__ == "__main__":
    main()
