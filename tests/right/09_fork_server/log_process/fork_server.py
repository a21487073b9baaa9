import os
import signal
import socket
import sys


def start_log_process(listener):
    """Give the end of a pipe; what is written to it, a process of its own puts on standard error."""
    read_end, write_end = os.pipe()
    if os.fork() == 0:
        listener.close()
        os.close(write_end)
        while line := os.read(read_end, 512):
            os.write(2, line)
        os._exit(0)
    os.close(read_end)
    return write_end


def reap(*_):
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def stop(number, _):
    signal.signal(number, signal.SIG_DFL)
    os.killpg(0, number)


def echo(connection, log):
    os.write(log, b"%d: new client\n" % os.getpid())
    try:
        while data := connection.recv(4096):
            connection.sendall(data)
    except OSError as error:
        os.write(log, b"%d: %s\n" % (os.getpid(), error.strerror.encode()))


def main(argv):
    if len(argv) != 2 or not argv[1].isdecimal() or not 0 < int(argv[1]) < 65536:
        print("usage: fork_server.py PORT", file=sys.stderr)
        return 2
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("", int(argv[1])))
    except OSError as error:
        print("bind error:", error.strerror, file=sys.stderr)
        return 1
    log = start_log_process(listener)
    listener.listen(128)
    signal.signal(signal.SIGCHLD, reap)
    signal.signal(signal.SIGTERM, stop)
    while True:
        connection, _ = listener.accept()
        if os.fork() == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            listener.close()
            echo(connection, log)
            os._exit(0)
        connection.close()


sys.exit(main(sys.argv))
