"""A table of transitions, and a buffer that FIN is the last item of."""

import segment as s

M = 1 << 32

TRANSITIONS = {
    ("ESTABLISHED", "close"): "FIN-WAIT-1",
    ("CLOSE-WAIT", "close"): "LAST-ACK",
    ("ESTABLISHED", "fin"): "CLOSE-WAIT",
    ("FIN-WAIT-1", "fin"): "CLOSING",
    ("FIN-WAIT-2", "fin"): "TIME-WAIT",
    ("FIN-WAIT-1", "acked"): "FIN-WAIT-2",
    ("LAST-ACK", "acked"): "CLOSED",
    ("TIME-WAIT", "timeout"): "CLOSED",
}


class Endpoint:
    error = None
    eof = False
    received = b""
    state = "ESTABLISHED"
    clock = 0.0
    alarm = float("inf")
    waits = 0

    def __init__(self, local_port, remote_port, snd_nxt, rcv_nxt):
        self.address = (local_port, remote_port)
        self.una = snd_nxt  # the number of the first item of `buffer`
        self.buffer = []  # bytes that are not acknowledged, each one an int; None is FIN
        self.rcv = rcv_nxt
        self.kept = []

    def step(self, event):
        self.state = TRANSITIONS.get((self.state, event), self.state)
        if self.state == "TIME-WAIT":
            self.alarm = self.clock + 60.0
        if self.state == "CLOSED":
            self.buffer, self.alarm = [], float("inf")

    def cut(self, start):
        """Make one segment of everything in the buffer from an index on."""
        items = self.buffer[start:]
        fin = bool(items) and items[-1] is None
        payload = bytes(items[:-1] if fin else items)
        flags = s.ACK | s.FIN * fin | s.PSH * bool(payload)
        return s.Segment(*self.address, (self.una + start) % M, self.rcv, flags, payload=payload)

    def push(self, items):
        start = len(self.buffer)
        self.buffer += items
        if start == 0:
            self.waits = 0
            self.alarm = self.clock + 1.0
        return [self.cut(start)]

    def send(self, data):
        if (self.state, "close") not in TRANSITIONS:
            raise ConnectionError("closing")
        return self.push(data)

    def close(self):
        if (self.state, "close") not in TRANSITIONS:
            return []
        self.step("close")
        return self.push([None])

    def tick(self, now):
        self.clock = now
        if now < self.alarm:
            return []
        if self.state == "TIME-WAIT":
            self.step("timeout")
            return []
        self.waits += 1
        self.alarm = now + min(60.0, 2.0**self.waits)
        return [self.cut(0)]

    def receive(self, segment):
        if self.state == "CLOSED":
            return []
        ack = [self.cut(len(self.buffer))]
        ahead = (segment.seq - self.rcv) % M
        end = (segment.seq + segment.length - self.rcv) % M
        inside = ahead < 65535
        if segment.flags & s.RST:
            if inside:
                if self.state not in ("CLOSING", "LAST-ACK", "TIME-WAIT"):
                    self.error = "connection reset"
                self.state = "CLOSED"
                self.step("")
            return []
        if not inside and not 0 < end < 65535:
            if segment.flags & s.FIN and self.state == "TIME-WAIT":
                self.step("again")
            return ack
        if segment.flags & s.SYN or not segment.flags & s.ACK:
            return ack
        count = (segment.ack - self.una) % M
        if count > len(self.buffer):
            return ack if count < M // 2 else []
        if count:
            self.una, self.buffer, self.waits = segment.ack, self.buffer[count:], 0
            self.alarm = self.clock + 1.0 if self.buffer else float("inf")
            if not self.buffer:
                self.step("acked")
        if not segment.length:
            return []
        self.kept.append(segment)
        self.kept.sort(key=lambda each: (each.seq - self.rcv + M // 2) % M)
        for each in list(self.kept):
            known = (self.rcv - each.seq) % M
            if known > each.length or self.eof:
                continue
            self.kept.remove(each)
            if known < each.length:
                self.received += each.payload[known:]
                self.rcv = (each.seq + each.length) % M
                if each.flags & s.FIN:
                    self.eof = True
                    self.step("fin")
        return [self.cut(len(self.buffer))]
