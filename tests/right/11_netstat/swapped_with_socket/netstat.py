import argparse
import enum
import ipaddress
import socket
from typing import NamedTuple


class State(enum.IntEnum):
    ESTABLISHED = 1
    SYN_SENT = 2
    SYN_RECV = 3
    FIN_WAIT1 = 4
    FIN_WAIT2 = 5
    TIME_WAIT = 6
    CLOSE = 7
    CLOSE_WAIT = 8
    LAST_ACK = 9
    LISTEN = 10
    CLOSING = 11


class Connection(NamedTuple):
    local_host: str
    local_port: int
    remote_host: str
    remote_port: int
    state: str

    @classmethod
    def parse(cls, line):
        words = line.split()
        return cls(*cls._end(words[1]), *cls._end(words[2]), State(int(words[3], 16)).name)

    @staticmethod
    def _end(word):
        address, port = (int(part, 16) for part in word.split(":"))
        return str(ipaddress.IPv4Address(socket.ntohl(address))), int(port)

    def __str__(self):
        return f"{self.local_host}:{self.local_port} {self.remote_host}:{self.remote_port} {self.state}"


def connections(port=None):
    with open("/proc/net/tcp", encoding="ascii") as lines:
        rows = sorted({Connection.parse(line) for line in lines if not line.lstrip().startswith("sl")})
    return [row for row in rows if port is None or port in {row.local_port, row.remote_port}]


def a_port(text):
    port = int(text)
    if not 0 < port < 1 << 16:
        raise ValueError
    return port


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("port", nargs="?", type=a_port)
    for row in connections(parser.parse_args().port):
        print(row)
