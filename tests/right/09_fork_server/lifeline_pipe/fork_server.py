import os
import select
import signal
import socket
import sys


def echo(connection, lifeline):
    """Send back what comes until the client or the server ends; never wait for one of them only."""
    connection.setblocking(False)
    pending = b""
    while True:
        reading = [lifeline] if pending else [lifeline, connection]
        readable, writable, _ = select.select(reading, [connection] if pending else [], [])
        if lifeline in readable:
            return
        if writable:
            pending = pending[connection.send(pending) :]
        elif readable:
            pending = connection.recv(4096)
            if not pending:
                return


def run(port):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("", port))
    except OSError as error:
        print("bind error:", error.strerror, file=sys.stderr)
        sys.exit(1)
    listener.listen(128)
    lifeline, held_open = os.pipe()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        connection, _ = listener.accept()
        if os.fork() == 0:
            os.close(held_open)
            listener.close()
            try:
                echo(connection, lifeline)
            except OSError:
                pass
            finally:
                os._exit(0)
        connection.close()


def main():
    arguments = sys.argv[1:]
    if len(arguments) == 1 and arguments[0].isdecimal() and 0 < int(arguments[0]) <= 65535:
        run(int(arguments[0]))
    print("usage: fork_server.py PORT", file=sys.stderr)
    sys.exit(2)


main()
