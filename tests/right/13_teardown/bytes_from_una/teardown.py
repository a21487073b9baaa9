"""Keeps the bytes from SND.UNA on, and cuts them anew when they go again; in TIME-WAIT like Linux."""

from segment import ACK, FIN, PSH, RST, SYN, Segment

M = 1 << 32


def lt(a, b):
    return ((a - b) & (M - 1)) > M // 2


class Endpoint:
    def __init__(self, local_port, remote_port, snd_nxt, rcv_nxt):
        self.lp, self.rp = local_port, remote_port
        self.snd_una = self.snd_nxt = snd_nxt
        self.rcv_nxt = rcv_nxt
        self.buf = b""           # bytes from snd_una on
        self.fin_sent = False
        self.fin_acked = False
        self.state = "ESTABLISHED"
        self.received = b""
        self.eof = False
        self.error = None
        self.ooo = {}
        self.clock = 0.0
        self.rto = 1.0
        self.rtx_at = None
        self.tw_at = None

    def seg(self, seq, flags, data=b""):
        return Segment(self.lp, self.rp, seq, self.rcv_nxt, flags | ACK, 29200, data)

    def send(self, data):
        if self.fin_sent or self.state == "CLOSED":
            raise BrokenPipeError(32, "Broken pipe")
        out = []
        for i in range(0, len(data), 100):
            piece = data[i:i + 100]
            out.append(self.seg(self.snd_nxt, PSH if i + 100 >= len(data) else 0, piece))
            self.snd_nxt = (self.snd_nxt + len(piece)) % M
        self.buf += data
        self.arm()
        return out

    def arm(self):
        if self.rtx_at is None:
            self.rtx_at = self.clock + self.rto

    def close(self):
        if self.fin_sent:
            return []
        if self.state == "CLOSED":
            return []
        self.fin_sent = True
        self.state = {"ESTABLISHED": "FIN-WAIT-1", "CLOSE-WAIT": "LAST-ACK"}[self.state]
        s = self.seg(self.snd_nxt, FIN)
        self.snd_nxt = (self.snd_nxt + 1) % M
        self.arm()
        return [s]

    def tick(self, now):
        self.clock = now
        if self.state == "TIME-WAIT":
            if now >= self.tw_at:
                self.state = "CLOSED"
            return []
        if self.rtx_at is None or now < self.rtx_at:
            return []
        self.rto *= 2
        self.rtx_at = now + self.rto
        piece = self.buf[:100]
        fin = self.fin_sent and len(piece) == len(self.buf)
        return [self.seg(self.snd_una, FIN if fin else 0, piece)]

    def receive(self, s):
        if self.state == "CLOSED":
            return []
        off = (s.seq - self.rcv_nxt) % M
        if off >= M // 2:
            off -= M
        n = s.length
        ok = -0 <= off < 65535 if n == 0 else (off < 65535 and off + n > 0)
        if not ok:
            if s.flags & RST:
                return []
            if self.state == "TIME-WAIT":
                self.tw_at = self.clock + 60
            return [self.seg(self.snd_nxt, 0)]
        if s.flags & RST:
            if self.state == "TIME-WAIT":
                return []
            if off == 0:
                if self.state not in ("CLOSING", "LAST-ACK"):
                    self.error = "connection reset"
                self.state = "CLOSED"
                self.rtx_at = None
                return []
            return [self.seg(self.snd_nxt, 0)]
        if s.flags & SYN:
            return [self.seg(self.snd_nxt, 0)]
        if not s.flags & ACK:
            return []
        if lt(self.snd_nxt, s.ack):
            return [self.seg(self.snd_nxt, 0)]
        if lt(self.snd_una, s.ack):
            k = (s.ack - self.snd_una) % M
            self.snd_una = s.ack
            if self.snd_una == self.snd_nxt:
                self.rtx_at, self.rto = None, 1.0
                self.buf = b""
                if self.fin_sent:
                    self.fin_acked = True
            else:
                self.buf = self.buf[k:]
                self.rto = 1.0
                self.rtx_at = self.clock + 1.0
            if self.fin_acked:
                if self.state == "FIN-WAIT-1":
                    self.state = "FIN-WAIT-2"
                elif self.state == "CLOSING":
                    self.enter_tw()
                elif self.state == "LAST-ACK":
                    self.state = "CLOSED"
                    return []
        if self.state == "TIME-WAIT":
            self.tw_at = self.clock + 60
        if n == 0:
            return []
        if not self.eof:
            self.ooo[s.seq] = (s.payload, bool(s.flags & FIN))
            again = True
            while again:
                again = False
                for seq in list(self.ooo):
                    data, fin = self.ooo[seq]
                    d = (self.rcv_nxt - seq) % M
                    if d > M // 2:
                        continue
                    del self.ooo[seq]
                    if d > len(data) or (d == len(data) and not fin):
                        continue
                    self.received += data[d:]
                    self.rcv_nxt = (seq + len(data)) % M
                    again = True
                    if fin:
                        self.rcv_nxt = (self.rcv_nxt + 1) % M
                        self.eof = True
                        self.ooo.clear()
                        break
            if self.eof:
                if self.state == "ESTABLISHED":
                    self.state = "CLOSE-WAIT"
                elif self.state == "FIN-WAIT-1":
                    self.state = "CLOSING"
                elif self.state == "FIN-WAIT-2":
                    self.enter_tw()
        return [self.seg(self.snd_nxt, 0)]

    def enter_tw(self):
        self.state = "TIME-WAIT"
        self.tw_at = self.clock + 60
