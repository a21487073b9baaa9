from dataclasses import dataclass, field

from segment import *
from segment import Segment


def add(number, more):
    return (number + more) & 0xFFFF_FFFF


def reset_for(segment):
    match segment.flags & (RST | ACK):
        case 0:
            seq, ack, flags = 0, add(segment.seq, segment.length), RST | ACK
        case 16:
            seq, ack, flags = segment.ack, 0, RST
        case _:
            return ()
    return (Segment(segment.destination_port, segment.source_port, seq, ack, flags),)


@dataclass
class State:
    me: "Endpoint"
    name = ""

    def arrives(self, s):
        return self, ()


class Closed(State):
    name = "CLOSED"

    def arrives(self, s):
        return self, reset_for(s)


class Listen(State):
    name = "LISTEN"

    def arrives(self, s):
        if s.flags & (RST | ACK):
            return self, reset_for(s)
        if not s.flags & SYN:
            return self, ()
        self.me.remote = s.source_port
        self.me.rcv = add(s.seq, 1)
        return SynReceived(self.me, Listen), (self.me.start(SYN | ACK),)


class SynSent(State):
    name = "SYN-SENT"

    def arrives(self, s):
        me = self.me
        wrong = s.flags & ACK and s.ack != me.nxt
        match bool(wrong), bool(s.flags & RST), bool(s.flags & SYN), bool(s.flags & ACK):
            case True, _, _, _:
                return self, reset_for(s)
            case False, True, _, True:
                me.error = "connection refused"
                return Closed(me), ()
            case False, False, True, True:
                me.rcv = add(s.seq, 1)
                return Established(me), (me.ack(), *me.data())
            case False, False, True, False:
                me.rcv = add(s.seq, 1)
                return SynReceived(me, Closed), (me.start(SYN | ACK),)
        return self, ()


@dataclass
class SynReceived(State):
    back: type = Closed
    name = "SYN-RECEIVED"

    def arrives(self, s):
        me = self.me
        if s.seq == add(me.rcv, -1) and s.flags & (SYN | ACK) == SYN | ACK and s.ack == me.nxt:
            return Established(me), (me.ack(), *me.data())
        if s.seq != me.rcv:
            return self, () if s.flags & RST else (me.ack(),)
        if s.flags & RST:
            if self.back is Closed:
                me.error = "connection refused"
            return self.back(me), ()
        if s.flags & SYN:
            return self, (me.ack(),)
        if not s.flags & ACK:
            return self, ()
        if s.ack != me.nxt:
            return self, reset_for(s)
        state, more = Established(me).arrives(s)
        return state, (*me.data(), *more)


class Established(State):
    name = "ESTABLISHED"

    def arrives(self, s):
        me = self.me
        if s.flags & RST:
            if s.seq == me.rcv:
                me.error = "connection reset"
                return Closed(me), ()
            return self, ()
        if s.seq != me.rcv or s.flags & SYN:
            return self, (me.ack(),)
        if not s.payload:
            return self, ()
        me.received += s.payload
        me.rcv = add(me.rcv, len(s.payload))
        return self, (me.ack(),)


@dataclass
class Endpoint:
    local: int
    iss: int
    remote: int = 0
    rcv: int = 0
    received: bytes = b""
    error: object = None
    unsent: bytes = b""
    now: float = 0.0
    moments: list = field(default_factory=list)

    def __post_init__(self):
        self.nxt = self.iss
        self.current = Closed(self)
        self.first = None

    @property
    def state(self):
        return self.current.name

    def listen(self):
        self.current = Listen(self)
        return []

    def connect(self, remote_port):
        self.remote = remote_port
        self.current = SynSent(self)
        return [self.start(SYN)]

    def send(self, data):
        self.unsent += data
        return list(self.data()) if self.state == "ESTABLISHED" else []

    def receive(self, segment):
        self.current, out = self.current.arrives(segment)
        if self.state not in ("SYN-SENT", "SYN-RECEIVED"):
            self.moments.clear()
        return list(out)

    def tick(self, now):
        self.now = now
        due = False
        while self.moments and self.moments[0] <= now:
            self.moments.pop(0)
            due = True
        return [self.first] if due else []

    def start(self, flags):
        self.nxt = add(self.iss, 1)
        self.moments = [self.now + 2**n - 1 for n in range(1, 8)]
        self.first = self.segment(self.iss, flags)
        return self.first

    def ack(self):
        return self.segment(self.nxt, ACK)

    def data(self):
        if self.unsent:
            data, self.unsent = self.unsent, b""
            seq, self.nxt = self.nxt, add(self.nxt, len(data))
            yield self.segment(seq, ACK | PSH, data)

    def segment(self, seq, flags, payload=b""):
        ack = self.rcv if flags & ACK else 0
        return Segment(self.local, self.remote, seq, ack, flags, payload=payload)
