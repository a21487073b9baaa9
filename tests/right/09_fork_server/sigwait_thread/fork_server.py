import os
import signal
import socket
import sys
import threading
import warnings

warnings.filterwarnings("ignore", category=DeprecationWarning)
SIGNALS = {signal.SIGCHLD, signal.SIGTERM}


def attend_to_signals():
    while True:
        if signal.sigwait(SIGNALS) == signal.SIGTERM:
            os.killpg(0, signal.SIGKILL)
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            pass


def talk(connection):
    buffer = bytearray(4096)
    view = memoryview(buffer)
    try:
        while count := connection.recv_into(buffer):
            connection.sendall(view[:count])
    except ConnectionError:
        pass


def main(port):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("", port))
    except OSError as error:
        print(f"bind error: {error.strerror}", file=sys.stderr)
        sys.exit(1)
    listener.listen(128)
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    threading.Thread(target=attend_to_signals, daemon=True).start()
    while True:
        connection = listener.accept()[0]
        if not os.fork():
            signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
            listener.close()
            talk(connection)
            os._exit(0)
        connection.close()


try:
    number = int(sys.argv[1])
    if not 0 < number < 2**16:
        raise ValueError("no port")
except (IndexError, ValueError):
    print("usage: fork_server.py PORT", file=sys.stderr)
    sys.exit(2)
main(number)
