"""Offsets instead of numbers: two streams with ends; the state is computed."""
from segment import ACK, FIN, PSH, RST, SYN, Segment

M = 1 << 32


class Endpoint:
    def __init__(self, local_port, remote_port, snd_nxt, rcv_nxt):
        self.lp, self.rp = local_port, remote_port
        self.s0, self.r0 = snd_nxt, rcv_nxt
        self.out = bytearray()
        self.out_end = None        # offset of FIN
        self.una = 0
        self.inn = {}              # offset -> byte
        self.in_end = None
        self.taken = 0             # bytes in order
        self.clock = 0.0
        self.rto = 1.0
        self.due = None
        self.tw = None             # when TIME-WAIT ends
        self.dead = False
        self.error = None
        self.received = b""
        self.simultaneous = False
        self.order = None

    @property
    def eof(self):
        return self.in_end is not None and self.taken == self.in_end

    @property
    def fin_acked(self):
        return self.out_end is not None and self.una > self.out_end

    @property
    def state(self):
        if self.dead:
            return "CLOSED"
        if self.out_end is None:
            return "CLOSE-WAIT" if self.eof else "ESTABLISHED"
        if self.order == "passive":
            return "CLOSED" if self.fin_acked else "LAST-ACK"
        if self.eof:
            return "TIME-WAIT" if self.fin_acked else "CLOSING"
        return "FIN-WAIT-2" if self.fin_acked else "FIN-WAIT-1"

    @property
    def snd(self):
        return len(self.out) + (self.out_end is not None)

    @property
    def rcv(self):
        return self.taken + (1 if self.eof else 0)

    def seg(self, offset, flags, payload=b""):
        return Segment(self.lp, self.rp, (self.s0 + offset) % M, (self.r0 + self.rcv) % M, flags, payload=payload)

    def ack(self):
        return self.seg(self.snd, ACK)

    def send(self, data):
        if self.dead or self.out_end is not None:
            raise OSError("closed")
        at = len(self.out)
        self.out += data
        if self.due is None:
            self.due = self.clock + self.rto
        res = []
        for i in range(0, len(data), 100):
            res.append(self.seg(at + i, ACK, bytes(data[i:i + 100])))
        return res

    def close(self):
        if self.out_end is not None or self.dead:
            raise OSError("closed already")
        self.order = "passive" if self.eof else "active"
        self.out_end = len(self.out)
        if self.due is None:
            self.due = self.clock + self.rto
        return [self.seg(self.out_end, FIN | ACK)]

    def receive(self, s):
        if self.state == "CLOSED":
            return []
        off = (s.seq - self.r0 - self.rcv) % M
        n = len(s.payload) + bool(s.flags & FIN) + bool(s.flags & SYN)
        offs = off if off < M // 2 else off - M
        if n == 0:
            fine = 0 <= offs < 65535
        else:
            fine = offs < 65535 and offs + n > 0
        if not fine:
            if s.flags & RST:
                return []
            if self.tw is not None and s.flags & FIN:
                self.tw = self.clock + 60
            return [self.ack()]
        if s.flags & RST:
            if offs == 0:
                if self.state not in ("CLOSING", "LAST-ACK", "TIME-WAIT"):
                    self.error = "connection reset"
                self.dead = True
                self.due = None
                return []
            return [self.ack()]
        if s.flags & SYN:
            return [self.ack()]
        if not s.flags & ACK:
            return []
        a = (s.ack - self.s0 - self.una) % M
        if a < M // 2:
            if self.una + a > self.snd:
                return [self.ack()]
            if a:
                self.una += a
                self.rto = 1.0
                self.due = self.clock + 1.0 if self.una < self.snd else None
        start = self.rcv + offs
        for i, b in enumerate(s.payload):
            if start + i >= self.taken:
                self.inn[start + i] = b
        if s.flags & FIN and self.in_end is None:
            self.in_end = start + len(s.payload)
        got = bytearray()
        while self.taken in self.inn:
            got.append(self.inn.pop(self.taken))
            self.taken += 1
        self.received += bytes(got)
        if self.state == "TIME-WAIT" and self.tw is None:
            self.tw = self.clock + 60.0
        return [self.ack()] if n else []

    def tick(self, now):
        self.clock = now
        if self.tw is not None and now >= self.tw:
            self.dead = True
        if self.dead or self.due is None or now < self.due:
            return []
        self.rto = min(60.0, 2 * self.rto)
        self.due = now + self.rto
        # all that is not acknowledged, in one segment, FIN with it
        data = bytes(self.out[self.una:])
        return [self.seg(self.una, ACK | PSH | (FIN if self.out_end is not None else 0), data)]
