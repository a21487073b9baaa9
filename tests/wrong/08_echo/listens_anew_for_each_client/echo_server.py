import os, socket, sys
def listen(port):
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try: s.bind(("", port))
    except OSError as e:
        print("bind error:", os.strerror(e.errno), file=sys.stderr); sys.exit(1)
    s.listen(5)
    return s
def main():
    try:
        port = int(sys.argv[1]); assert len(sys.argv) == 2 and 0 < port < 65536
    except (ValueError, IndexError, AssertionError):
        print("usage: echo_server.py PORT", file=sys.stderr); sys.exit(2)
    while True:
        s = listen(port)
        c, _ = s.accept()
        s.close()
        try:
            while d := c.recv(4096): c.sendall(d)
        except OSError: pass
        c.close()
main()
