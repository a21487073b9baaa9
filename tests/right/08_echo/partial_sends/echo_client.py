import socket
import sys
import threading

problems = []


def print_replies(sock):
    try:
        while data := sock.recv(4096):
            sys.stdout.buffer.write(data)
    except OSError as error:
        problems.append(error)
    sys.stdout.buffer.flush()


def main(host, port):
    with socket.create_connection((host, port)) as sock:
        reader = threading.Thread(target=print_replies, args=(sock,))
        reader.start()
        try:
            for line in sys.stdin.buffer:
                sock.sendall(line)
            sock.shutdown(socket.SHUT_WR)
        except OSError as error:
            problems.append(error)
        reader.join()


try:
    arguments = sys.argv[1], int(sys.argv[2])
    if len(sys.argv) > 3 or not 0 < arguments[1] < 1 << 16:
        raise ValueError
except (IndexError, ValueError):
    print(f"Usage: {sys.argv[0]} HOST PORT", file=sys.stderr)
    sys.exit(2)
try:
    main(*arguments)
except OSError as error:
    problems.append(error)
for problem in problems:
    print(problem, file=sys.stderr)
sys.exit(1 if problems else 0)
