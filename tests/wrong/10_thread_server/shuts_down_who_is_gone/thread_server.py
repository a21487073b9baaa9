import os
import signal
import socket
import sys
import threading

served = []  # the connections


def serve(connection):
    try:
        while True:
            data = connection.recv(4096)
            if not data:
                break
            connection.sendall(data)
    except OSError:
        pass
    connection.close()


def stop(signum, frame):
    for connection in served:
        connection.shutdown(socket.SHUT_RDWR)
    sys.exit(0)


def main(arguments):
    if len(arguments) != 1 or not arguments[0].isdecimal() or not 0 < int(arguments[0]) < 65536:
        print("usage: thread_server.py PORT", file=sys.stderr)
        return 2
    try:
        listening = socket.create_server(("", int(arguments[0])), backlog=100)
    except OSError as error:
        print("bind error: " + os.strerror(error.errno), file=sys.stderr)
        return 1
    signal.signal(signal.SIGTERM, stop)
    while True:
        connection, _ = listening.accept()
        served.append(connection)
        threading.Thread(target=serve, args=(connection,)).start()


sys.exit(main(sys.argv[1:]))
