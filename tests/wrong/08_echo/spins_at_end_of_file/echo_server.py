import argparse
import socket
import sys
import time


def port_number(text):
    number = int(text)
    if not 0 < number < 2**16:
        raise ValueError
    return number


def make_server():
    parser = argparse.ArgumentParser(description="TCP echo server")
    parser.add_argument("port", type=port_number)
    port = parser.parse_args().port
    try:
        return socket.create_server(("", port), backlog=100)
    except OSError as error:
        print(f"bind error: {error.strerror}", file=sys.stderr)
        sys.exit(1)


def main():
    server = make_server()
    while True:
        conn, _ = server.accept()
        try:
            while True:
                data = conn.recv(1024)
                if data:
                    conn.sendall(data)
                else:
                    time.sleep(0.05)
        except OSError as e:
            print("closed:", e, file=sys.stderr)
        conn.close()


main()
