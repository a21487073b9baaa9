"""The simulated link, transfers over it, and the connections that endpoints are tried with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from grader.lab.conversation.diagram import Kind, draw
from grader.lab.conversation.segment import ACK, MODULUS, Segment
from grader.lab.functions.wire import Died, Named, Outcome, Returned
from grader.lab.stream.ends import read_result
from grader.lab.stream.link import HEADERS, Conditions, Link
from grader.lab.stream.numbers import Setup, setups, wrapping
from grader.lab.stream.transfer import Answer, Arrival, Transfer
from tests.local_ends import LocalEnds, solution

QUIET = Conditions(rate=10_000, delay=0.5, queue=2_000)
LOSSY = Conditions(64_000, 0.1, 64_000, loss=0.08, duplication=0.08, reordering=0.2, lateness=0.1)
MSS, WINDOW = 500, 16_000
DATA = b"x" * 50_000
SEGMENT = Segment(2, 1, 9, 5, ACK, 100)


def transfer(
    size: int, conditions: Conditions, seed: int = 1, patience: float = 600, **sender: Any
) -> Transfer:
    """Carry bytes between the solution's classes; `sender` changes what its sender begins with."""
    random = Random(seed)
    given = {"seq": MODULUS - 700, "ack": 9, "window": WINDOW, "mss": MSS, **sender}
    ends = LocalEnds(
        solution().Sender(1, 2, **given), solution().Receiver(2, 1, 9, MODULUS - 700, WINDOW)
    )
    there, back = Link(conditions, random), Link(conditions, random)
    done = Transfer(
        Setup(MODULUS - 700, 9, 1, 2, MSS),
        ends,
        there,
        back,
        conditions.delay,
        random.randbytes(size),
        patience,
        40 * size,
    )
    done.run()
    return done


def test_packets_come_out_one_after_the_other_at_the_links_rate() -> None:
    link = Link(QUIET, Random(1))
    arrivals = [link.carry(0.0, 1_000 - HEADERS)[0] for _ in range(2)]
    assert arrivals == pytest.approx([0.6, 0.7])
    assert link.carry(5.0, 1_000 - HEADERS) == pytest.approx([5.6])


def test_what_the_queue_has_no_room_for_is_lost() -> None:
    link = Link(QUIET, Random(1))
    sent = [link.carry(0.0, 1_000 - HEADERS) for _ in range(5)]
    assert [len(times) for times in sent] == [1, 1, 0, 0, 0]
    assert link.overflowed == 3
    assert link.carry(0.1, 1_000 - HEADERS) == pytest.approx([0.8])


def test_shares_of_packets_are_lost_doubled_and_late() -> None:
    link = Link(replace(LOSSY, queue=1 << 40), Random(1))
    count = 20_000
    sent = [link.carry(float(number), 60) for number in range(count)]
    on_time = 100 / LOSSY.rate + LOSSY.delay
    lost = sum(not times for times in sent)
    doubled = sum(len(times) == 2 for times in sent)
    arrivals = [time - number for number, times in enumerate(sent) for time in times]
    late = sum(time > on_time + 1e-6 for time in arrivals)
    assert link.lost == lost
    assert lost / count == pytest.approx(LOSSY.loss, rel=0.1)
    assert doubled / (count - lost) == pytest.approx(LOSSY.duplication, rel=0.1)
    assert late / len(arrivals) == pytest.approx(LOSSY.reordering, rel=0.1)
    assert max(arrivals) <= on_time + LOSSY.lateness + 1e-6


def test_packets_can_be_chosen_to_get_lost() -> None:
    link = Link(QUIET, Random(1), frozenset([1, 3]))
    assert [len(link.carry(float(n), 1)) for n in range(5)] == [1, 0, 1, 0, 1]


@pytest.mark.parametrize("seed", range(5))
def test_our_solution_gets_all_bytes_over_a_bad_link(seed: int) -> None:
    done = transfer(60_000, LOSSY, seed)
    assert done.in_order
    assert done.delivered == done.data
    assert done.finished
    assert done.there.lost
    assert done.back.lost


def test_the_same_seed_gives_the_same_transfer() -> None:
    first, again, other = (
        draw(transfer(20_000, LOSSY, seed).rows, "sender", "receiver") for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other


def test_the_rate_and_the_delay_say_how_long_a_transfer_takes() -> None:
    conditions = Conditions(32_000, 0.15, 40_000)
    done = transfer(100_000, conditions)
    bytes_carried = 100_000 * (MSS + HEADERS) / MSS
    assert done.finished == pytest.approx(bytes_carried / 32_000 + 0.15)
    assert done.there.packets == 100_000 // MSS
    waiting = transfer(10_000, conditions, mss=MSS, window=MSS)
    one = 2 * 0.15 + (MSS + 2 * HEADERS) / 32_000
    first_window = 20 * one
    assert waiting.finished
    assert waiting.finished < first_window  # the window grows with the first acknowledgement


def test_a_diagram_shows_what_the_sender_saw() -> None:
    done = transfer(20_000, LOSSY)
    times = [row.time for row in done.rows]
    assert times == sorted(times)
    kinds = [row.kind for row in done.rows]
    assert kinds.count(Kind.SENT) + kinds.count(Kind.LOST) == done.there.packets
    assert kinds.count(Kind.LOST) == done.there.lost
    assert kinds.count(Kind.REMARK) == done.back.lost


class Spoilt(LocalEnds):
    """Ends whose receiver reads something else in the end."""

    def at_receiver(self, arrivals: Sequence[Arrival]) -> list[Answer]:
        answers = super().at_receiver(arrivals)
        return [Answer(a.segments, a.data.replace(a.data[-1:], b"?")) for a in answers]


class Sly(LocalEnds):
    """Ends whose receiver reads more than has come over the link."""

    def at_receiver(self, arrivals: Sequence[Arrival]) -> list[Answer]:
        answers = super().at_receiver(arrivals)
        return [Answer(a.segments, a.data * 2) for a in answers]


@pytest.mark.parametrize("kind", [Spoilt, Sly])
def test_wrong_bytes_end_a_transfer(kind: type[LocalEnds]) -> None:
    sender, receiver = (
        solution().Sender(1, 2, 5, 9, 2000, MSS),
        solution().Receiver(2, 1, 9, 5, 2000),
    )
    link = Conditions(32_000, 0.1, 40_000)
    done = Transfer(
        Setup(5, 9, 1, 2, MSS), kind(sender, receiver), Link(link, Random(1)),
        Link(link, Random(1)), 0.1, DATA, 60.0, 1_000_000,
    )  # fmt: skip
    done.run()
    assert not done.in_order
    assert len(done.delivered) < 50_000


def test_a_hopeless_transfer_is_given_up() -> None:
    nothing_arrives = transfer(5_000, replace(LOSSY, loss=1.0), patience=50)
    assert nothing_arrives.finished is None
    assert 50 <= nothing_arrives.now < 51
    assert not nothing_arrives.delivered


def test_connections_hold_both_corners_and_never_wrap() -> None:
    drawn = list(setups(Random(1), 1000, 5))
    assert [setup.first for setup in drawn[:2]] == [0, MODULUS - 1001]
    assert all(0 <= setup.first + 1000 < MODULUS for setup in drawn)
    assert {setup.data_port == setup.ack_port for setup in drawn} == {False}


def test_connections_that_wrap_do_so_within_a_few_segments() -> None:
    drawn = [setup.first for setup in wrapping(Random(1), 100)]
    assert {MODULUS - 1, MODULUS - 100, MODULUS - 200} < {*drawn}
    assert all(first + 400 > MODULUS or first < MODULUS // 2 < first + 400 for first in drawn)


def test_offsets_and_numbers_go_both_ways_past_the_wrap() -> None:
    setup = Setup(MODULUS - 10, 0, 1, 2, 100)
    for offset in (0, 9, 10, 11, 5_000):
        assert setup.offset(setup.number(offset), 3_000) == offset
    assert setup.offset(setup.number(-4), 0) == -4
    assert setup.span(10, 20) == "bytes 10 to 19 of the stream (seq=0)"
    assert setup.span(9, 10) == f"byte 9 of the stream (seq={MODULUS - 1})"


@pytest.mark.parametrize(
    ("outcome", "wanted"),
    [
        (Returned((b"ab", [])), (b"ab", [])),
        (Returned((b"", [Named("Segment", tuple(SEGMENT))])), (b"", [SEGMENT])),
        (Returned(b"ab"), "it gave bytes 61 62"),
        (Returned(("ab", [])), "it gave ('ab', [])"),
        (Returned((b"ab", None)), "it gave None, which is no list"),
        (Returned((b"ab", [], 1)), "it gave (bytes 61 62, [], 1)"),
        (Died("ended the process"), "it ended the process"),
    ],
)
def test_what_read_gives_is_bytes_and_segments(outcome: Outcome, wanted: object) -> None:
    assert read_result(outcome) == wanted
