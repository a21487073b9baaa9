from dataclasses import dataclass

from segment import ACK, Segment

WRAP = 1 << 32


@dataclass
class Flight:
    at: int  # where in the stream
    data: bytes
    sent: float
    timeout: float = 1.0


class Sender:
    """Counts in positions of the stream, which never wrap; numbers are made when a segment goes out."""

    def __init__(self, source_port, destination_port, seq, ack, window, mss):
        self.ports = source_port, destination_port
        self.first = seq
        self.ack = ack
        self.window = window
        self.mss = mss
        self.waiting = bytearray()
        self.acked = 0
        self.next = 0
        self.flights = []
        self.now = 0.0
        self.closed_since = None
        self.pause = 1.0
        self.prober = None

    def send(self, data):
        self.waiting.extend(data)
        return self._more()

    def _out(self, flight):
        return Segment(*self.ports, (self.first + flight.at) % WRAP, self.ack, ACK, 65535, flight.data)

    def _launch(self, size):
        flight = Flight(self.next, bytes(self.waiting[:size]), self.now)
        del self.waiting[:size]
        self.next += size
        self.flights.append(flight)
        return self._out(flight)

    def _more(self):
        out = []
        while self.waiting:
            size = min(self.mss, self.acked + self.window - self.next)
            if size <= 0:
                break
            out.append(self._launch(size))
        if self.waiting and self.window == 0 and not self.flights:
            if self.closed_since is None:
                self.closed_since, self.pause = self.now, 1.0
        else:
            self.closed_since = None
        return out

    def receive(self, segment):
        ahead = (segment.ack - self.first - self.acked) % WRAP
        if ahead >= WRAP // 2 or self.acked + ahead > self.next:
            return []
        opened = self.window == 0 and segment.window > 0
        self.acked += ahead
        self.window = segment.window
        self.flights = [f for f in self.flights if f.at + len(f.data) > self.acked]
        out = []
        if opened:  # what was a probe, or came to a closed window, is lost
            for flight in self.flights:
                flight.sent, flight.timeout = self.now, 1.0
                if flight.at + len(flight.data) <= self.acked + self.window:
                    out.append(self._out(flight))
        return out + self._more()

    def tick(self, now):
        self.now = now
        out = []
        if self.closed_since is not None and now >= self.closed_since + self.pause:
            out.append(self._launch(1))
            self.flights[-1].timeout = 2 * self.pause
            self.closed_since = None
            return out
        for flight in self.flights:
            if now < flight.sent + flight.timeout:
                continue
            flight.sent = now
            flight.timeout = min(60.0, flight.timeout * 2)
            if flight.at + len(flight.data) <= self.acked + self.window or flight is self.flights[0]:
                out.append(self._out(flight))
        return out


class Receiver:
    def __init__(self, source_port, destination_port, seq, ack, buffer):
        self.ports = source_port, destination_port
        self.seq = seq
        self.first = ack
        self.ring = [None] * buffer
        self.head = 0  # position that the user reads next
        self.tail = 0  # first position that is missing
        self.told = buffer

    def receive(self, segment):
        if len(segment.payload) == 0:
            return []
        gap = (segment.seq - self.first - self.tail) % WRAP
        if gap >= WRAP // 2:
            gap -= WRAP
        at = self.tail + gap
        for position in range(max(at, self.tail), min(at + len(segment.payload), self.head + len(self.ring))):
            self.ring[position % len(self.ring)] = segment.payload[position - at]
        while self.tail < self.head + len(self.ring) and self.ring[self.tail % len(self.ring)] is not None:
            self.tail += 1
        return [self._answer()]

    def _answer(self):
        self.told = self.head + len(self.ring) - self.tail
        return Segment(*self.ports, self.seq, (self.first + self.tail) % WRAP, ACK, self.told)

    def read(self, size):
        data = bytearray()
        while len(data) < size and self.head < self.tail:
            place = self.head % len(self.ring)
            data.append(self.ring[place])
            self.ring[place] = None
            self.head += 1
        free = self.head + len(self.ring) - self.tail
        return bytes(data), [self._answer()] if data and free > self.told else []
