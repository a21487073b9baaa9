from bisect import insort
from segment import ACK, PSH, Segment

M = 1 << 32


class Sender:
    def __init__(self, source_port, destination_port, seq, ack, window, mss):
        self.p = source_port, destination_port
        self.base = seq
        self.ack = ack
        self.wnd = window
        self.mss = mss
        # absolute offsets from `seq`
        self.buf = bytearray()
        self.start = 0  # offset of buf[0] == una
        self.next = 0
        self.max = 0
        self.now = 0.0
        self.rto = 1.0
        self.timer = None
        self.persist = None
        self.pto = 1.0
        self.dups = 0
        self.recover = None

    end = property(lambda s: s.start + len(s.buf))

    def out(self, a, n):
        d = bytes(self.buf[a - self.start : a - self.start + n])
        self.max = max(self.max, a + n)
        return Segment(
            *self.p,
            (self.base + a) % M,
            self.ack,
            ACK | (PSH if a + n == self.end else 0),
            payload=d,
        )

    def push(self):
        r = []
        while True:
            usable = self.start + self.wnd - self.next
            n = min(self.mss, usable, self.end - self.next)
            if n <= 0:
                break
            if n < self.mss and n < self.end - self.next and self.next > self.start:
                break  # silly
            r.append(self.out(self.next, n))
            self.next += n
        flight = self.next > self.start
        if flight:
            self.persist = None
            if self.timer is None:
                self.timer = self.now + self.rto
        else:
            self.timer = None
            if self.buf and self.wnd == 0:
                if self.persist is None:
                    self.pto = 1.0
                    self.persist = self.now + self.pto
            else:
                self.persist = None
        return r

    def send(self, data):
        self.buf += data
        return self.push()

    def receive(self, s):
        a = self.base + self.start
        new = (s.ack - a) % M
        if new >= 1 << 31 or self.start + new > self.max:
            return []
        r = []
        if new:
            del self.buf[:new]
            self.start += new
            self.next = max(self.next, self.start)
            self.wnd = s.window
            self.rto = 1.0
            self.dups = 0
            self.timer = None
            self.persist = None
            if self.recover is not None:
                if self.start >= self.recover:
                    self.recover = None
                elif self.next > self.start and self.wnd:
                    r.append(self.out(self.start, min(self.mss, self.next - self.start, self.wnd)))
        else:
            if s.window == self.wnd and self.next > self.start:
                self.dups += 1
                if self.dups == 3 and self.recover is None and self.wnd:
                    self.recover = self.next
                    r.append(self.out(self.start, min(self.mss, self.next - self.start, self.wnd)))
            else:
                self.dups = 0
            self.wnd = s.window
        return r + self.push()

    def tick(self, now):
        self.now = now
        if self.timer is not None and now >= self.timer:
            self.rto = min(60.0, self.rto * 2)
            self.timer = None
            self.recover = None
            self.dups = 0
            # go back N
            top = self.next
            r = []
            if self.wnd == 0 or self.wnd < top - self.start:
                self.timer = now + self.rto
                return [self.out(self.start, min(self.mss, top - self.start, max(1, self.wnd)))]
            a = self.start
            while a < top:
                n = min(self.mss, top - a)
                r.append(self.out(a, n))
                a += n
            self.timer = now + self.rto
            return r
        if self.persist is not None and now >= self.persist:
            self.pto = min(60.0, self.pto * 2)
            self.persist = now + self.pto
            return [self.out(self.start, 1)]
        return []


class Receiver:
    def __init__(self, source_port, destination_port, seq, ack, buffer):
        self.p = source_port, destination_port
        self.seq = seq
        self.base = ack
        self.n = 0
        self.size = buffer
        self.got = b""
        self.parts = []
        self.told = buffer

    def me(self):
        self.told = self.size - len(self.got)
        return Segment(*self.p, self.seq, (self.base + self.n) % M, ACK, self.told)

    def receive(self, s):
        if not s.payload:
            return []
        a = (s.seq - self.base - self.n + (M >> 1)) % M - (M >> 1) + self.n
        d = s.payload
        limit = self.n + self.size - len(self.got)
        d = d[: max(0, limit - a)] if a + len(d) > limit else d
        if a < self.n:
            d = d[self.n - a :]
            a = self.n
        if d:
            insort(self.parts, (a, d))
        while self.parts and self.parts[0][0] <= self.n:
            a, d = self.parts.pop(0)
            d = d[self.n - a :]
            self.got += d
            self.n += len(d)
        return [self.me()]

    def read(self, size):
        d, self.got = self.got[:size], self.got[size:]
        return (d, [self.me()]) if d else (d, [])
