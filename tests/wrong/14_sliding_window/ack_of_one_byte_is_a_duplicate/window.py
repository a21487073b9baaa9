import bisect

from segment import *


def diff(a, b):
    d = (a - b) & 0xFFFFFFFF
    return d - 0x100000000 if d & 0x80000000 else d


class Sender:
    def __init__(self, source_port, destination_port, seq, ack, window, mss):
        self.sp = source_port
        self.dp = destination_port
        self.ack = ack
        self.mss = mss
        self.wnd = window
        self.una = seq
        self.nxt = seq
        self.data = bytearray()
        self.t = 0.0
        self.srtt = None
        self.rttvar = 0
        self.rto = 1.0
        self.backoff = 1
        self.timer = None
        self.timed = None  # (number that must be acknowledged, time sent)
        self.dups = 0
        self.recover = None
        self.probing = False

    def flight(self):
        return diff(self.nxt, self.una)

    def send(self, data):
        self.data += data
        return self.transmit()

    def segment(self, offset, size):
        return Segment(source_port=self.sp, destination_port=self.dp, seq=(self.una + offset) & 0xFFFFFFFF, ack=self.ack,
                       flags=ACK, payload=bytes(self.data[offset:offset + size]))

    def transmit(self):
        segments = []
        while True:
            flight = self.flight()
            size = min(self.mss, self.wnd - flight, len(self.data) - flight)
            if size <= 0:
                break
            segments.append(self.segment(flight, size))
            self.nxt = (self.nxt + size) & 0xFFFFFFFF
            if self.timed is None:
                self.timed = (self.nxt, self.t)
        if self.timer is None and self.data:
            self.timer = self.t + min(60, self.rto * self.backoff)
        if not self.data:
            self.timer = None
        return segments

    def measure(self, r):
        if self.srtt is None:
            self.srtt, self.rttvar = r, r / 2
        else:
            self.rttvar = 0.75 * self.rttvar + 0.25 * abs(self.srtt - r)
            self.srtt = 0.875 * self.srtt + 0.125 * r
        self.rto = max(1.0, self.srtt + 4 * self.rttvar)
        self.backoff = 1

    def receive(self, s):
        n = diff(s.ack, self.una)
        if n < 0 or n > max(self.flight(), 1 if self.probing else 0):
            return []
        out = []
        if n > 1:
            if self.timed and diff(s.ack, self.timed[0]) >= 0:
                self.measure(self.t - self.timed[1])
                self.timed = None
            if self.flight() < n:
                self.nxt = s.ack
            del self.data[:n]
            self.una = s.ack
            self.dups = 0
            self.timer = None
            self.probing = False
            if self.recover is not None and diff(s.ack, self.recover) < 0 and self.flight():
                out.append(self.segment(0, min(self.mss, self.flight())))
                self.timed = None
            else:
                self.recover = None
        elif s.window == self.wnd and self.flight() and self.wnd:
            self.dups += 1
            if self.dups == 3 and self.recover is None:
                self.recover = self.nxt
                self.timed = None
                out.append(self.segment(0, min(self.mss, self.flight())))
        if self.wnd == 0 and s.window:
            self.timer, self.backoff, self.probing = None, 1, False
        self.wnd = s.window
        return out + self.transmit()

    def tick(self, now):
        self.t = now
        if self.timer is None or self.timer > now:
            return []
        self.backoff *= 2
        self.timer = now + min(60, self.rto * self.backoff)
        self.timed = None
        if self.flight() == 0:
            self.probing = True
            return [self.segment(0, 1)]
        self.recover = self.nxt
        return [self.segment(0, min(self.mss, self.flight()))]


class Receiver:
    def __init__(self, source_port, destination_port, seq, ack, buffer):
        self.sp, self.dp = source_port, destination_port
        self.seq, self.nxt, self.cap = seq, ack, buffer
        self.ready = []
        self.count = 0
        self.early = []  # (offset from the beginning, bytes), sorted
        self.total = 0  # bytes in order so far
        self.window = buffer

    def receive(self, s):
        if not s.payload:
            return []
        at = self.total + diff(s.seq, self.nxt)
        room = self.total + self.cap - self.count
        bisect.insort(self.early, (at, s.payload[:max(0, room - at)]))
        while self.early and self.early[0][0] <= self.total:
            at, data = self.early.pop(0)
            data = data[self.total - at:]
            if data:
                self.ready.append(data)
                self.count += len(data)
                self.total += len(data)
                self.nxt = (self.nxt + len(data)) & 0xFFFFFFFF
        self.early = [piece for piece in self.early if piece[1]]
        return [self.ackseg()]

    def ackseg(self):
        self.window = self.cap - self.count
        return Segment(self.sp, self.dp, self.seq, self.nxt, ACK, self.window)

    def read(self, size):
        all_of_it = b"".join(self.ready)
        data, rest = all_of_it[:size], all_of_it[size:]
        self.ready = [rest] if rest else []
        self.count = len(rest)
        return data, ([self.ackseg()] if self.window == 0 and data else [])
