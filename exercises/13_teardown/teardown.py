"""The closing half of a TCP endpoint (RFC 9293): segments in, segments out."""

from segment import ACK, FIN, PSH, RST, SYN, Segment

# Sequence numbers are counted modulo this.
MODULUS = 2**32
# How many numbers, from the next expected one on, may arrive.
WINDOW = 65535
# Seconds until what nobody acknowledged is sent again; doubled each time, up to the second (RFC 6298).
FIRST_TIMEOUT = 1.0
LAST_TIMEOUT = 60.0
# Seconds after which no segment is in the network any more. The RFC says 120, Linux goes by 30.
MSL = 30.0


def before(a, b):
    """Tell whether number `a` comes before number `b`, where 0 comes after 2**32 - 1."""
    raise NotImplementedError("before is not written yet")


class Endpoint:
    """One end of one connection. It sends nothing itself: methods give a list of segments to be sent.

    What users may look at:

    `state`     as in the RFC: "ESTABLISHED", "FIN-WAIT-1", "FIN-WAIT-2", "CLOSING", "TIME-WAIT",
                "CLOSE-WAIT", "LAST-ACK" or "CLOSED"
    `received`  the bytes of data that have come in so far, in order
    `eof`       whether the peer's FIN has come in, after all of its data
    `error`     None, or "connection reset" after the peer has reset the connection
    """

    def __init__(self, local_port, remote_port, snd_nxt, rcv_nxt):
        """Begin in ESTABLISHED, with all that was sent acknowledged.

        `snd_nxt` is the next number to be sent, `rcv_nxt` the next one that is expected from the peer.
        """
        self.local_port = local_port
        self.remote_port = remote_port
        self.snd_nxt = snd_nxt
        self.rcv_nxt = rcv_nxt
        self.state = "ESTABLISHED"
        self.received = b""
        self.eof = False
        self.error = None
        self.unacknowledged = []  # segments that were sent and may be lost, the oldest first
        self.early = []  # segments that have come in before their turn
        self.now = 0.0
        self.deadline = None  # when to send again or, in TIME-WAIT, when to end
        self.timeout = FIRST_TIMEOUT

    def send(self, data):
        """Send data. Raises BrokenPipeError if this direction is closed."""
        raise NotImplementedError("Endpoint.send is not written yet")

    def close(self):
        """Close this direction: send FIN, after all data. A second call does nothing."""
        raise NotImplementedError("Endpoint.close is not written yet")

    def receive(self, segment):
        """Take in one segment of this connection, and give what has to be sent because of it."""
        raise NotImplementedError("Endpoint.receive is not written yet")

    def tick(self, now):
        """Learn the time, in seconds, and do what is due. The clock starts at 0.0."""
        raise NotImplementedError("Endpoint.tick is not written yet")

    def _acceptable(self, segment):
        """Tell whether the segment's first or last number is one that may arrive now."""
        raise NotImplementedError("Endpoint._acceptable is not written yet")

    def _take_ack(self, number):
        """Learn that the peer has all numbers before `number`."""
        raise NotImplementedError("Endpoint._take_ack is not written yet")

    def _take_in_order(self):
        """Take data and FIN from early segments, as long as one has the number that is expected."""
        raise NotImplementedError("Endpoint._take_in_order is not written yet")

    def _take_fin(self):
        """Take the peer's FIN, whose turn it is."""
        raise NotImplementedError("Endpoint._take_fin is not written yet")

    def _transmit(self, flags, payload=b""):
        """Make a segment that takes numbers, and see to it that it is sent again if it gets lost."""
        raise NotImplementedError("Endpoint._transmit is not written yet")

    def _ack(self):
        return self._segment(ACK)

    def _segment(self, flags, payload=b""):
        return Segment(
            self.local_port, self.remote_port, self.snd_nxt, self.rcv_nxt, flags, payload=payload
        )

    def _wait(self):
        """Wait in TIME-WAIT for 2 MSL from now."""
        self.state = "TIME-WAIT"
        self.deadline = self.now + 2 * MSL

    def _reset(self):
        """End at once, as the peer asks for; a user whose data may be lost gets an error."""
        if self.state not in ("CLOSING", "LAST-ACK", "TIME-WAIT"):
            self.error = "connection reset"
        self._end()

    def _end(self):
        self.state = "CLOSED"
        self.unacknowledged = []
        self.deadline = None
