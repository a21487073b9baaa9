from collections import deque

from segment import ACK, Segment


class Sender:
    def __init__(self, source_port, destination_port, seq, ack, window, mss):
        self.src = source_port
        self.dst = destination_port
        self.seq = seq
        self.peer = ack
        self.win = window
        self.mss = mss
        self.queue = deque()  # [number, bytes] that were not sent
        self.flight = deque()  # [number, bytes] that were
        self.end = seq
        self.time = 0
        self.wait = 1
        self.alarm = None

    def send(self, data):
        for i in range(0, len(data), self.mss):
            piece = data[i : i + self.mss]
            self.queue.append([self.end, piece])
            self.end = (self.end + len(piece)) % 2**32
        return self.push()

    def una(self):
        both = [*self.flight, *self.queue]
        return both[0][0] if both else self.end

    def packet(self, entry):
        return Segment(self.src, self.dst, entry[0], self.peer, ACK, 0, entry[1])

    def push(self):
        out = []
        used = sum(len(d) for n, d in self.flight)
        while self.queue:
            number, data = self.queue[0]
            if used + len(data) > self.win:
                if self.flight or self.win == 0:
                    break
                self.queue[0] = [number + self.win, data[self.win :]]
                entry = [number, data[: self.win]]
            else:
                entry = self.queue.popleft()
            self.flight.append(entry)
            used += len(entry[1])
            out.append(self.packet(entry))
        if not self.flight and not self.queue:
            self.alarm = None
        elif self.alarm is None:
            self.alarm = self.time + self.wait
        return out

    def receive(self, segment):
        highest = self.queue[0] if self.queue else [self.end, b""]
        new = (segment.ack - self.una()) % 2**32
        sent = (highest[0] - self.una()) % 2**32
        if sent == 0 and self.win == 0 and new == 1:  # the probe's byte was taken
            number, data = self.queue.popleft()
            if data[1:]:
                self.queue.appendleft([(number + 1) % 2**32, data[1:]])
        elif new > sent:
            return []
        rest = new if sent else 0
        while rest and self.flight:
            number, data = self.flight[0]
            cut = min(rest, len(data))
            rest -= cut
            if cut == len(data):
                self.flight.popleft()
            else:
                self.flight[0] = [(number + cut) % 2**32, data[cut:]]
        if new or (self.win == 0 and segment.window):
            self.wait = 1
            self.alarm = None
        self.win = segment.window
        return self.push()

    def tick(self, now):
        self.time = now
        if self.alarm is None or now < self.alarm:
            return []
        self.wait = min(self.wait * 2, 60)
        self.alarm = now + self.wait
        if self.flight:
            return [self.packet(self.flight[0])]
        number, data = self.queue[0]
        return [self.packet([number, data[:1]])]


class Receiver:
    def __init__(self, source_port, destination_port, seq, ack, buffer):
        self.src = source_port
        self.dst = destination_port
        self.seq = seq
        self.want = ack
        self.limit = buffer
        self.bytes = []
        self.later = {}
        self.zero = False

    def receive(self, segment):
        if segment.payload == b"":
            return []
        space = self.limit - len(self.bytes)
        for i, b in enumerate(segment.payload):
            n = (segment.seq + i) % 2**32
            if (n - self.want) % 2**32 < space:
                self.later.setdefault(n, b)
        while self.want in self.later:
            self.bytes.append(self.later.pop(self.want))
            self.want = (self.want + 1) % 2**32
        return (self.ack(),)

    def ack(self):
        free = self.limit - len(self.bytes)
        self.zero = free == 0
        return (self.src, self.dst, self.seq, self.want, ACK, free, b"")

    def read(self, size):
        data = self.bytes[:size]
        self.bytes = self.bytes[size:]
        if self.zero and data:
            return (bytes(data), [self.ack()])
        return (bytes(data), [])
