"""Coroutine: `yield` gives what to send and takes the next event."""
from segment import ACK, PSH, RST, SYN, Segment

M = 1 << 32


class Endpoint:
    def __init__(self, local_port, iss):
        self.port, self.iss = local_port, iss
        self.peer = None
        self.state = "CLOSED"
        self.received = b""
        self.error = None
        self.buffer = []
        self.clock = 0.0
        self.timer = None
        self.tries = 0
        self.nxt = None
        self.next_byte = (iss + 1) % M
        self.machine = self.live()
        next(self.machine)

    def listen(self):
        return self.machine.send("listen")

    def connect(self, remote_port):
        self.peer = remote_port
        return self.machine.send("connect")

    def receive(self, segment):
        return self.machine.send(segment)

    def tick(self, now):
        self.clock = now
        return self.machine.send("tick")

    def send(self, data):
        self.buffer.append(bytes(data))
        if self.state != "ESTABLISHED":
            return []
        return self.drain()

    def drain(self):
        out = []
        for data in self.buffer:
            for i in range(len(data)):
                out.append(self.mk(self.next_byte, ACK | PSH, data[i:i + 1]))
                self.next_byte = (self.next_byte + 1) % M
        self.buffer = []
        return out

    def mk(self, seq, flags, data=b""):
        return Segment(self.port, self.peer, seq, self.nxt if flags & ACK else 0, flags, 1024, data)

    def rst(self, s):
        if s.flags & RST:
            return []
        if s.flags & ACK:
            return [Segment(self.port, s.source_port, s.ack, 0, RST, 0, b"")]
        return [Segment(self.port, s.source_port, 0, (s.seq + s.length) % M, RST | ACK, 0, b"")]

    def live(self):
        out = []
        while True:
            event = yield out
            out = []
            if event == "listen":
                out = yield from self.listening()
            elif event == "connect":
                out = yield from self.connecting()
            elif event != "tick":
                out = self.rst(event)

    def repeat(self, segment, first=False):
        if first:
            self.tries = 0
            self.timer = self.clock + 1
            return [segment]
        if self.clock < self.timer:
            return []
        self.tries += 1
        self.timer = self.clock + 2 ** self.tries
        return [segment]

    def listening(self):
        out = []
        while True:
            self.state = "LISTEN"
            s = yield out
            out = []
            if isinstance(s, str) or s.flags & RST:
                continue
            if s.flags & ACK:
                out = self.rst(s)
            elif s.flags & SYN:
                self.peer = s.source_port
                self.nxt = (s.seq + 1) % M
                ended, out = yield from self.half_open()
                if ended:
                    return out

    def half_open(self):
        """Until a reset (False, ...) or until the end (True, ...)."""
        self.state = "SYN-RECEIVED"
        mine = self.mk(self.iss, SYN | ACK)
        out = self.repeat(mine, True)
        while True:
            s = yield out
            out = []
            if s == "tick":
                out = self.repeat(mine)
            elif s.flags & RST:
                if s.seq == self.nxt:
                    return False, []
            elif s.flags & SYN and not s.flags & ACK and (s.seq + 1) % M == self.nxt:
                out = [mine]
            elif s.flags & SYN and s.flags & ACK and (s.seq + 1) % M == self.nxt and s.ack == (self.iss + 1) % M:
                self.state = "ESTABLISHED"
                out = yield from self.talk([self.mk(self.next_byte, ACK)] + self.drain())
                return True, out
            elif s.seq != self.nxt:
                out = [self.mk((self.iss + 1) % M, ACK)]
            elif not s.flags & ACK:
                pass
            elif s.ack != (self.iss + 1) % M:
                out = self.rst(s)
            else:
                self.state = "ESTABLISHED"
                out = yield from self.talk(self.take(s) + self.drain())
                return True, out

    def take(self, s):
        if not s.payload:
            return []
        self.received += s.payload
        self.nxt = (self.nxt + len(s.payload)) % M
        return [self.mk(self.next_byte, ACK)]

    def talk(self, out):
        while True:
            s = yield out
            out = []
            if s == "tick":
                continue
            if s.seq != self.nxt:
                if not s.flags & RST:
                    out = [self.mk(self.next_byte, ACK)]
            elif s.flags & RST:
                self.state = "CLOSED"
                return []
            elif s.flags & ACK:
                out = self.take(s)

    def connecting(self):
        self.state = "SYN-SENT"
        mine = self.mk(self.iss, SYN)
        out = self.repeat(mine, True)
        good = (self.iss + 1) % M
        while True:
            s = yield out
            out = []
            if s == "tick":
                out = self.repeat(mine)
            elif s.flags & ACK and s.ack != good:
                out = self.rst(s)
            elif s.flags & RST:
                if s.flags & ACK:
                    self.state, self.error = "CLOSED", "connection refused"
                    return []
            elif s.flags & SYN:
                self.nxt = (s.seq + 1) % M
                if s.flags & ACK:
                    self.state = "ESTABLISHED"
                    first = self.drain() or [self.mk(good, ACK)]
                    return (yield from self.talk(first))
                ended, out = yield from self.half_open()
                if not ended:
                    self.state, self.error = "CLOSED", "connection refused"
                return out
