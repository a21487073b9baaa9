import os
import select
import signal
import socket
import sys


def wait_for(fd, event):
    poll = select.poll()
    poll.register(fd, event)
    poll.poll()


def echo(fd):
    os.set_blocking(fd, False)
    while True:
        wait_for(fd, select.POLLIN)
        data = os.read(fd, 1 << 20)
        if not data:
            return
        wait_for(fd, select.POLLOUT)
        os.write(fd, data)


def sigchld(*_):
    pid = 1
    while pid:
        try:
            pid, _status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            pid = 0


def sigterm(*_):
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.kill(0, signal.SIGTERM)


def main():
    try:
        port = int(sys.argv[1])
    except (IndexError, ValueError):
        port = 0
    if port < 1 or port > 65535:
        os.write(2, b"usage: fork_server.py PORT\n")
        return 2
    lfd = socket.socket()
    lfd.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        lfd.bind(("", port))
    except OSError as e:
        os.write(2, f"bind error: {e.strerror}\n".encode())
        return 1
    lfd.listen(128)
    signal.signal(signal.SIGCHLD, sigchld)
    signal.signal(signal.SIGTERM, sigterm)
    while True:
        cfd = lfd.accept()[0].detach()
        if os.fork() == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            lfd.close()
            try:
                echo(cfd)
            finally:
                os._exit(0)
        os.close(cfd)


sys.exit(main())
