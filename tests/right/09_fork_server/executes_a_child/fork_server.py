import os, signal, socket, sys, threading, time


def port():
    a = sys.argv[1:]
    if len(a) != 1 or not a[0].isascii() or not a[0].isdigit() or not 1 <= int(a[0]) <= 65535:
        print("Usage: server PORT", file=sys.stderr)
        sys.exit(2)
    return int(a[0])


def listening():
    p = port()
    l = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    l.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        l.bind(("", p))
    except OSError as e:
        sys.stderr.write("bind error: " + e.strerror + "\n")
        sys.exit(1)
    l.listen(200)
    return l


# the child executes python again, with the connection as standard input and output
if sys.argv[1:] == ["--child"]:
    try:
        while d := os.read(0, 4096):
            while d:
                d = d[os.write(1, d) :]
    except OSError:
        pass
    sys.exit(0)
l = listening()
kids = set()
ALL = {signal.SIGCHLD, signal.SIGTERM, signal.SIGINT}


def reap(*_):
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        kids.discard(pid)


def stop(*_):
    signal.pthread_sigmask(signal.SIG_BLOCK, ALL)
    for k in kids:
        os.kill(k, signal.SIGTERM)
    sys.exit()


signal.signal(signal.SIGCHLD, reap)
signal.signal(signal.SIGTERM, stop)
signal.signal(signal.SIGINT, stop)
while True:
    c, _ = l.accept()
    signal.pthread_sigmask(signal.SIG_BLOCK, ALL)
    pid = os.fork()
    if not pid:
        for s in ALL:
            signal.signal(s, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ALL)
        os.dup2(c.fileno(), 0)
        os.dup2(c.fileno(), 1)
        os.execv(sys.executable, [sys.executable, "-S", "-E", __file__, "--child"])
    kids.add(pid)
    c.close()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ALL)
