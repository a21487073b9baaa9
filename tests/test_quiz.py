"""The quiz: what is accepted, what is refused, what its files give away, what they survive."""

from __future__ import annotations

import json
import time
import tomllib
from pathlib import Path

import pytest

from grader import exercises
from grader.lab.lab import Lab
from grader.lab.quiz import answers, questions
from grader.lab.quiz.questions import Solved, comparable
from grader.lab.quiz.reading import Form
from grader.lab.quiz.seal import Seal
from tests.warm import grade

SOURCE = exercises.SOLUTIONS / "01_layers" / "questions.toml"
SEALED = exercises.CHECKS / "01_layers.json"
SOLVED = {each.question.id: each for each in questions.solved(SOURCE)}

ACCEPTED = {
    "osi_layers": [
        "PHYSICAL, DATA LINK, NETWORK, TRANSPORT, SESSION, PRESENTATION, APPLICATION",
        "physical data link network transport session presentation application",
        "Physical -> Data-Link -> Network -> Transport -> Session -> Presentation -> Application",
        "phys/link/net/transport/session/presentation/app",
        "1. Phys\n2. Datalink\n3. Network\n4. Transport\n5. Session\n6. Presentation\n7. App",
        "1 physical 2 data link 3 network 4 transport 5 session 6 presentation 7 application",
        "(physical) (data_link) (network) (transport) (session) (presentation) (application)",
        "  the physical layer, the data  link layer, network layer, transport layer, session layer, "
        "presentation layer and the application layer.  ",
    ],
    "tcp_ip_layers": [
        "application, transport, network, link",
        "Application | Transport | Internet | Network Access",
        "app; host-to-host; internetwork; network interface",
        "application, transport, internet, data link",
        "4 application, 3 transport, 2 internet, 1 link",
    ],
    "layer_mapping": [
        "application, session, presentation",
        "Presentation + Application + Session",
        "5, 6, 7",
        "7 6 5",
        "5-7",
        "layers 5 to 7",
        "5. session, 6. presentation, 7. application",
    ],
    "headers_added": [
        "TCP IP Ethernet",
        "tcp → ip → ethernet",
        "tcp,ip,eth",
        "TCP/IP/Ethernet",
        "TCP, IPv4, Ethernet II",
        "Transmission Control Protocol, Internet Protocol, Ethernet",
        "TCP header, IP header, MAC header",
    ],
    "headers_removed": ["Ethernet, IP, UDP", "eth > ipv4 > udp", "ethernet then ip then udp"],
    "data_units": [
        "Frame, packet, segment, datagram",
        "frames, datagrams, segments, datagrams",
        "Ethernet frame, IP packet, TCP segment, UDP datagram",
        "frame packet segment user datagram",
    ],
    "protocol_layers": [
        "transport, application, link, internet",
        "transport, application, data link, network",
        "Transport layer, Application layer, Network access layer, Internet layer",
    ],
    "arp_rarp": [
        "ARP, RARP",
        "arp rarp",
        "1) ARP 2) RARP",
        "Address Resolution Protocol, Reverse ARP",
        "ARP (Address Resolution Protocol), RARP (the reverse)",
        "ARP and RARP",
    ],
    "address_sizes": [
        "48, 32, 128, 16",
        "48 32 128 16",
        "48 bits, 32 bits, 128 bits, 16 bits",
        "48bit/32bit/128bit/16bit",
        "MAC: 48, IPv4: 32, IPv6: 128, port: 16",
        "6 bytes, 4 bytes, 16 bytes, 2 bytes",
        "forty-eight, thirty-two, one hundred twenty-eight, sixteen",
        "\N{FULLWIDTH DIGIT SIX} octets; 4 octets; 128 bits; 0x10",
    ],
    "identifies": [
        "process, interface, host",
        "Process Interface Host",
        "program, network card, computer",
        "application, NIC, machine",
        "socket; network interface; host",
    ],
    "hops": [
        "a, d, g",
        "ADG",
        "g d a",
        "a) d) g)",
        "a and d and g",
        "a,d,d,g",
        "a) source MAC, d) MAC, g) TTL",
    ],
    "browser_server": ["bdf", "B, D, F", "f d b"],
    "sequence_numbers": [
        "1500, 1700",
        "1500 1700",
        "seq 1500 ack 1700",
        "1500/1700",
        "seq=1500; ACK=1700",
    ],
    "acknowledgements": ["1500, 2500", "1500 then 2500", "first 1500, then 2500"],
    "window": ["1000, 7999", "1000 bytes, 7999", "1000; up to 7999", "one thousand, 7999"],
    "handshake_numbers": ["101, 101, 301", "101 101 301", "ack 101, seq 101, ack 301"],
    "connection_oriented": ["b d e", "BDE", "b & d & e"],
    "reliable": ["a b d", "dba", "a, b and d"],
    "calls": [
        "listen, connect, close",
        "listen() connect() close()",
        "listen(2), connect(2), shutdown(2)",
        "LISTEN; CONNECT; CLOSE",
        "the listen call, the connect call, the close call",
        "listen, connect, close or shutdown",
    ],
    "pipe_or_socket": ["a c f", "FCA", "a;c;f"],
}

REFUSED = {
    "osi_layers": [
        "physical, data link, network, transport, session, application, presentation",
        "physical, data link, network, transport, session, presentation",
        "physical, link, internet, transport, session, presentation, application",
        "1, 2, 3, 4, 5, 6, 7",
    ],
    "tcp_ip_layers": ["link, internet, transport, application", "application, transport, internet"],
    "layer_mapping": [
        "5, 7",
        "session, presentation",
        "4-7",
        "transport, session, presentation, application",
    ],
    "headers_added": [
        "ethernet, ip, tcp",
        "tcp, ip",
        "tcp, ethernet, ip",
        "http, tcp, ip, ethernet",
        "tcp ip",
    ],
    "headers_removed": ["udp, ip, ethernet", "ethernet, ip, tcp", "ip, udp"],
    "data_units": ["packet, frame, segment, datagram", "frame, packet, datagram, segment", "frame"],
    "protocol_layers": [
        "transport, application, link, link",
        "application, transport, link, internet",
    ],
    "arp_rarp": ["rarp, arp", "arp", "arp, arp", "arp, dhcp", "rarp"],
    "address_sizes": [
        "6, 4, 16, 2",
        "48, 32, 128, 32",
        "48, 32, 16",
        "32, 48, 128, 16",
        "48, 32, 128, 16, 8",
    ],
    "identifies": ["process, host, interface", "host, interface, process"],
    "hops": ["a, d", "a, b, d, e, g", "abcdefg", "a, d, f", "MAC"],
    "browser_server": ["b, d", "a, b, d, f", "all"],
    "sequence_numbers": ["1501, 1701", "1500, 1699", "1500", "1700, 1500", "15001700"],
    "acknowledgements": ["2500, 2500", "1499, 2499", "2000, 2500"],
    "window": ["1000, 8000", "3000, 7999", "1001, 7999", "7999, 1000"],
    "handshake_numbers": ["100, 100, 300", "101, 301, 101", "101, 101, 300"],
    "connection_oriented": ["a b d e", "b d", "b"],
    "reliable": ["a b d f", "a b c d", "none"],
    "calls": [
        "accept, connect, close",
        "listen, send, close",
        "connect, listen, close",
        "listen, connect",
    ],
    "pipe_or_socket": ["a c", "a b c f", "f"],
}


def sealed() -> dict[str, questions.Sealed]:
    return {each.question.id: each for each in questions.read(SEALED)}


def test_there_are_twenty_questions() -> None:
    assert len(SOLVED) == 20
    assert set(ACCEPTED) == set(REFUSED) == set(SOLVED) == set(sealed())


@pytest.mark.parametrize("name", SOLVED)
def test_what_people_write_is_accepted(name: str) -> None:
    question = SOLVED[name].question
    right = SOLVED[name].accepted()
    assert [text for text in ACCEPTED[name] if comparable(question, text) not in right] == []
    assert comparable(question, SOLVED[name].shown()) in right


@pytest.mark.parametrize("name", SOLVED)
def test_near_misses_are_refused(name: str) -> None:
    question, right = SOLVED[name].question, SOLVED[name].accepted()
    others = [each.shown() for each in SOLVED.values() if each.shown() != SOLVED[name].shown()]
    missed = [text for text in REFUSED[name] if comparable(question, text) in right]
    assert missed == []
    assert [text for text in others if comparable(question, text) in right] == []


def test_each_item_of_an_answer_counts() -> None:
    for solved in SOLVED.values():
        items = [spellings[0] for spellings in solved.answer]
        for index in range(len(items)):
            shorter = ", ".join(items[:index] + items[index + 1 :])
            assert comparable(solved.question, shorter) not in solved.accepted()
        turned = ", ".join(reversed(items))
        if solved.question.form.ordered and turned != ", ".join(items):
            assert comparable(solved.question, turned) not in solved.accepted()


@pytest.mark.parametrize("name", SOLVED)
def test_the_right_answer_opens_the_explanation_and_others_do_not(name: str) -> None:
    seal, solved = sealed()[name].seal, SOLVED[name]
    for text in solved.accepted():
        assert seal.opened_by(text) == solved.explanation
    assert seal.opened_by(comparable(solved.question, REFUSED[name][0])) is None
    assert seal.opened_by("") is None


def test_nothing_that_students_get_says_the_answers() -> None:
    files = [SEALED, *(exercises.EXERCISES / "01_layers").glob("*.toml")]
    texts = [path.read_text().casefold() for path in files]
    for solved in SOLVED.values():
        secrets = [solved.explanation[:40], solved.explanation[-40:], solved.shown()]
        for secret in secrets:
            if len(secret) > 8:
                assert not any(secret.casefold() in text for text in texts)
    stub = tomllib.loads((exercises.EXERCISES / "01_layers" / "answers.toml").read_text())
    assert stub == dict.fromkeys(SOLVED, "")


def test_options_are_not_so_few_that_a_guess_is_likely() -> None:
    for solved in SOLVED.values():
        if solved.question.form.kind == "letters":
            assert len(solved.question.form.options) >= 7
        else:
            assert len(solved.answer) >= 2


def test_a_phrase_means_one_thing() -> None:
    path = exercises.ROOT / "grader" / "lab" / "quiz" / "vocabulary.toml"
    terms = tomllib.loads(path.read_text())["terms"]
    phrases = [phrase for term, others in terms.items() for phrase in (term, *others)]
    assert len(phrases) == len(set(phrases))


def test_reading_a_text_takes_no_longer_than_its_size_explains() -> None:
    for text in (
        "a(" * 500,
        "network " * 200,
        "1-" * 500,
        " - " * 300,
        "\N{LATIN SMALL LIGATURE FFI}" * 999,
    ):
        for kind in ("terms", "numbers", "letters"):
            form = Form(kind, options="abc", items=1)
            begun = time.process_time()
            form.read(text * 1000)
            assert time.process_time() - begun < 0.1


def test_a_seal_is_the_same_each_time_and_of_one_question_only() -> None:
    first = Seal.put("one", ["a; b", "c"], "because")
    assert first == Seal.put("one", ["a; b", "c"], "because")
    assert first.opened_by("c") == first.opened_by("a; b") == "because"
    other = Seal.put("two", ["a; b"], "because")
    assert not {*first.locks} & {*other.locks}
    assert first.box != other.box
    changed = Seal(first.salt, first.locks, bytes([first.box[0] ^ 1]) + first.box[1:], first.tag)
    assert changed.opened_by("c") is None


UNREADABLE = {
    b'a = "x"\nb = forty\n': "line 2, column 5: Invalid value",
    b'a = "x"\na = "y"\n': "line 2",
    b'a = "x\nb = "y"\n': "line 1",
    b'a "x"\n': "line 1",
    'a = "x"\nb = \N{LEFT DOUBLE QUOTATION MARK}y\N{RIGHT DOUBLE QUOTATION MARK}\n'.encode(): "line 2",
    b'a = "x"\nb = "\xff\xfe"\n': "line 2 is no UTF-8 text",
    'a = "x"'.encode("utf-16"): "line 1 is no UTF-8 text",
    b"a = " + b"[" * 30_000: "nested far too deeply",
    b"a = " + b"{b=" * 15_000: "nested far too deeply",
    b"a = " + b"9" * 60_000: "far too many digits",
    b"a." * 32_000 + b"a = 1\n": "far more time or memory",
    b"a = 1\n" * 20_000: "64 KiB are more than enough",
}


@pytest.mark.parametrize("content", UNREADABLE, ids=lambda content: repr(content[:12]))
def test_a_file_that_cannot_be_read_gets_a_sentence(lab: Lab, content: bytes) -> None:
    (lab.folder / "answers.toml").write_bytes(content)
    found = answers.read(lab, "answers.toml")
    assert UNREADABLE[content] in found.problem
    assert "Traceback" not in found.problem
    assert len(found.problem) < 500


def test_values_become_text_or_nothing(lab: Lab) -> None:
    content = (
        'a = "x"\nb = 5\nc = ["x", 5]\nd = [["x"]]\ne = 1.5\nf = {x = 1}\ng = 2020-01-01\nh = true\n'
        "i = 0x" + "f" * 5000 + '\n"j k" = "\\u0000\\u001b"\nl = []\n'
    )
    (lab.folder / "answers.toml").write_text(content)
    found = answers.read(lab, "answers.toml")
    assert found.problem == ""
    assert found.values == {
        "a": "x", "b": "5", "c": "x, 5", "d": None, "e": None, "f": None, "g": None, "h": None,
        "i": None, "j k": "\x00\x1b", "l": "",
    }  # fmt: skip
    assert found.where("c") == " (answers.toml:3)"


def test_modules_beside_the_answers_are_not_run(lab: Lab) -> None:
    for name in ("tomllib", "json", "re"):
        (lab.folder / f"{name}.py").write_text("print('run')")
    (lab.folder / "answers.toml").write_text('a = "x"')
    assert answers.read(lab, "answers.toml").values == {"a": "x"}


def folder_with(tmp_path: Path, **changes: str) -> Path:
    folder = tmp_path / "01_layers"
    folder.mkdir()
    values = {name: each.shown() for name, each in SOLVED.items()} | changes
    lines = [f"{name} = {json.dumps(text)}\n" for name, text in values.items()]
    (folder / "answers.toml").write_text("".join(lines))
    return tmp_path


@pytest.mark.parametrize("first", [0, 1])
def test_a_near_miss_fails_its_promise_alone_and_tells_nothing(tmp_path: Path, first: int) -> None:
    """Every other question is answered wrong, and only those promises are broken."""
    names = [*SOLVED][first::2]
    folder = folder_with(tmp_path, **{name: REFUSED[name][0] for name in names})
    graded = grade("01", "-v", folder=folder, json_file=tmp_path / "result.json", columns=2000)
    assert graded.having("01_layers", "fail") == {*names}
    assert graded.having("01_layers", "error", "skip") == set()
    for name in names:
        said = json.dumps(graded.checks("01_layers")[name], ensure_ascii=False)
        assert "is not the answer" in said
        for secret in (SOLVED[name].explanation[:40], SOLVED[name].shown()):
            assert secret not in said or secret in ", ".join(REFUSED[name][0].split())


def test_the_explanation_is_shown_with_the_right_answer(tmp_path: Path) -> None:
    graded = grade(
        "01", "-v", folder=folder_with(tmp_path), json_file=tmp_path / "result.json", columns=2000
    )
    for name, check in graded.checks("01_layers").items():
        assert check["message"] == SOLVED[name].explanation
        assert SOLVED[name].explanation in graded.output


def test_grading_takes_a_moment(lab: Lab) -> None:
    every = questions.read(SEALED)
    begun = time.process_time()
    for each in every:
        solved: Solved = SOLVED[each.question.id]
        assert each.seal.opened_by(comparable(each.question, solved.shown()))
    assert time.process_time() - begun < 0.5
