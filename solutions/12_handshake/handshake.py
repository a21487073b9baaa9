"""The opening half of a TCP endpoint (RFC 9293): segments in, segments out."""

from segment import ACK, RST, SYN, Segment

# Sequence numbers are counted modulo this.
MODULUS = 2**32
# Seconds until a SYN that nobody answered is sent again; doubled each time (RFC 6298).
FIRST_TIMEOUT = 1.0


class Endpoint:
    """One end of one connection. It sends nothing itself: methods give a list of segments to be sent.

    What users may look at:

    `state`     "CLOSED", "LISTEN", "SYN-SENT", "SYN-RECEIVED" or "ESTABLISHED"
    `received`  the bytes of data that have come in so far, in order
    `error`     None, or "connection refused" after the peer has refused
    """

    def __init__(self, local_port, iss):
        """Begin in CLOSED. `iss` is the sequence number that this side's SYN will take."""
        self.local_port = local_port
        self.remote_port = None
        self.iss = iss
        self.state = "CLOSED"
        self.received = b""
        self.error = None
        self.passive = False  # whether it was opened by `listen`
        self.snd_una = iss  # the first number that the peer has not acknowledged
        self.snd_nxt = iss  # the next number to be sent
        self.rcv_nxt = 0  # the next number that is expected from the peer
        self.waiting = b""  # data that `send` was given before there was a connection
        self.now = 0.0
        self.deadline = None  # when the SYN or SYN,ACK is sent again
        self.timeout = FIRST_TIMEOUT

    def listen(self):
        """Wait for a peer's SYN (passive open). Nothing is sent, so the list is empty."""
        self.passive = True
        self.state = "LISTEN"
        return []

    def connect(self, remote_port):
        """Ask a peer for a connection (active open)."""
        self.remote_port = remote_port
        self.state = "SYN-SENT"
        return self._opening(SYN)

    def send(self, data):
        """Send data. Before the connection is there, it is kept until then."""
        self.waiting += data
        return self._flush() if self.state == "ESTABLISHED" else []

    def receive(self, segment):
        """Take in one segment, and give what has to be sent because of it."""
        if self.state == "CLOSED":
            return self._refuse(segment)
        if self.state == "LISTEN":
            return self._receive_in_listen(segment)
        if self.state == "SYN-SENT":
            return self._receive_in_syn_sent(segment)
        return self._receive_synchronized(segment)

    def tick(self, now):
        """Learn the time, in seconds, and send again what is due. The clock starts at 0.0."""
        self.now = now
        if self.deadline is None or now < self.deadline:
            return []
        self.timeout *= 2
        self.deadline = now + self.timeout
        return [self._syn()]

    def _receive_in_listen(self, segment):
        if segment.flags & RST:
            return []
        if segment.flags & ACK:
            return self._refuse(segment)
        if not segment.flags & SYN:
            return []
        self.remote_port = segment.source_port
        self.rcv_nxt = (segment.seq + 1) % MODULUS
        self.state = "SYN-RECEIVED"
        return self._opening(SYN | ACK)

    def _receive_in_syn_sent(self, segment):
        acknowledged = segment.flags & ACK
        if acknowledged and segment.ack != self.snd_nxt:
            return self._refuse(segment)
        if segment.flags & RST:
            if acknowledged:
                self._give_up()
            return []
        if not segment.flags & SYN:
            return []
        self.rcv_nxt = (segment.seq + 1) % MODULUS
        if acknowledged:
            return self._establish(segment) or [self._ack()]
        self.state = "SYN-RECEIVED"  # both sides opened at the same time
        return self._opening(SYN | ACK)

    def _receive_synchronized(self, segment):
        """Take in a segment when the peer's sequence number is known."""
        if not self._acceptable(segment):
            return [] if segment.flags & RST else [self._ack()]
        if segment.flags & RST:
            if segment.seq == self.rcv_nxt:
                self._reset()
            return []
        if segment.flags & SYN:
            return [self._ack()]
        if not segment.flags & ACK:
            return []
        if self.state == "SYN-RECEIVED":
            if segment.ack != self.snd_nxt:
                return self._refuse(segment)
            return self._establish(segment) + self._take_data(segment)
        if (segment.ack - self.snd_una) % MODULUS <= (self.snd_nxt - self.snd_una) % MODULUS:
            self.snd_una = segment.ack
        return self._take_data(segment)

    def _acceptable(self, segment):
        """Tell whether a segment begins with the number that is expected, and is not an old one."""
        return segment.seq == self.rcv_nxt

    def _establish(self, segment):
        self.state = "ESTABLISHED"
        self.snd_una = segment.ack
        self.deadline = None
        return self._flush()

    def _take_data(self, segment):
        if not segment.payload:
            return []
        self.received += segment.payload
        self.rcv_nxt = (self.rcv_nxt + len(segment.payload)) % MODULUS
        return [self._ack()]

    def _flush(self):
        if not self.waiting:
            return []
        data, self.waiting = self.waiting, b""
        segment = self._segment(self.snd_nxt, ACK, data)
        self.snd_nxt = (self.snd_nxt + len(data)) % MODULUS
        return [segment]

    def _opening(self, flags):
        """Send the first SYN or SYN,ACK, and see to it that it is sent again."""
        self.snd_nxt = (self.iss + 1) % MODULUS
        self.timeout = FIRST_TIMEOUT
        self.deadline = self.now + self.timeout
        return [self._segment(self.iss, flags)]

    def _syn(self):
        return self._segment(self.iss, SYN if self.state == "SYN-SENT" else SYN | ACK)

    def _ack(self):
        return self._segment(self.snd_nxt, ACK)

    def _segment(self, seq, flags, payload=b""):
        ack = self.rcv_nxt if flags & ACK else 0
        return Segment(self.local_port, self.remote_port, seq, ack, flags, payload=payload)

    def _refuse(self, segment):
        """Answer a segment that belongs to no connection (RFC 9293, 3.10.7.1)."""
        if segment.flags & RST:
            return []
        seq, ack, flags = 0, (segment.seq + segment.length) % MODULUS, RST | ACK
        if segment.flags & ACK:
            seq, ack, flags = segment.ack, 0, RST
        return [Segment(segment.destination_port, segment.source_port, seq, ack, flags)]

    def _reset(self):
        if self.state == "SYN-RECEIVED" and self.passive:
            self.state = "LISTEN"
            self.deadline = None
        else:
            self._give_up()

    def _give_up(self):
        self.state = "CLOSED"
        self.error = "connection refused"
        self.deadline = None
