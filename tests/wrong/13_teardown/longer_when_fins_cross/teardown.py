"""An endpoint that acknowledges late (RFC 9293, 3.8.6.3) and keeps nothing that comes early."""

from segment import ACK, FIN, PSH, RST, SYN, Segment

ACK_DELAY = 0.2


def add(number, count):
    return (number + count) & 0xFFFFFFFF


def less(a, b):
    return a != b and (b - a) & 0xFFFFFFFF < 0x80000000


def less_or_equal(a, b):
    return a == b or less(a, b)


class Endpoint:
    ENDS = {"CLOSING", "TIME-WAIT", "LAST-ACK"}

    def __init__(self, local_port, remote_port, snd_nxt, rcv_nxt):
        self.local_port, self.remote_port = local_port, remote_port
        self.snd_una = self.snd_nxt = snd_nxt
        self.rcv_nxt = rcv_nxt
        self.state, self.received, self.eof, self.error = "ESTABLISHED", b"", False, None
        self.queue = []
        self.now = 0.0
        self.rto, self.resend_at = 1.0, None
        self.ack_at = None
        self.end_at = None

    def out(self, flags, payload=b"", seq=None):
        self.ack_at = None
        seq = self.snd_nxt if seq is None else seq
        return Segment(
            self.local_port, self.remote_port, seq, self.rcv_nxt, flags | ACK, 32768, payload
        )

    def queued(self, flags, payload=b""):
        segment = self.out(flags, payload)
        self.queue.append((segment.seq, flags, payload))
        self.snd_nxt = add(self.snd_nxt, segment.length)
        if self.resend_at is None:
            self.resend_at = self.now + self.rto
        return [segment]

    def send(self, data):
        if self.state not in {"ESTABLISHED", "CLOSE-WAIT"}:
            raise BrokenPipeError(32, "Broken pipe")
        return self.queued(PSH, data)

    def close(self):
        if self.state == "ESTABLISHED":
            self.state = "FIN-WAIT-1"
        elif self.state == "CLOSE-WAIT":
            self.state = "LAST-ACK"
        else:
            raise OSError(107, "closing already")
        return self.queued(FIN)

    def later(self):
        if self.ack_at is None:
            self.ack_at = self.now + ACK_DELAY
        return []

    def receive(self, segment):
        if self.state == "CLOSED":
            return [] if segment.flags & RST else [self.out(RST, seq=segment.ack)]
        size = max(segment.length, 1)
        begins = less_or_equal(segment.seq, self.rcv_nxt)
        fresh = begins and less(self.rcv_nxt, add(segment.seq, size))
        if segment.flags & RST:
            if segment.seq == self.rcv_nxt:
                self.error = None if self.state in self.ENDS else "connection reset"
                self.over()
            return []
        if segment.flags & SYN:
            return [self.out(0)]
        if not fresh:  # old, or early
            if self.state == "TIME-WAIT" and segment.flags & FIN:
                self.end_at = self.now + 60
            return [self.out(0)] if not begins else self.later()
        if not segment.flags & ACK or less(self.snd_nxt, segment.ack):
            return []
        if less(self.snd_una, segment.ack):
            self.heard(segment.ack)
        if self.state == "CLOSED" or not segment.length:
            return []
        self.received += segment.payload[(self.rcv_nxt - segment.seq) & 0xFFFFFFFF :]
        self.rcv_nxt = add(segment.seq, segment.length)
        if segment.flags & FIN:
            self.eof = True
            self.state = {
                "ESTABLISHED": "CLOSE-WAIT",
                "FIN-WAIT-1": "CLOSING",
                "FIN-WAIT-2": "TIME-WAIT",
            }[self.state]
            if self.state == "TIME-WAIT":
                self.end_at = self.now + 60
        return self.later()

    def heard(self, ack):
        self.snd_una = ack
        self.queue = [q for q in self.queue if less(ack, add(q[0], len(q[2]) + (q[1] & FIN)))]
        self.rto, self.resend_at = 1.0, self.now + 1.0 if self.queue else None
        if not self.queue:
            if self.state == "FIN-WAIT-1":
                self.state = "FIN-WAIT-2"
            elif self.state == "CLOSING":
                self.state, self.end_at = "TIME-WAIT", self.now + 120
            elif self.state == "LAST-ACK":
                self.over()

    def over(self):
        self.state = "CLOSED"
        self.queue = []
        self.resend_at = self.ack_at = self.end_at = None

    def tick(self, now):
        self.now = now
        sent = []
        if self.end_at is not None and now >= self.end_at:
            self.over()
        if self.resend_at is not None and now >= self.resend_at:
            self.rto *= 2
            self.resend_at = now + self.rto
            seq, flags, payload = self.queue[0]
            sent.append(self.out(flags, payload, seq))
        if self.ack_at is not None and now >= self.ack_at:
            sent.append(self.out(0))
        return sent
