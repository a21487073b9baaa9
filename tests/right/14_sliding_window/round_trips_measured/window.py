"""A sliding window by absolute offsets, with round trips measured."""
from segment import ACK, Segment

M = 2 ** 32


class Chunk:
    def __init__(self, start, data, when):
        self.start, self.data, self.when, self.times = start, data, when, 1

    @property
    def end(self):
        return self.start + len(self.data)


class Sender:
    def __init__(self, source_port, destination_port, seq, ack, window, mss):
        self.sp, self.dp, self.isn, self.ack, self.mss = source_port, destination_port, seq, ack, mss
        self.edge = window
        self.acked = 0
        self.unsent = b""
        self.inflight = []
        self.srtt = self.rttvar = None
        self.rto = 1.0
        self.backoff = 1
        self.timer = None
        self.persist = None
        self.persist_backoff = 1
        self.clock = 0.0
        self.probed = 0

    @property
    def sent(self):
        return self.inflight[-1].end if self.inflight else self.acked

    def make(self, chunk, limit=None):
        return Segment(self.sp, self.dp, (self.isn + chunk.start) % M, self.ack, ACK, payload=chunk.data[:limit])

    def pump(self):
        out = []
        while self.unsent:
            n = min(self.mss, self.edge - self.sent, len(self.unsent))
            if n <= 0:
                break
            c = Chunk(self.sent, self.unsent[:n], self.clock)
            self.unsent = self.unsent[n:]
            self.inflight.append(c)
            out.append(self.make(c))
        if self.inflight:
            if self.timer is None:
                self.timer = self.clock + min(60, self.rto * self.backoff)
            self.persist = None
        else:
            self.timer = None
            if self.unsent and self.persist is None:
                self.persist_backoff = 1
                self.persist = self.clock + 1.0
            elif not self.unsent:
                self.persist = None
        return out

    def send(self, data):
        self.unsent += bytes(data)
        return self.pump()

    def receive(self, segment):
        delta = (segment.ack - self.isn - self.acked) % M
        highest = max(self.sent, self.probed)
        if delta >= M // 2 or self.acked + delta > highest:
            return []
        new = self.acked + delta
        sent = self.sent
        if new > self.acked:
            self.backoff = 1
            keep = []
            for c in self.inflight:
                if c.end <= new:
                    if c.times == 1:
                        self.sample(self.clock - c.when)
                elif c.start < new:
                    c.data = c.data[new - c.start:]
                    c.start = new
                    keep.append(c)
                else:
                    keep.append(c)
            self.inflight = keep
            if new > sent:
                self.unsent = self.unsent[new - sent:]
            self.acked = new
            self.timer = None
            self.persist = None
        self.edge = new + segment.window
        return self.pump()

    def sample(self, r):
        if self.srtt is None:
            self.srtt, self.rttvar = r, r / 2
        else:
            self.rttvar = 0.75 * self.rttvar + 0.25 * abs(self.srtt - r)
            self.srtt = 0.875 * self.srtt + 0.125 * r
        self.rto = max(1.0, self.srtt + 4 * self.rttvar)

    def tick(self, now):
        self.clock = now
        out = []
        if self.timer is not None and now >= self.timer:
            self.backoff *= 2
            self.timer = now + min(60, self.rto * self.backoff)
            c = self.inflight[0]
            c.times += 1
            out.append(self.make(c))
        if self.persist is not None and now >= self.persist:
            self.persist_backoff *= 2
            self.persist = now + min(60, 1.0 * self.persist_backoff)
            self.probed = self.acked + 1
            out.append(self.make(Chunk(self.acked, self.unsent[:1], now)))
        return out


class Receiver:
    def __init__(self, source_port, destination_port, seq, ack, buffer):
        self.sp, self.dp, self.seq, self.irs, self.buffer = source_port, destination_port, seq, ack, buffer
        self.next = 0
        self.taken = 0
        self.stream = b""
        self.pieces = []  # (start, bytes), sorted, may overlap
        self.told = buffer

    def window(self):
        return self.buffer - len(self.stream)

    def answer(self):
        self.told = self.window()
        return Segment(self.sp, self.dp, self.seq, (self.irs + self.next) % M, ACK, window=self.told)

    def receive(self, segment):
        if not segment.payload:
            return []
        d = (segment.seq - self.irs - self.next) % M
        if d >= M // 2:
            d -= M
        start = self.next + d
        data = segment.payload
        if start < self.next:
            data = data[self.next - start:]
            start = self.next
        room = self.next + self.window() - start
        data = data[:max(0, room)]
        if data:
            self.pieces.append((start, data))
            self.pieces.sort(key=lambda p: p[0])
            rest = []
            for s, b in self.pieces:
                if s <= self.next:
                    fresh = b[self.next - s:]
                    self.stream += fresh
                    self.next += len(fresh)
                else:
                    rest.append((s, b))
            self.pieces = rest
        return [self.answer()]

    def read(self, size):
        out, self.stream = self.stream[:size], self.stream[size:]
        if out:
            return out, [self.answer()]
        return out, []
