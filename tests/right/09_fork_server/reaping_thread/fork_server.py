import os
import signal
import socket
import sys
import threading
import warnings

warnings.simplefilter("ignore", DeprecationWarning)  # fork beside a thread that holds no lock
forked = threading.Semaphore(0)
pids = set()


def reaper():
    while True:
        forked.acquire()
        pid, _status = os.wait()
        pids.discard(pid)


def stop(*_):
    for pid in list(pids):
        try:
            os.kill(pid, signal.SIGTERM)
        except ProcessLookupError:
            pass  # the reaper was faster
    os._exit(0)


def echo(connection):
    try:
        while data := connection.recv(4096):
            connection.sendall(data)
    except OSError:
        pass
    connection.close()


def main(argv):
    if len(argv) != 2 or not argv[1].isdecimal() or not 1 <= int(argv[1]) <= 65535:
        print("usage: fork_server.py PORT", file=sys.stderr)
        return 2
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("", int(argv[1])))
    except OSError as error:
        print("bind error: " + error.strerror, file=sys.stderr)
        return 1
    listener.listen(128)
    signal.signal(signal.SIGTERM, stop)
    threading.Thread(target=reaper, daemon=True).start()
    while True:
        connection, _ = listener.accept()
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
            listener.close()
            echo(connection)
            os._exit(0)
        pids.add(pid)
        forked.release()
        connection.close()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})


sys.exit(main(sys.argv))
