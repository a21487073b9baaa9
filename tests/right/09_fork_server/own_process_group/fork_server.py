import errno, os, signal, socket, sys
def sig_chld(signo, frame):
    try:
        while True:
            pid, stat = os.waitpid(-1, os.WNOHANG)
            if pid == 0: break
            os.write(1, b"child %d terminated\n" % pid)
    except ChildProcessError: pass
def str_echo(fd):
    while True:
        try:
            n = os.read(fd, 4096)
        except InterruptedError:
            continue
        if not n: return
        while n:
            n = n[os.write(fd, n):]
def main(argv):
    if len(argv) != 2 or not argv[1].isdigit() or not 0 < int(argv[1]) <= 65535:
        print("usage: %s port" % argv[0], file=sys.stderr); return 2
    listenfd = socket.socket()
    listenfd.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try: listenfd.bind(("0.0.0.0", int(argv[1])))
    except OSError as e:
        print("bind error: %s" % e.strerror, file=sys.stderr); return 1
    listenfd.listen(1024)
    os.setpgid(0, 0)
    signal.signal(signal.SIGCHLD, sig_chld)
    def term(*a):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        os.killpg(os.getpgrp(), signal.SIGTERM); os._exit(0)
    signal.signal(signal.SIGTERM, term)
    while True:
        try: connfd, cliaddr = listenfd.accept()
        except OSError as e:
            if e.errno in (errno.EINTR, errno.ECONNABORTED): continue
            raise
        if os.fork() == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            listenfd.close()
            fd = connfd.detach()
            try: str_echo(fd)
            except OSError: pass
            os._exit(0)
        connfd.close()
sys.exit(main(sys.argv))
