"""A sliding window: a sender and a receiver, without I/O, clock or threads of their own."""

from segment import ACK, Segment

MODULUS = 1 << 32
FIRST_TIMEOUT = 1.0  # seconds
LONGEST_TIMEOUT = 60.0


def add(number, count):
    """Give the sequence number that is `count` bytes after another; it wraps at 2^32."""
    return (number + count) % MODULUS


def distance(first, second):
    """Give how many bytes `second` lies after `first`; less than 0 if it lies before it."""
    forward = (second - first) % MODULUS
    return forward if forward < MODULUS // 2 else forward - MODULUS


class Sender:
    """Sends a stream of bytes: never more than the window allows, and again what gets lost."""

    def __init__(self, source_port, destination_port, seq, ack, window, mss):
        """Begin an established connection on which nothing was sent yet.

        seq: the number of the first byte to be sent. ack: the acknowledgement number for all
        segments. window: what the receiver offers. mss: the most bytes that a segment may carry.
        """
        self.source_port = source_port
        self.destination_port = destination_port
        self.ack = ack
        self.mss = mss
        self.window = window
        self.una = seq  # the oldest byte that is not acknowledged
        self.nxt = seq  # the next byte to send
        self.top = seq  # the byte after the last one that was ever sent
        self.data = bytearray()  # all bytes from una on, sent or not
        self.now = 0.0
        self.timeout = FIRST_TIMEOUT
        self.expires = None  # when the timer runs out; None while it doesn't run

    def send(self, data):
        """Take bytes from the user; give the segments to be sent now."""
        self.data += data
        return self._fill_window()

    def receive(self, segment):
        """Take a segment with an acknowledgement and a window; give the segments to be sent now."""
        acknowledged = distance(self.una, segment.ack)
        if not 0 <= acknowledged <= distance(self.una, self.top):
            return []
        opens = self.window == 0 < segment.window
        self.window = segment.window
        self.una = segment.ack
        del self.data[:acknowledged]
        if distance(self.nxt, self.una) > 0:
            self.nxt = self.una
        if acknowledged or opens:
            self.timeout = FIRST_TIMEOUT
            self.expires = None
        return self._fill_window()

    def tick(self, now):
        """Learn what time it is, in seconds; give the segments to be sent now."""
        self.now = now
        if self.expires is None or now < self.expires:
            return []
        if self.timeout > 8 and self.window == 0:
            self.expires = None
            return []
        self.timeout = min(2 * self.timeout, LONGEST_TIMEOUT)
        self.expires = now + self.timeout
        sent = max(1, distance(self.una, self.nxt))  # nothing sent: a probe of one byte
        return [self._segment(self.una, min(sent, self.mss, max(1, self.window)))]

    def _fill_window(self):
        """Give the segments that the window has room for, and see to the timer."""
        segments = []
        while (size := self._room()) > 0:
            segments.append(self._segment(self.nxt, size))
            self.nxt = add(self.nxt, size)
        if not self.data:
            self.expires = None
        elif self.expires is None:
            self.expires = self.now + self.timeout
        return segments

    def _room(self):
        """Give how many bytes the next segment may carry."""
        sent = distance(self.una, self.nxt)
        return min(self.mss, self.window - sent, len(self.data) - sent)

    def _segment(self, seq, size):
        """Give the segment with the `size` bytes from `seq` on."""
        first = distance(self.una, seq)
        end = add(seq, size)
        if distance(self.top, end) > 0:
            self.top = end
        payload = bytes(self.data[first : first + size])
        return Segment(self.source_port, self.destination_port, seq, self.ack, ACK, payload=payload)


class Receiver:
    """Receives a stream of bytes, whatever the order in which they come."""

    def __init__(self, source_port, destination_port, seq, ack, buffer):
        """Begin an established connection on which nothing was received yet.

        seq: the sequence number for all segments. ack: the number of the first byte to come.
        buffer: how many bytes can be kept until the user reads them, at most 65535.
        """
        self.source_port = source_port
        self.destination_port = destination_port
        self.seq = seq
        self.buffer = buffer
        self.nxt = ack  # the first byte that is missing
        self.ready = bytearray()  # the bytes before it that the user has not read yet
        self.early = {}  # the bytes after it that came already, by number
        self.offered = buffer  # the window in the last segment

    def receive(self, segment):
        """Take a segment with data; give the acknowledgement to be sent."""
        if not segment.payload:
            return []
        free = self._free()
        for place, byte in enumerate(segment.payload, distance(self.nxt, segment.seq)):
            if 0 <= place < free:
                self.early[add(self.nxt, place)] = byte
        while self.nxt in self.early:
            self.ready.append(self.early.pop(self.nxt))
            self.nxt = add(self.nxt, 1)
        return [self._acknowledgement()]

    def read(self, size):
        """Give the next bytes, `size` at most, and the segments to be sent now."""
        data = bytes(self.ready[:size])
        del self.ready[:size]
        if self._free() - self.offered >= max(1, self.buffer // 2):
            return data, [self._acknowledgement()]
        return data, []

    def _free(self):
        """Give how many bytes from `nxt` on the buffer has room for."""
        return self.buffer - len(self.ready)

    def _acknowledgement(self):
        """Give the segment that says what has come and what there is room for."""
        self.offered = self._free()
        return Segment(
            self.source_port, self.destination_port, self.seq, self.nxt, ACK, self.offered
        )
