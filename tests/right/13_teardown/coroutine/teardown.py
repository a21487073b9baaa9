"""A coroutine per connection; what is early is dropped; a timer for each segment that is sent."""
from segment import ACK, FIN, RST, SYN, Segment


def after(a, b):
    """How far b lies after a, signed."""
    d = (b - a) & 0xFFFFFFFF
    return d - 0x100000000 if d >= 0x80000000 else d


class Endpoint:
    def __init__(self, local_port, remote_port, snd_nxt, rcv_nxt):
        self.local_port, self.remote_port = local_port, remote_port
        self.snd, self.rcv = snd_nxt, rcv_nxt
        self.received, self.eof, self.error = b"", False, None
        self.queue = []
        self.now = 0.0
        self.state = "ESTABLISHED"
        self.out = []
        self.life = self.run()
        next(self.life)

    # the life of a connection

    def run(self):
        event = None
        while event not in ("close", "fin", "reset"):
            event = yield
        if event == "reset":
            return (yield from self.over(error=True))
        if event == "fin":
            self.state = "CLOSE-WAIT"
            while event not in ("close", "reset"):
                event = yield
            if event == "reset":
                return (yield from self.over(error=True))
            self.fin()
            self.state = "LAST-ACK"
            while event not in ("fin acked", "reset"):
                event = yield
            return (yield from self.over())
        self.fin()
        self.state = "FIN-WAIT-1"
        while event not in ("fin", "fin acked", "reset"):
            event = yield
        if event == "reset":
            return (yield from self.over(error=True))
        wanted = "fin acked" if event == "fin" else "fin"
        self.state = {"fin acked": "FIN-WAIT-2", "fin": "CLOSING"}[event]
        while event not in (wanted, "reset"):
            event = yield
        if event == "reset":
            return (yield from self.over(error=self.state == "FIN-WAIT-2"))
        self.state = "TIME-WAIT"
        until = self.now + 60
        while True:
            event = yield
            if event == "fin again":
                until = self.now + 60
            elif event == "reset" or event == "tick" and self.now >= until:
                return (yield from self.over())

    def over(self, error=False):
        self.state = "CLOSED"
        self.queue = []
        if error:
            self.error = "connection reset"
        yield from self.nothing()

    def nothing(self):
        while True:
            yield

    def tell(self, event):
        self.life.send(event)

    # segments

    def make(self, seq, flags, data=b""):
        return Segment(self.local_port, self.remote_port, seq, self.rcv, flags, payload=data)

    def put(self, flags, data=b""):
        segment = self.make(self.snd, flags, data)
        self.snd = (self.snd + segment.length) & 0xFFFFFFFF
        self.queue.append([segment, self.now + 1.0, 1.0])
        self.out.append(segment)

    def fin(self):
        self.put(FIN | ACK)

    def flush(self):
        out, self.out = self.out, []
        return out

    # calls

    def send(self, data):
        if self.state not in ("ESTABLISHED", "CLOSE-WAIT"):
            raise BrokenPipeError
        self.put(ACK, data)
        return self.flush()

    def close(self):
        if self.state in ("ESTABLISHED", "CLOSE-WAIT"):
            self.tell("close")
        return self.flush()

    def tick(self, now):
        self.now = now
        for entry in self.queue:
            segment, due, timeout = entry
            if now >= due:
                entry[2] = min(60.0, timeout * 2)
                entry[1] = now + entry[2]
                self.out.append(segment._replace(ack=self.rcv))
        self.tell("tick")
        return self.flush()

    def receive(self, s):
        if self.state == "CLOSED":
            return []
        first = after(self.rcv, s.seq)
        last = first + max(0, s.length - 1)
        if not (0 <= first < 65535 or 0 <= last < 65535):
            if not s.flags & RST:
                if s.flags & FIN:
                    self.tell("fin again")
                self.out.append(self.make(self.snd, ACK))
            return self.flush()
        if s.flags & RST:
            self.tell("reset")     # any number in the window
            return self.flush()
        if not s.flags & ACK:
            return []
        if after(self.snd, s.ack) > 0:
            return [self.make(self.snd, ACK)]
        before = self.queue
        self.queue = [e for e in before if after(e[0].seq + e[0].length, s.ack) < 0]
        for e, *_ in before[: len(before) - len(self.queue)]:
            if e.flags & FIN:
                self.tell("fin acked")
        if len(self.queue) < len(before):
            for entry in self.queue:
                entry[1:] = self.now + 1.0, 1.0
        if self.state == "CLOSED" or not s.length:
            return self.flush()
        if first <= 0 and not self.eof:
            data = s.payload[-first:]
            self.received += data
            self.rcv = (self.rcv + len(data)) & 0xFFFFFFFF
            if s.flags & FIN:
                self.rcv = (self.rcv + 1) & 0xFFFFFFFF
                self.eof = True
                self.tell("fin")
        self.out.append(self.make(self.snd, ACK))
        return self.flush()
