import os
import selectors
import signal
import socket
import sys

if len(sys.argv) == 2 and sys.argv[1].isdecimal() and 0 < int(sys.argv[1]) < 1 << 16:
    PORT = int(sys.argv[1])
else:
    print("usage: fork_server.py PORT", file=sys.stderr)
    sys.exit(2)


def open_listener():
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind(("", PORT))
    except OSError as error:
        print(f"bind error: {error.strerror}", file=sys.stderr)
        sys.exit(1)
    sock.listen(128)
    sock.setblocking(False)
    return sock


def start_child(connection, others):
    pid = os.fork()
    if pid:
        connection.close()
        return pid
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    for other in others:
        other.close()
    connection.setblocking(True)
    try:
        while data := connection.recv(1 << 14):
            connection.sendall(data)
    except OSError:
        pass
    os._exit(0)


listener = open_listener()
bell, hammer = socket.socketpair()
for end in (bell, hammer):
    end.setblocking(False)
signal.set_wakeup_fd(hammer.fileno(), warn_on_full_buffer=False)
for number in (signal.SIGCHLD, signal.SIGTERM):
    signal.signal(number, lambda *_: None)
selector = selectors.DefaultSelector()
selector.register(listener, selectors.EVENT_READ)
selector.register(bell, selectors.EVENT_READ)
running = set()
while True:
    for key, _events in selector.select():
        if key.fileobj is listener:
            try:
                connection, _address = listener.accept()
            except OSError:
                continue
            running.add(start_child(connection, (listener, bell, hammer, selector)))
        else:
            rung = bell.recv(4096)
            if signal.SIGTERM in rung:
                for pid in running:
                    os.kill(pid, signal.SIGTERM)
                sys.exit(0)
            for pid in list(running):
                if os.waitpid(pid, os.WNOHANG)[0]:
                    running.discard(pid)
