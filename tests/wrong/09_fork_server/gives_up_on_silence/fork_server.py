import os
import select
import signal
import socket
import sys


def collect(children):
    for pid in list(children):
        done, _ = os.waitpid(pid, os.WNOHANG)
        if done:
            children.remove(pid)


def serve(port):
    children = []
    running = True

    def stop(number, frame):
        nonlocal running
        running = False
        raise InterruptedError

    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("", port))
        except OSError as error:
            sys.stderr.write(f"bind error: {error.strerror}\n")
            return 1
        listener.listen(socket.SOMAXCONN)
        listener.settimeout(1)
        signal.signal(signal.SIGTERM, stop)
        while running:
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                collect(children)
                continue
            except InterruptedError:
                break
            pid = os.fork()
            if pid == 0:
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
                listener.close()
                echo(connection)
            children.append(pid)
            connection.close()
            collect(children)
    for pid in children:
        os.kill(pid, signal.SIGTERM)
    for pid in children:
        os.waitpid(pid, 0)
    return 0


def echo(connection):
    connection.settimeout(None)
    try:
        while select.select([connection], [], [], 3)[0]:
            data = connection.recv(4096)
            if not data:
                break
            connection.sendall(data)
    except OSError:
        pass
    finally:
        connection.close()
        os._exit(0)


if __name__ == "__main__":
    words = sys.argv[1:]
    if len(words) != 1 or not words[0].isascii() or not words[0].isdigit():
        words = ["0"]
    if not 0 < int(words[0]) < 65536:
        sys.stderr.write("usage: fork_server.py PORT\n")
        sys.exit(2)
    sys.exit(serve(int(words[0])))
