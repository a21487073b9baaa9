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
        raise NotImplementedError("Endpoint.listen is not written yet")

    def connect(self, remote_port):
        """Ask a peer for a connection (active open)."""
        raise NotImplementedError("Endpoint.connect is not written yet")

    def send(self, data):
        """Send data. Before the connection is there, it is kept until then."""
        raise NotImplementedError("Endpoint.send is not written yet")

    def receive(self, segment):
        """Take in one segment, and give what has to be sent because of it."""
        raise NotImplementedError("Endpoint.receive is not written yet")

    def tick(self, now):
        """Learn the time, in seconds, and send again what is due. The clock starts at 0.0."""
        raise NotImplementedError("Endpoint.tick is not written yet")

    def _receive_in_listen(self, segment):
        """Take in a segment while waiting for a peer: its SYN is answered by SYN and ACK."""
        raise NotImplementedError("Endpoint._receive_in_listen is not written yet")

    def _receive_in_syn_sent(self, segment):
        """Take in a segment after our SYN: an answer to it, a refusal, or a SYN of the peer's own."""
        raise NotImplementedError("Endpoint._receive_in_syn_sent is not written yet")

    def _receive_synchronized(self, segment):
        """Take in a segment once the peer's sequence number is known."""
        raise NotImplementedError("Endpoint._receive_synchronized is not written yet")

    def _open(self, flags):
        """Send a SYN, with or without an ACK, and see to it that it is sent again."""
        raise NotImplementedError("Endpoint._open is not written yet")

    def _establish(self):
        """Note that the peer has acknowledged our SYN."""
        raise NotImplementedError("Endpoint._establish is not written yet")

    def _flush(self):
        """Send the data that waits, if there is any."""
        raise NotImplementedError("Endpoint._flush is not written yet")

    def _refuse(self, segment):
        """Answer a segment that belongs to no connection by a reset, unless it is one itself."""
        raise NotImplementedError("Endpoint._refuse is not written yet")

    def _reset(self):
        """The peer has reset the connection."""
        raise NotImplementedError("Endpoint._reset is not written yet")

    def _end(self, error):
        """There is no connection, and there won't be one."""
        raise NotImplementedError("Endpoint._end is not written yet")

    def _ack(self):
        """Make a segment that acknowledges and does nothing else."""
        raise NotImplementedError("Endpoint._ack is not written yet")

    def _segment(self, seq, flags, payload=b""):
        """Make a segment to the peer."""
        raise NotImplementedError("Endpoint._segment is not written yet")
