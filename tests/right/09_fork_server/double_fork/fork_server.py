import os
import signal
import socket
import sys


def die(message, status):
    print(message, file=sys.stderr)
    raise SystemExit(status)


def parse(args):
    try:
        (text,) = args
        port = int(text)
    except ValueError:
        port = -1
    if port < 1 or port > 65535:
        die("usage: fork_server.py PORT", 2)
    return port


def terminate(number, frame):
    """Grandchildren are nobody's children here, but they are in the server's process group."""
    signal.signal(number, signal.SIG_DFL)
    os.killpg(0, number)


def echo(connection):
    with connection, connection.makefile("rwb", buffering=0) as stream:
        try:
            while data := stream.read(4096):
                view = memoryview(data)
                while view:
                    view = view[stream.write(view) :]
        except OSError:
            pass


def grandchild(listener, connection):
    pid = os.fork()
    if pid == 0:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        listener.close()
        if os.fork() == 0:
            echo(connection)
        os._exit(0)
    os.waitpid(pid, 0)


port = parse(sys.argv[1:])
with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, True)
    try:
        listener.bind(("", port))
    except OSError as error:
        die(f"bind error: {error.strerror}", 1)
    listener.listen(100)
    signal.signal(signal.SIGTERM, terminate)
    while True:
        connection, address = listener.accept()
        with connection:
            grandchild(listener, connection)
