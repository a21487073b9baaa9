import errno
import os
import signal
import socket
import sys

MAXLINE = 4096


def perr_exit(what, e):
    os.write(2, f"{what} error: {os.strerror(e.errno)}\n".encode())
    os._exit(1)


def writen(fd, buf):
    done = 0
    while done < len(buf):
        try:
            done += os.write(fd, buf[done:])
        except OSError as e:
            if e.errno == errno.EBADF:
                return -1
    return done


def do_child(confd):
    while True:
        try:
            buf = os.read(confd, MAXLINE)
        except OSError:
            break
        if len(buf) == 0 or writen(confd, buf) < 0:
            break
    os.close(confd)
    os._exit(0)


def wait_child(signo, frame):
    try:
        while os.waitpid(0, os.WNOHANG) != (0, 0):
            pass
    except OSError:
        pass


def sig_term(signo, frame):
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.kill(0, signal.SIGTERM)


if len(sys.argv) != 2 or not sys.argv[1].isdigit() or not 1 <= int(sys.argv[1]) <= 65535:
    os.write(2, b"Usage: fork_server.py PORT\n")
    os._exit(2)
lfd_object = socket.socket(socket.AF_INET, socket.SOCK_STREAM, 0)
lfd_object.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
try:
    lfd_object.bind(("0.0.0.0", int(sys.argv[1])))
except OSError as e:
    perr_exit("bind", e)
lfd_object.listen(128)
signal.signal(signal.SIGCHLD, wait_child)
signal.signal(signal.SIGTERM, sig_term)
while True:
    confd = lfd_object.accept()[0].detach()
    pid = os.fork()
    if pid == 0:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.close(lfd_object.fileno())
        do_child(confd)
    os.close(confd)
