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
    return 0 < (b - a) % MODULUS < MODULUS // 2


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
        if self.state not in ("ESTABLISHED", "CLOSE-WAIT"):
            raise BrokenPipeError("this direction of the connection is closed")
        return [self._transmit(PSH | ACK, data)]

    def close(self):
        """Close this direction: send FIN, after all data. A second call does nothing."""
        closing = {"ESTABLISHED": "FIN-WAIT-1", "CLOSE-WAIT": "LAST-ACK"}
        if self.state not in closing:
            return []
        self.state = closing[self.state]
        return [self._transmit(FIN | ACK)]

    def receive(self, segment):
        """Take in one segment of this connection, and give what has to be sent because of it."""
        if self.state == "CLOSED":
            return []
        if not self._acceptable(segment):
            if self.state == "TIME-WAIT" and segment.flags & FIN:
                self._wait()
            return [] if segment.flags & RST else [self._ack()]
        if segment.flags & RST and segment.seq == self.rcv_nxt:
            self._reset()
            return []
        if segment.flags & (RST | SYN):
            return [self._ack()]
        if not segment.flags & ACK:
            return []
        if before(self.snd_nxt, segment.ack):
            return [self._ack()]
        self._take_ack(segment.ack)
        if segment.length == 0:
            return []
        self.early.append(segment)
        self._take_in_order()
        return [self._ack()]

    def tick(self, now):
        """Learn the time, in seconds, and do what is due. The clock starts at 0.0."""
        self.now = now
        if self.deadline is None or now < self.deadline:
            return []
        if self.state in ("ESTABLISHED", "CLOSE-WAIT"):
            return []
        if self.state == "TIME-WAIT":
            self._end()
            return []
        self.timeout = min(2 * self.timeout, LAST_TIMEOUT)
        self.deadline = now + self.timeout
        return [self.unacknowledged[0]._replace(ack=self.rcv_nxt)]

    def _acceptable(self, segment):
        """Tell whether the segment's first or last number is one that may arrive now."""
        first = segment.seq - self.rcv_nxt
        last = first + max(segment.length, 1) - 1
        return first % MODULUS < WINDOW or last % MODULUS < WINDOW

    def _take_ack(self, number):
        """Learn that the peer has all numbers before `number`."""
        waiting = [s for s in self.unacknowledged if before(number, s.seq + s.length)]
        if len(waiting) < len(self.unacknowledged):
            self.unacknowledged = waiting
            self.timeout = FIRST_TIMEOUT
            self.deadline = self.now + self.timeout if waiting else None
        if waiting:
            return
        if self.state == "FIN-WAIT-1":
            self.state = "FIN-WAIT-2"
        elif self.state == "CLOSING":
            self._wait()
        elif self.state == "LAST-ACK":
            self._end()

    def _take_in_order(self):
        """Take data and FIN from early segments, as long as one has the number that is expected."""
        while ready := [s for s in self.early if not before(self.rcv_nxt, s.seq)]:
            segment = ready[0]
            self.early.remove(segment)
            data = segment.payload[(self.rcv_nxt - segment.seq) % MODULUS :]
            self.received += data
            self.rcv_nxt = (self.rcv_nxt + len(data)) % MODULUS
            if segment.flags & FIN and not self.eof:
                self._take_fin()

    def _take_fin(self):
        """Take the peer's FIN, whose turn it is."""
        self.rcv_nxt = (self.rcv_nxt + 1) % MODULUS
        self.eof = True
        if self.state == "ESTABLISHED":
            self.state = "CLOSE-WAIT"
        elif self.state == "FIN-WAIT-1":
            self.state = "CLOSING"
        elif self.state == "FIN-WAIT-2":
            self._wait()

    def _transmit(self, flags, payload=b""):
        """Make a segment that takes numbers, and see to it that it is sent again if it gets lost."""
        segment = self._segment(flags, payload)
        self.snd_nxt = (self.snd_nxt + segment.length) % MODULUS
        self.unacknowledged.append(segment)
        if self.deadline is None:
            self.deadline = self.now + self.timeout
        return segment

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
