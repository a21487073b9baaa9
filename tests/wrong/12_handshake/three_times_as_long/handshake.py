from segment import ACK, RST, SYN, Segment

FIRST, LONGEST = 1.0, 60.0


class Endpoint:
    def __init__(self, local_port, iss):
        self.ports = {"source_port": local_port, "destination_port": None}
        self.mine = {"first": iss, "next": (iss + 1) % 2**32}
        self.theirs = {"next": 0}
        self.state, self.error, self.received = "CLOSED", None, b""
        self.role = None
        self.kept = []
        self.now, self.wait, self.since = 0.0, FIRST, None

    def segment(self, flags, payload=b""):
        seq = self.mine["first" if flags & SYN else "next"]
        ack = self.theirs["next"] if flags & ACK else 0
        return Segment(**self.ports, seq=seq, ack=ack, flags=flags, payload=payload)

    def listen(self):
        self.role, self.state = "passive", "LISTEN"
        return []

    def connect(self, remote_port):
        self.role, self.state = "active", "SYN-SENT"
        self.ports["destination_port"] = remote_port
        return self.begin()

    def begin(self):
        self.wait, self.since = FIRST, self.now
        return self.syn()

    def syn(self):
        return [self.segment(SYN if self.state == "SYN-SENT" else SYN | ACK)]

    def send(self, data):
        if self.state != "ESTABLISHED":
            self.kept.append(data)
            return []
        sent = self.segment(ACK, data)
        self.mine["next"] = (self.mine["next"] + len(data)) % 2**32
        return [sent]

    def established(self):
        self.state, self.since = "ESTABLISHED", None
        kept, self.kept = self.kept, []
        return [segment for data in kept for segment in self.send(data)]

    def tick(self, now):
        self.now = now
        if self.since is None or now - self.since < self.wait:
            return []
        self.since += self.wait
        self.wait = min(3 * self.wait, LONGEST)
        return self.syn()

    def receive(self, s):
        is_ack, is_syn, is_rst = (bool(s.flags & bit) for bit in (ACK, SYN, RST))
        if self.state == "CLOSED":
            return self.reject(s)
        if self.state == "LISTEN":
            if is_ack or is_rst:
                return self.reject(s)
            if not is_syn:
                return []
            self.ports["destination_port"] = s.source_port
            return self.meet(s)
        if self.state == "SYN-SENT":
            if is_ack and s.ack != self.mine["next"]:
                return self.reject(s)
            if is_rst:
                return self.refused() if is_ack else []
            if is_syn and is_ack:
                self.theirs["next"] = (s.seq + 1) % 2**32
                return [self.segment(ACK)] + self.established()
            return self.meet(s) if is_syn else []
        if s.seq != self.theirs["next"]:
            return [] if is_rst else [self.segment(ACK)]
        if is_rst:
            return self.refused()
        if is_syn:
            return [self.segment(ACK)]
        if not is_ack:
            return []
        out = []
        if self.state == "SYN-RECEIVED":
            if s.ack != self.mine["next"]:
                return self.reject(s)
            out = self.established()
        if s.payload:
            self.received += s.payload
            self.theirs["next"] = (s.seq + len(s.payload)) % 2**32
            out.append(self.segment(ACK))
        return out

    def meet(self, s):
        self.theirs["next"] = (s.seq + 1) % 2**32
        self.state = "SYN-RECEIVED"
        return self.begin()

    def refused(self):
        self.since = None
        if self.state == "SYN-RECEIVED" and self.role == "passive":
            self.state = "LISTEN"
        else:
            self.error = "connection " + ("reset" if self.state == "ESTABLISHED" else "refused")
            self.state = "CLOSED"
        return []

    def reject(self, s):
        if s.flags & RST:
            return []
        ports = (s.destination_port, s.source_port)
        if s.flags & ACK:
            return [Segment(*ports, s.ack, 0, RST)]
        return [Segment(*ports, 0, (s.seq + s.length) % 2**32, RST | ACK)]
