"""A sliding window: a sender and a receiver, without I/O, clock or threads of their own."""

from segment import ACK, Segment

MODULUS = 1 << 32
FIRST_TIMEOUT = 1.0  # seconds
LONGEST_TIMEOUT = 60.0


def add(number, count):
    """Give the sequence number that is `count` bytes after another; it wraps at 2^32."""
    raise NotImplementedError("add is not written yet")


def distance(first, second):
    """Give how many bytes `second` lies after `first`; less than 0 if it lies before it."""
    raise NotImplementedError("distance is not written yet")


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
        raise NotImplementedError("Sender.send is not written yet")

    def receive(self, segment):
        """Take a segment with an acknowledgement and a window; give the segments to be sent now."""
        raise NotImplementedError("Sender.receive is not written yet")

    def tick(self, now):
        """Learn what time it is, in seconds; give the segments to be sent now."""
        raise NotImplementedError("Sender.tick is not written yet")

    def _fill_window(self):
        """Give the segments that the window has room for, and see to the timer."""
        raise NotImplementedError("Sender._fill_window is not written yet")

    def _room(self):
        """Give how many bytes the next segment may carry."""
        raise NotImplementedError("Sender._room is not written yet")

    def _segment(self, seq, size):
        """Give the segment with the `size` bytes from `seq` on."""
        raise NotImplementedError("Sender._segment is not written yet")


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
        raise NotImplementedError("Receiver.receive is not written yet")

    def read(self, size):
        """Give the next bytes, `size` at most, and the segments to be sent now."""
        raise NotImplementedError("Receiver.read is not written yet")

    def _free(self):
        """Give how many bytes from `nxt` on the buffer has room for."""
        raise NotImplementedError("Receiver._free is not written yet")

    def _acknowledgement(self):
        """Give the segment that says what has come and what there is room for."""
        raise NotImplementedError("Receiver._acknowledgement is not written yet")
