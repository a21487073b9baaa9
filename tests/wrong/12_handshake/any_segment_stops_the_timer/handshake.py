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
        self.snd_nxt = iss  # the next number to be sent
        self.rcv_nxt = 0  # the next number that is expected from the peer
        self.waiting = b""  # data that `send` was given before there was a connection
        self.now = 0.0
        self.opening = None  # the SYN, or SYN and ACK, that was sent
        self.deadline = None  # when it is sent again; None once that isn't needed
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
        return self._open(SYN)

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
        return [self.opening]

    def _receive_in_listen(self, segment):
        """Take in a segment while waiting for a peer: its SYN is answered by SYN and ACK."""
        if segment.flags & ACK:
            return self._refuse(segment)
        if segment.flags & RST or not segment.flags & SYN:
            return []
        self.remote_port = segment.source_port
        self.rcv_nxt = (segment.seq + 1) % MODULUS
        self.state = "SYN-RECEIVED"
        return self._open(SYN | ACK)

    def _receive_in_syn_sent(self, segment):
        """Take in a segment after our SYN: an answer to it, a refusal, or a SYN of the peer's own."""
        acknowledged = segment.flags & ACK
        if acknowledged and segment.ack != self.snd_nxt:
            return self._refuse(segment)
        if segment.flags & RST:
            if acknowledged:
                self._end("connection refused")
            return []
        if not segment.flags & SYN:
            return []
        self.rcv_nxt = (segment.seq + 1) % MODULUS
        if acknowledged:
            self._establish()
            return self._flush() or [self._ack()]
        self.state = "SYN-RECEIVED"  # both sides opened at the same time
        return self._open(SYN | ACK)

    def _receive_synchronized(self, segment):
        """Take in a segment once the peer's sequence number is known."""
        if segment.seq != self.rcv_nxt:  # an old one that came once more, or one from nowhere
            self.deadline = None
            return [] if segment.flags & RST else [self._ack()]
        if segment.flags & RST:
            self._reset()
            return []
        if segment.flags & SYN:
            return [self._ack()]
        if not segment.flags & ACK:
            return []
        to_send = []
        if self.state == "SYN-RECEIVED":
            if segment.ack != self.snd_nxt:
                return self._refuse(segment)
            self._establish()
            to_send = self._flush()
        if segment.payload:
            self.received += segment.payload
            self.rcv_nxt = (self.rcv_nxt + len(segment.payload)) % MODULUS
            to_send.append(self._ack())
        return to_send

    def _open(self, flags):
        """Send a SYN, with or without an ACK, and see to it that it is sent again."""
        self.snd_nxt = (self.iss + 1) % MODULUS
        self.opening = self._segment(self.iss, flags)
        self.timeout = FIRST_TIMEOUT
        self.deadline = self.now + self.timeout
        return [self.opening]

    def _establish(self):
        """Note that the peer has acknowledged our SYN."""
        self.state = "ESTABLISHED"
        self.deadline = None

    def _flush(self):
        """Send the data that waits, if there is any."""
        if not self.waiting:
            return []
        data, self.waiting = self.waiting, b""
        segment = self._segment(self.snd_nxt, ACK, data)
        self.snd_nxt = (self.snd_nxt + len(data)) % MODULUS
        return [segment]

    def _refuse(self, segment):
        """Answer a segment that belongs to no connection by a reset, unless it is one itself."""
        if segment.flags & RST:
            return []
        ports = segment.destination_port, segment.source_port
        if segment.flags & ACK:
            return [Segment(*ports, segment.ack, 0, RST)]
        return [Segment(*ports, 0, (segment.seq + segment.length) % MODULUS, RST | ACK)]

    def _reset(self):
        """The peer has reset the connection."""
        if self.state == "ESTABLISHED":
            self._end("connection reset")
        elif self.passive:
            self.state = "LISTEN"
            self.deadline = None
        else:
            self._end("connection refused")

    def _end(self, error):
        """There is no connection, and there won't be one."""
        self.state = "CLOSED"
        self.error = error
        self.deadline = None

    def _ack(self):
        """Make a segment that acknowledges and does nothing else."""
        return self._segment(self.snd_nxt, ACK)

    def _segment(self, seq, flags, payload=b""):
        """Make a segment to the peer."""
        ack = self.rcv_nxt if flags & ACK else 0
        return Segment(self.local_port, self.remote_port, seq, ack, flags, payload=payload)
