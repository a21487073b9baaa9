"""A TCP of the grader's own, which stands in for the kernel where that can't be had (RFC 9293).

It does what RFC 9293, section 3.10 says, without timers: nothing gets lost between it and a student's
endpoint. Data goes out in order and comes in in order; what comes too early is dropped.
"""

from __future__ import annotations

from grader.lab.conversation.segment import ACK, FIN, MODULUS, PSH, RST, SYN, Segment, before, plus

#: What one segment carries at most, if the peer didn't say what it can take (RFC 9293, 3.7.1).
_MSS = 536
_WINDOW = 64_240
_TAKES_DATA = ("ESTABLISHED", "FIN-WAIT-1", "FIN-WAIT-2")
_AFTER_FIN_WAS_ACKNOWLEDGED = {
    "FIN-WAIT-1": "FIN-WAIT-2",
    "CLOSING": "TIME-WAIT",
    "LAST-ACK": "CLOSED",
}
_AFTER_PEERS_FIN = {
    "SYN-RECEIVED": "CLOSE-WAIT",
    "ESTABLISHED": "CLOSE-WAIT",
    "FIN-WAIT-1": "CLOSING",
    "FIN-WAIT-2": "TIME-WAIT",
}


class Reference:
    """One endpoint with one connection (a `Stack`).

    Args:
        iss: the sequence number that its SYN takes.
    """

    name = "reference"

    def __init__(self, iss: int) -> None:
        self._iss = iss
        self._state = "CLOSED"
        self._port = self._remote_port = 0
        self._passive = False
        self._una = self._nxt = iss
        self._rcv_nxt = 0
        self._peer_window = 0
        self._unsent = b""
        self._received = b""
        self._shut = False
        self._fin_sent = False
        self._out: list[Segment] = []

    def listen(self, port: int) -> None:
        self._port, self._passive, self._state = port, True, "LISTEN"

    def connect(self, port: int, remote_port: int) -> None:
        self._port, self._remote_port, self._state = port, remote_port, "SYN-SENT"
        self._send_syn(SYN)

    def sent(self) -> list[Segment]:
        sent, self._out = self._out, []
        return sent

    def state(self) -> str:
        return self._state

    def send(self, data: bytes) -> None:
        self._unsent += data
        self._flush()

    def received(self) -> bytes:
        return self._received

    def shut(self) -> None:
        self._shut = True
        self._flush()

    def close(self) -> None:
        """Nothing belongs to it."""

    def deliver(self, segment: Segment) -> None:
        if segment.destination_port != self._port or self._state == "CLOSED":
            self._refuse(segment)
        elif self._state == "LISTEN":
            self._deliver_in_listen(segment)
        elif segment.source_port != self._remote_port:
            self._refuse(segment)
        elif self._state == "SYN-SENT":
            self._deliver_in_syn_sent(segment)
        else:
            self._deliver_synchronized(segment)

    def _deliver_in_listen(self, segment: Segment) -> None:
        if segment.flags & (RST | ACK):
            self._refuse(segment)
        elif segment.flags & SYN:
            self._remote_port = segment.source_port
            self._take_syn(segment)
            self._state = "SYN-RECEIVED"
            self._send_syn(SYN | ACK)

    def _deliver_in_syn_sent(self, segment: Segment) -> None:
        if segment.flags & ACK and segment.ack != self._nxt:
            self._refuse(segment)
        elif segment.flags & RST:
            if segment.flags & ACK:
                self._state = "CLOSED"
        elif segment.flags & SYN:
            self._take_syn(segment)
            if segment.flags & ACK:
                self._una, self._state = segment.ack, "ESTABLISHED"
                self._acknowledge()
                self._flush()
            else:
                self._state = "SYN-RECEIVED"
                self._send_syn(SYN | ACK)

    def _deliver_synchronized(self, segment: Segment) -> None:
        segment = self._without_repeated(segment)
        if segment.seq != self._rcv_nxt:
            if not segment.flags & RST or (segment.seq - self._rcv_nxt) % MODULUS < _WINDOW:
                self._acknowledge()
        elif segment.flags & RST:
            back = self._state == "SYN-RECEIVED" and self._passive
            self._state = "LISTEN" if back else "CLOSED"
        elif segment.flags & SYN:
            self._acknowledge()
        elif segment.flags & ACK and self._take_ack(segment):
            self._take_data(segment)
            self._take_fin(segment)
            self._flush()

    def _without_repeated(self, segment: Segment) -> Segment:
        """Cut off what came before already, if something new comes after it."""
        old = (self._rcv_nxt - segment.seq) % MODULUS
        if not before(segment.seq, self._rcv_nxt) or not before(self._rcv_nxt, segment.end):
            return segment
        skip = old - bool(segment.flags & SYN)
        return segment._replace(
            seq=self._rcv_nxt, flags=segment.flags & ~SYN, payload=segment.payload[skip:]
        )

    def _take_syn(self, segment: Segment) -> None:
        self._rcv_nxt = plus(segment.seq, 1)
        self._peer_window = segment.window

    def _take_ack(self, segment: Segment) -> bool:
        """Take in what a segment acknowledges; tell whether the rest of it counts."""
        if before(self._nxt, segment.ack):
            if self._state == "SYN-RECEIVED":
                self._refuse(segment)
            else:
                self._acknowledge()
            return False
        if self._state == "SYN-RECEIVED":
            if not before(self._una, segment.ack):
                self._refuse(segment)
                return False
            self._state = "ESTABLISHED"
        if before(self._una, segment.ack):
            self._una = segment.ack
        self._peer_window = segment.window
        if self._fin_sent and self._una == self._nxt:
            self._state = _AFTER_FIN_WAS_ACKNOWLEDGED.get(self._state, self._state)
        return self._state != "CLOSED"

    def _take_data(self, segment: Segment) -> None:
        if segment.payload and self._state in _TAKES_DATA:
            self._received += segment.payload
            self._rcv_nxt = plus(self._rcv_nxt, len(segment.payload))
            self._acknowledge()

    def _take_fin(self, segment: Segment) -> None:
        if segment.flags & FIN:
            self._rcv_nxt = plus(self._rcv_nxt, 1)
            self._state = _AFTER_PEERS_FIN.get(self._state, self._state)
            self._acknowledge()

    def _flush(self) -> None:
        """Send what may be sent now: data within the peer's window, then the FIN."""
        if self._state not in ("ESTABLISHED", "CLOSE-WAIT"):
            return
        while self._unsent:
            room = self._peer_window - (self._nxt - self._una) % MODULUS
            piece = self._unsent[: max(0, min(_MSS, room))]
            if not piece:
                return
            self._unsent = self._unsent[len(piece) :]
            self._emit(self._nxt, ACK | PSH, piece)
            self._nxt = plus(self._nxt, len(piece))
        if self._shut and not self._fin_sent:
            self._fin_sent = True
            self._emit(self._nxt, FIN | ACK)
            self._nxt = plus(self._nxt, 1)
            self._state = "FIN-WAIT-1" if self._state == "ESTABLISHED" else "LAST-ACK"

    def _send_syn(self, flags: int) -> None:
        self._nxt = plus(self._iss, 1)
        self._emit(self._iss, flags)

    def _acknowledge(self) -> None:
        self._emit(self._nxt, ACK)

    def _emit(self, seq: int, flags: int, payload: bytes = b"") -> None:
        ack = self._rcv_nxt if flags & ACK else 0
        self._out.append(Segment(self._port, self._remote_port, seq, ack, flags, _WINDOW, payload))

    def _refuse(self, segment: Segment) -> None:
        """Answer what belongs to no connection by a reset (RFC 9293, 3.10.7.1)."""
        if segment.flags & RST:
            return
        seq, ack, flags = 0, segment.end, RST | ACK
        if segment.flags & ACK:
            seq, ack, flags = segment.ack, 0, RST
        ports = (segment.destination_port, segment.source_port)
        self._out.append(Segment(*ports, seq, ack, flags, 0))
