from segment import ACK, RST, SYN, Segment

M = 1 << 32
RCV_WND = 65535


def lt(a, b):
    return a != b and (b - a) % M < M // 2


def leq(a, b):
    return a == b or lt(a, b)


class TCB:
    def __init__(self, iss):
        self.ISS = iss
        self.SND_UNA = self.SND_NXT = iss
        self.SND_WND = 0
        self.IRS = self.RCV_NXT = 0


class Endpoint:
    def __init__(self, local_port, iss):
        self.local_port, self.remote_port = local_port, None
        self.tcb = TCB(iss)
        self.state, self.error, self.received = "CLOSED", None, b""
        self.passive = False
        self.queue = b""
        self.early = {}
        self.now, self.rto, self.sent_at = 0.0, None, None

    def listen(self):
        self.passive, self.state = True, "LISTEN"
        return []

    def connect(self, remote_port):
        self.remote_port, self.state = remote_port, "SYN-SENT"
        self.arm()
        return [self.make(self.tcb.ISS, SYN)]

    def arm(self):
        self.tcb.SND_UNA, self.tcb.SND_NXT = self.tcb.ISS, (self.tcb.ISS + 1) % M
        self.rto, self.sent_at = 1.0, self.now

    def send(self, data):
        self.queue += data
        if self.state in ("SYN-SENT", "SYN-RECEIVED", "LISTEN", "CLOSED"):
            return []
        return self.transmit()

    def transmit(self):
        room = self.tcb.SND_WND - (self.tcb.SND_NXT - self.tcb.SND_UNA) % M
        piece, self.queue = self.queue[:room], self.queue[room:]
        if not piece:
            return []
        s = self.make(self.tcb.SND_NXT, ACK, piece)
        self.tcb.SND_NXT = (self.tcb.SND_NXT + len(piece)) % M
        return [s]

    def make(self, seq, flags, payload=b""):
        return Segment(
            self.local_port, self.remote_port, seq, self.tcb.RCV_NXT, flags, RCV_WND, payload
        )

    def ack(self):
        return [self.make(self.tcb.SND_NXT, ACK)]

    def tick(self, now):
        self.now = now
        if self.state not in ("SYN-SENT", "SYN-RECEIVED") or now - self.sent_at < self.rto:
            return []
        self.sent_at, self.rto = now, min(self.rto * 2, 60.0)
        return [self.make(self.tcb.ISS, SYN if self.state == "SYN-SENT" else SYN | ACK)]

    def no_connection(self, s):
        if s.flags & RST:
            return []
        back = (s.destination_port, s.source_port)
        if s.flags & ACK:
            return [Segment(*back, s.ack, 0, RST)]
        return [Segment(*back, 0, (s.seq + s.length) % M, RST | ACK)]

    def receive(self, s):
        if self.state == "CLOSED":
            return self.no_connection(s)
        if self.state == "LISTEN":
            return self.segment_arrives_in_listen(s)
        if self.state == "SYN-SENT":
            return self.segment_arrives_in_syn_sent(s)
        return self.segment_arrives_otherwise(s)

    def segment_arrives_in_listen(self, s):
        if s.flags & RST:
            return []
        if s.flags & ACK:
            return self.no_connection(s)
        if s.flags & SYN:
            self.remote_port = s.source_port
            self.tcb.IRS, self.tcb.RCV_NXT = s.seq, (s.seq + 1) % M
            self.tcb.SND_WND = s.window
            self.state = "SYN-RECEIVED"
            self.arm()
            return [self.make(self.tcb.ISS, SYN | ACK)]
        return []

    def segment_arrives_in_syn_sent(self, s):
        t = self.tcb
        if s.flags & ACK:
            if leq(s.ack, t.ISS) or lt(t.SND_NXT, s.ack):
                return self.no_connection(s)
        if s.flags & RST:
            if s.flags & ACK:
                self.state, self.error = "CLOSED", "connection refused"
            return []
        if not s.flags & SYN:
            return []
        t.RCV_NXT, t.IRS, t.SND_WND = (s.seq + 1) % M, s.seq, s.window
        if s.flags & ACK:
            t.SND_UNA = s.ack
        if lt(t.ISS, t.SND_UNA):
            self.state = "ESTABLISHED"
            return self.ack() + self.transmit()
        self.state = "SYN-RECEIVED"
        self.arm()
        return [self.make(t.ISS, SYN | ACK)]

    def in_window(self, seq):
        return (seq - self.tcb.RCV_NXT) % M < RCV_WND

    def acceptable(self, s):
        if s.length == 0:
            return self.in_window(s.seq)
        return self.in_window(s.seq) or self.in_window((s.seq + s.length - 1) % M)

    def segment_arrives_otherwise(self, s):
        t = self.tcb
        if not self.acceptable(s):
            return [] if s.flags & RST else self.ack()
        if s.flags & RST:
            if s.seq != t.RCV_NXT:
                return self.ack()
            if self.state == "SYN-RECEIVED" and self.passive:
                self.state = "LISTEN"
            else:
                refused = self.state == "SYN-RECEIVED"
                self.state = "CLOSED"
                self.error = "connection refused" if refused else "connection reset"
            return []
        if s.flags & SYN:
            return self.ack()
        if not s.flags & ACK:
            return []
        out = []
        if self.state == "SYN-RECEIVED":
            if not (lt(t.SND_UNA, s.ack) and leq(s.ack, t.SND_NXT)):
                return self.no_connection(s)
            self.state = "ESTABLISHED"
        if lt(t.SND_NXT, s.ack):
            return self.ack()
        if lt(t.SND_UNA, s.ack):
            t.SND_UNA = s.ack
        t.SND_WND = s.window
        if s.payload:
            skip = (t.RCV_NXT - s.seq) % M if lt(s.seq, t.RCV_NXT) else 0
            self.early[(s.seq + skip) % M] = s.payload[skip:]
            while t.RCV_NXT in self.early:
                data = self.early.pop(t.RCV_NXT)
                self.received += data
                t.RCV_NXT = (t.RCV_NXT + len(data)) % M
            out = self.ack()
        return self.transmit() or out
