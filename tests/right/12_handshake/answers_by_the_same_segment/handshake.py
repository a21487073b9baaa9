"""A repeated SYN is answered by the SYN and ACK once more, as Linux does; data goes out in small pieces."""

from segment import ACK, PSH, RST, SYN, Segment

M = 1 << 32


class Endpoint:
    def __init__(self, local_port, iss):
        self.lp, self.rp = local_port, None
        self.iss = iss
        self.state, self.received, self.error = "CLOSED", b"", None
        self.snd_nxt = iss
        self.rcv_nxt = None
        self.out = b""
        self.was_listening = False
        self.t = 0.0
        self.timer = None      # (when, wait)

    def mk(self, seq, flags, data=b""):
        return Segment(self.lp, self.rp, seq, self.rcv_nxt if flags & ACK else 0, flags, 14600, data)

    def syn(self):
        flags = SYN if self.rcv_nxt is None else SYN | ACK
        return self.mk(self.iss, flags)

    def listen(self):
        self.was_listening = True
        self.state = "LISTEN"
        return []

    def connect(self, port):
        self.rp = port
        self.state = "SYN-SENT"
        self.snd_nxt = (self.iss + 1) % M
        self.timer = (self.t + 1, 1)
        return [self.syn()]

    def send(self, data):
        self.out += data
        if self.state != "ESTABLISHED":
            return []
        return self.push()

    def push(self):
        segs = []
        while self.out:
            piece, self.out = self.out[:64], self.out[64:]
            segs.append(self.mk(self.snd_nxt, ACK | PSH, piece))
            self.snd_nxt = (self.snd_nxt + len(piece)) % M
        return segs

    def tick(self, now):
        self.t = now
        if self.timer and now >= self.timer[0]:
            wait = self.timer[1] * 2
            self.timer = (now + wait, wait)
            return [self.syn()]
        return []

    def rst_for(self, s):
        if s.flags & RST:
            return []
        if s.flags & ACK:
            return [Segment(s.destination_port, s.source_port, s.ack, 0, RST)]
        return [Segment(s.destination_port, s.source_port, 0, (s.seq + s.length) % M, RST | ACK)]

    def receive(self, s):
        if self.state == "CLOSED":
            return self.rst_for(s)
        if self.state == "LISTEN":
            if s.flags & RST:
                return []
            if s.flags & ACK:
                return self.rst_for(s)
            if not s.flags & SYN:
                return []
            self.rp = s.source_port
            self.rcv_nxt = (s.seq + 1) % M
            self.snd_nxt = (self.iss + 1) % M
            self.state = "SYN-RECEIVED"
            self.timer = (self.t + 1, 1)
            return [self.syn()]
        if self.state == "SYN-SENT":
            if s.flags & ACK and s.ack != self.snd_nxt:
                return self.rst_for(s)
            if s.flags & RST:
                if s.flags & ACK:
                    self.state, self.error, self.timer = "CLOSED", "connection refused", None
                return []
            if not s.flags & SYN:
                return []
            self.rcv_nxt = (s.seq + 1) % M
            if s.flags & ACK:
                self.state, self.timer = "ESTABLISHED", None
                return [self.mk(self.snd_nxt, ACK)] + self.push()
            self.state = "SYN-RECEIVED"
            return [self.syn()]
        # SYN-RECEIVED, ESTABLISHED
        if s.seq != self.rcv_nxt:
            if s.flags & RST:
                return []
            if self.state == "SYN-RECEIVED" and s.flags & SYN:
                if s.flags & ACK and s.ack == self.snd_nxt:   # crossed
                    self.state, self.timer = "ESTABLISHED", None
                    return [self.mk(self.snd_nxt, ACK)] + self.push()
                return [self.syn()]
            return [self.mk(self.snd_nxt, ACK)]
        if s.flags & RST:
            if self.state == "SYN-RECEIVED":
                self.timer = None
                if self.was_listening:
                    self.state, self.rcv_nxt, self.rp = "LISTEN", None, None
                else:
                    self.state, self.error = "CLOSED", "connection refused"
            else:
                self.state, self.error = "CLOSED", "connection reset"
            return []
        if not s.flags & ACK:
            return []
        res = []
        if self.state == "SYN-RECEIVED":
            if s.ack != self.snd_nxt:
                return self.rst_for(s)
            self.state, self.timer = "ESTABLISHED", None
            res = self.push()
        if s.payload:
            self.received += s.payload
            self.rcv_nxt = (self.rcv_nxt + len(s.payload)) % M
            res.append(self.mk(self.snd_nxt, ACK))
        return res
