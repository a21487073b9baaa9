"""The parts of 11_netstat: sockets in each state, differences of tables, what a part of one costs."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from grader import exercises
from grader.lab.kernel import tcp
from grader.lab.kernel.tcp import Row
from grader.lab.lab import Lab
from grader.lab.netstat import INVENTED, MISSING, TWICE, Difference, Seen, differences, shown
from grader.lab.specimens import specimens
from tests.warm import grade


def row(local: int, remote: int, state: str = "ESTABLISHED") -> Row:
    return Row(state, "127.0.0.1", local, "127.0.0.1", remote, 0, 0, 0)


def seen(local: int, remote: int) -> Seen:
    return Seen("127.0.0.1", local, "127.0.0.1", remote, "ESTABLISHED")


def test_specimens_are_in_the_kernels_table_until_they_are_closed(lab: Lab) -> None:
    with specimens(lab) as made:
        listener = made.listen()
        made.pair(listener)
        rows = made.settle(LISTEN=1, ESTABLISHED=2)
        port = listener.getsockname()[1]
        assert made.ports() == {port}
        assert sorted(r.state for r in rows) == ["ESTABLISHED", "ESTABLISHED", "LISTEN"]
        listed = [r for r in tcp.from_proc() if port in (r.local_port, r.remote_port)]
        assert {shown(r) for r in rows} == {shown(r) for r in listed}
    assert lab.wait(lambda: not tcp.ipv4({port}), 2)


def test_ports_at_either_end_are_found(lab: Lab) -> None:
    with specimens(lab) as made:
        client, _server = made.pair()
        number = client.getsockname()[1]
        found = [r for r in tcp.ipv4({number}) if made.ports() & {r.local_port, r.remote_port}]
        assert len(found) == 2
        assert all(number in (r.local_port, r.remote_port) for r in tcp.ipv4({number}))


def test_ipv6_sockets_are_left_out() -> None:
    with socket.socket(socket.AF_INET6) as six:
        six.bind(("::1", 0))
        six.listen()
        assert tcp.ipv4({six.getsockname()[1]}) == []


DIFFERENT = {
    (MISSING, (3, 4)): ([seen(1, 2)], 0),
    (TWICE, (1, 2)): ([seen(1, 2), seen(1, 2), seen(3, 4)], 0),
    (TWICE, (3, 4)): ([seen(1, 2), *[seen(3, 4)] * 3], 1),
    (INVENTED, (5, 6)): ([seen(1, 2), seen(3, 4), seen(5, 6)], 9),
}


@pytest.mark.parametrize("difference", DIFFERENT)
def test_differences_are_found(difference: Difference) -> None:
    found, repeated = DIFFERENT[difference]
    known = [row(1, 2), row(3, 4)]
    assert differences(found, [(1, 2), (3, 4)], known, repeated) == {difference}


def test_what_the_kernel_may_have_shown_is_no_difference() -> None:
    known = [row(1, 2), row(3, 4), row(7, 8)]
    rows = [seen(3, 4), seen(1, 2), seen(3, 4), seen(7, 8)]
    assert differences(rows, [(1, 2), (3, 4)], known, 1) == set()
    six = Seen("::1", 9, "::1", 9, "ESTABLISHED")
    assert differences([*rows, six], [(1, 2), (3, 4)], known, 1) == set()


PARTS = {
    "read_once": ("with open(TABLE) as table:\n        next(table)\n        rows = [read_row(line) "
                  "for line in table]",
                  "with open(TABLE) as table:\n        lines = table.read(65536).splitlines()\n"
                  "        rows = [read_row(line) for line in lines[1:-1]]"),
    "numbers_of_three_digits": ("for line in table]", "for line in table if line.startswith(' ')]"),
    "recursion": ("rows = [read_row(line) for line in table]",
                  "def rest(lines):\n            return [read_row(lines[0]), *rest(lines[1:])] "
                  "if lines else []\n        rows = rest(list(table))"),
}  # fmt: skip


@pytest.mark.parametrize("name", PARTS)
def test_a_part_of_a_large_table_is_not_enough(tmp_path: Path, name: str) -> None:
    """`many` fails, or what comes before it where the machine's own sockets make a large table."""
    folder = tmp_path / "11_netstat"
    folder.mkdir()
    source = (exercises.SOLUTIONS / "11_netstat" / "netstat.py").read_text()
    assert PARTS[name][0] in source
    (folder / "netstat.py").write_text(source.replace(*PARTS[name]))
    graded = grade("11:listening", "11:many", folder=tmp_path, json_file=tmp_path / "result.json")
    assert graded.having("11_netstat", "fail")
    assert graded.checks("11_netstat")["many"]["status"] in ("fail", "skip")
