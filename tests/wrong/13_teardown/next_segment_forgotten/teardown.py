"""An endpoint of two independent halves; its state is a view of both."""

from segment import ACK, FIN, RST, SYN, Segment

SIZE = 2**32
HALF = 2**31
PIECE = 100
MSL = 30


def distance(a, b):
    """How far it is from a to b; negative if b lies before a."""
    return (b - a + HALF) % SIZE - HALF


class Outgoing:
    def __init__(self, nxt):
        self.nxt = nxt
        self.flying = []  # [first number, payload, fin, when to send again, timeout]
        self.fin = None  # the number after the FIN's

    def put(self, payload, fin, now):
        entry = [self.nxt, payload, fin, now + 1, 1]
        self.flying.append(entry)
        self.nxt = (self.nxt + len(payload) + fin) % SIZE
        if fin:
            self.fin = self.nxt
        return entry

    def acknowledged(self, ack):
        if distance(ack, self.nxt) < 0:
            return False
        self.flying = [e for e in self.flying if distance(ack, e[0] + e[2]) > 0]
        return True

    def due(self, now):
        for entry in self.flying:
            if now >= entry[3]:
                entry[4] = min(entry[4] * 2, 60)
                entry[3] = now + entry[4]
                yield entry

    @property
    def finished(self):
        return self.fin is not None and not self.flying


class Incoming:
    def __init__(self, nxt):
        self.nxt = nxt
        self.bytes = {}  # by number
        self.data = bytearray()
        self.fin_at = None
        self.finished = False

    def put(self, seq, payload, fin):
        if self.finished:
            return
        for index, value in enumerate(payload):
            if distance(self.nxt, seq + index) >= 0:
                self.bytes[(seq + index) % SIZE] = value
        if fin:
            self.fin_at = (seq + len(payload)) % SIZE
        while self.nxt in self.bytes:
            self.data.append(self.bytes.pop(self.nxt))
            self.nxt = (self.nxt + 1) % SIZE
        if self.nxt == self.fin_at:
            self.nxt = (self.nxt + 1) % SIZE
            self.finished = True


class Endpoint:
    def __init__(self, local_port, remote_port, snd_nxt, rcv_nxt):
        self.ports = local_port, remote_port
        self.out = Outgoing(snd_nxt)
        self.into = Incoming(rcv_nxt)
        self.first = None  # which direction was closed first: "out" or "in"
        self.gone = False
        self.error = None
        self.now = 0.0
        self.end = None

    @property
    def received(self):
        return bytes(self.into.data)

    @property
    def eof(self):
        return self.into.finished

    @property
    def state(self):
        sent, acknowledged, heard = self.out.fin is not None, self.out.finished, self.into.finished
        if self.gone:
            return "CLOSED"
        if not sent:
            return "CLOSE-WAIT" if heard else "ESTABLISHED"
        if not heard:
            return "FIN-WAIT-2" if acknowledged else "FIN-WAIT-1"
        if self.first == "in":
            return "LAST-ACK"
        return "TIME-WAIT" if acknowledged else "CLOSING"

    def _segments(self, entries):
        return [
            Segment(*self.ports, seq, self.into.nxt, ACK | (FIN if fin else 0), 65535, payload)
            for seq, payload, fin, _when, _timeout in entries
        ]

    def _ack(self):
        return [Segment(*self.ports, self.out.nxt, self.into.nxt, ACK)]

    def send(self, data):
        if self.gone or self.out.fin is not None:
            raise OSError("closed")
        pieces = [data[i : i + PIECE] for i in range(0, len(data), PIECE)]
        return self._segments([self.out.put(piece, 0, self.now) for piece in pieces])

    def close(self):
        if self.gone or self.out.fin is not None:
            raise OSError("closed already")
        self.first = self.first or "out"
        return self._segments([self.out.put(b"", 1, self.now)])

    def receive(self, segment):
        if self.gone:
            return []
        offset = distance(self.into.nxt, segment.seq)
        last = offset + max(segment.length, 1) - 1
        if not (0 <= offset < 65535 or 0 <= last < 65535):
            if segment.flags & RST:
                return []
            if segment.flags & FIN and self.end is not None:
                self.end = self.now + 2 * MSL
            return self._ack()
        if segment.flags & RST:
            if self.state in ("ESTABLISHED", "FIN-WAIT-1", "FIN-WAIT-2", "CLOSE-WAIT"):
                self.error = "connection reset"
            self.gone = True
            return []
        if segment.flags & SYN or not segment.flags & ACK:
            return []
        if not self.out.acknowledged(segment.ack):
            return self._ack()
        self.into.put(segment.seq, segment.payload, bool(segment.flags & FIN))
        if self.into.finished:
            self.first = self.first or "in"
        if self.out.finished and self.into.finished:
            if self.first == "in":
                self.gone = True
            elif self.end is None:
                self.end = self.now + 2 * MSL
        return self._ack() if segment.length else []

    def tick(self, now):
        self.now = now
        if self.end is not None and now >= self.end:
            self.gone = True
        return [] if self.gone else self._segments(self.out.due(now))
