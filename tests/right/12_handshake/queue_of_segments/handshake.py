import segment as tcp

MASK = 0xFFFFFFFF


class Endpoint:
    def __init__(self, local_port, iss):
        self.local_port, self.iss = local_port, iss
        self.peer = None
        self.state = "CLOSED"
        self.error = None
        self.chunks = []
        self.out = []
        self.backlog = bytearray()
        self.next = iss
        self.expected = None
        self.server = False
        self.clock = 0.0
        self.retries = None

    @property
    def received(self):
        return b"".join(self.chunks)

    def listen(self):
        self.server = True
        self.state = "LISTEN"
        return self.flush()

    def connect(self, remote_port):
        self.peer = remote_port
        self.state = "SYN-SENT"
        self.start()
        return self.flush()

    def send(self, data):
        self.backlog += data
        self.push()
        return self.flush()

    def tick(self, now):
        self.clock = now
        if self.retries is not None and now >= self.due - 1e-9:
            self.retries += 1
            self.due = self.clock + 2.0**self.retries
            self.syn()
        return self.flush()

    def receive(self, s):
        handler = {
            "CLOSED": self.reject,
            "LISTEN": self.in_listen,
            "SYN-SENT": self.in_syn_sent,
            "SYN-RECEIVED": self.in_syn_received,
            "ESTABLISHED": self.in_established,
        }[self.state]
        handler(s)
        return self.flush()

    def in_listen(self, s):
        if s.flags & tcp.RST:
            return
        if s.flags & tcp.ACK:
            self.reject(s)
        elif s.flags & tcp.SYN:
            self.peer = s.source_port
            self.expected = (s.seq + 1) & MASK
            self.state = "SYN-RECEIVED"
            self.start()

    def in_syn_sent(self, s):
        good = s.flags & tcp.ACK and s.ack == (self.iss + 1) & MASK
        if s.flags & tcp.ACK and not good:
            self.reject(s)
        elif s.flags & tcp.RST:
            if good:
                self.fail()
        elif s.flags & tcp.SYN:
            self.expected = (s.seq + 1) & MASK
            if good:
                self.ready()
                self.ack()
                self.push()
            else:
                self.state = "SYN-RECEIVED"
                self.start()

    def in_syn_received(self, s):
        if s.flags & tcp.RST:
            if s.seq == self.expected:
                if self.server:
                    self.state, self.retries = "LISTEN", None
                else:
                    self.fail()
            return
        is_answer = s.flags & tcp.ACK and s.ack == (self.iss + 1) & MASK
        if s.flags & tcp.SYN:
            if is_answer and s.seq == (self.expected - 1) & MASK:
                self.ready()  # our SYNs crossed
                self.push()
            else:
                self.syn()
        elif s.flags & tcp.ACK:
            if not is_answer:
                self.reject(s)
            else:
                self.ready()
                self.take(s)
                self.push()

    def in_established(self, s):
        if s.flags & tcp.RST:
            if s.seq == self.expected:
                self.state = "CLOSED"
                self.error = "connection reset"
        elif s.flags & tcp.SYN:
            self.ack()
        else:
            self.take(s)

    def take(self, s):
        if not s.payload:
            return
        if s.seq == self.expected:
            self.chunks.append(s.payload)
            self.expected = (self.expected + len(s.payload)) & MASK
        self.ack()

    def ready(self):
        self.state, self.retries = "ESTABLISHED", None

    def fail(self):
        self.state, self.retries, self.error = "CLOSED", None, "connection refused"

    def start(self):
        self.next = (self.iss + 1) & MASK
        self.retries = 0
        self.due = self.clock + 1.0
        self.syn()

    def syn(self):
        flags = tcp.SYN if self.state == "SYN-SENT" else tcp.SYN | tcp.ACK
        self.queue(self.iss, flags)

    def ack(self):
        self.queue(self.next, tcp.ACK)

    def push(self):
        while self.state == "ESTABLISHED" and self.backlog:
            piece = bytes(self.backlog[:100])
            del self.backlog[:100]
            self.queue(self.next, tcp.ACK | tcp.PSH, piece)
            self.next = (self.next + len(piece)) & MASK

    def reject(self, s):
        if s.flags & tcp.RST:
            return
        if s.flags & tcp.ACK:
            numbers = (s.ack, 0, tcp.RST)
        else:
            numbers = (0, (s.seq + s.length) & MASK, tcp.RST | tcp.ACK)
        self.out.append(tcp.Segment(s.destination_port, s.source_port, *numbers, window=0))

    def queue(self, seq, flags, payload=b""):
        self.out.append(
            tcp.Segment(
                source_port=self.local_port,
                destination_port=self.peer,
                seq=seq,
                ack=self.expected if flags & tcp.ACK else 0,
                flags=flags,
                window=16384,
                payload=payload,
            )
        )

    def flush(self):
        out, self.out = self.out, []
        return out
