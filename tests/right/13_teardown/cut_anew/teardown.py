from segment import ACK, FIN, PSH, RST, SYN, Segment

M = 1 << 32


class Endpoint:
    """Keeps the outgoing stream as bytes; what is sent again is cut anew, with the FIN at its end."""

    def __init__(self, local_port, remote_port, snd_nxt, rcv_nxt):
        self.ports = local_port, remote_port
        self.una = self.nxt = snd_nxt
        self.out = b""
        self.fin_at = None  # number of own FIN
        self.fin_acked = False
        self.rcv = rcv_nxt
        self.peer_fin = None
        self.received = b""
        self.eof = False
        self.error = None
        self.dead = False
        self.now = 0.0
        self.rto = 1.0
        self.sent_at = None
        self.tw_since = None
        self.closed_second = False
        self.both = False

    @property
    def state(self):
        if self.dead:
            return "CLOSED"
        if self.tw_since is not None:
            return "TIME-WAIT"
        if not self.eof:
            if self.fin_at is None:
                return "ESTABLISHED"
            return "FIN-WAIT-2" if self.fin_acked else "FIN-WAIT-1"
        if self.fin_at is None:
            return "CLOSE-WAIT"
        return "LAST-ACK" if self.closed_second else "CLOSING"

    def seg(self, seq, flags, data=b""):
        return Segment(*self.ports, seq % M, self.rcv, flags | ACK, 30000, data)

    def send(self, data):
        if self.fin_at is not None or self.dead:
            raise OSError(32, "Broken pipe")
        if not data:
            return []
        s = self.seg(self.nxt, PSH, data)
        self.out += data
        self.nxt = (self.nxt + len(data)) % M
        if self.sent_at is None:
            self.sent_at = self.now
        return [s]

    def close(self):
        if self.fin_at is not None or self.dead:
            raise OSError(107, "Transport endpoint is not connected")
        self.fin_at = self.nxt
        self.closed_second = self.eof
        self.nxt = (self.nxt + 1) % M
        if self.sent_at is None:
            self.sent_at = self.now
        return [self.seg(self.fin_at, FIN)]

    def tick(self, now):
        self.now = now
        if self.dead:
            return []
        if self.tw_since is not None:
            if now >= self.tw_since + 60:
                self.dead = True
            return []
        if self.sent_at is not None and now >= self.sent_at + self.rto:
            self.sent_at = now
            self.rto = min(self.rto * 2, 60)
            fin = FIN if self.fin_at is not None else 0
            return [self.seg(self.una, fin | (PSH if self.out else 0), self.out)]
        return []

    def receive(self, s):
        if self.dead:
            return []
        off = (s.seq - self.rcv + (1 << 31)) % M - (1 << 31)
        n = s.length
        if n:
            ok = off + n > 0 and off < 65535
        else:
            ok = 0 <= off < 65535
        if not ok:
            if s.flags & RST:
                return []
            if self.tw_since is not None and s.flags & FIN:
                self.tw_since = self.now
            return [self.seg(self.nxt, 0)]
        if s.flags & RST:
            if self.state not in ("CLOSING", "LAST-ACK", "TIME-WAIT"):
                self.error = "connection reset"
            self.dead = True
            return []
        if s.flags & SYN:
            return [self.seg(self.nxt, 0)]
        if not s.flags & ACK:
            return []
        acked = (s.ack - self.una) % M
        flight = (self.nxt - self.una) % M
        if acked > flight:
            if acked < 1 << 31:
                return [self.seg(self.nxt, 0)]
        elif acked:
            self.una = s.ack
            self.out = self.out[acked:]
            self.rto = 1.0
            self.sent_at = None if self.una == self.nxt else self.now
            if self.fin_at is not None and self.una == self.nxt:
                self.fin_acked = True
                if self.closed_second:
                    self.dead = True
                    return []
                if self.eof and self.tw_since is None:
                    self.tw_since = self.now
        if not n:
            return []
        if off > 0:
            return [self.seg(self.nxt, 0)]  # too early: dropped
        if not self.eof:
            data = s.payload[-off:] if off else s.payload
            self.received += data
            self.rcv = (self.rcv + len(data)) % M
            if s.flags & FIN:
                self.rcv = (self.rcv + 1) % M
                self.eof = True
                if self.fin_acked:
                    self.tw_since = self.now
        return [self.seg(self.nxt, 0)]
