"""Answers as people write them, brought into the one spelling in which they are compared."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

Kind = Literal["terms", "numbers", "letters"]

#: No right answer comes near this, in characters.
LONGEST = 1000
_VOCABULARY = Path(__file__).with_name("vocabulary.toml")
#: What parts one item of a list from the next. A hyphen does so only between spaces.
_SEPARATOR = re.compile(r"[,;:/|+&<>=→⇒➔\n\r\[\]{}()\"'`.!?*•]|\s[-–—]+\s|[-–—]+>|\band\b|\bthen\b")  # noqa: RUF001
#: `TCP (Transmission Control Protocol)`, `connect()`: what stands in brackets after a word.
_ASIDE = re.compile(r"(?<=\w)\s?\([^()]*\)")
_LABEL = re.compile(r"(?:^|(?<=[\s,;]))\d{1,2}[.):](?=\s)")
_RANGE = re.compile(r"\b([1-9])\s?(?:[-–]|to)\s?([1-9])\b")  # noqa: RUF001
_LABELLED = re.compile(r"(?<![^\W_])([a-z])\)")
_WORD = re.compile(r"[^\W_]+")
_NUMBER_OR_WORD = re.compile(r"0x[0-9a-f]+|[0-9]+|[^\W\d_]\w*")
_THOUSANDS = re.compile(r"(?<=[0-9])[,' _](?=[0-9]{3}(?![0-9]))")
_UNITS = {"bit": 1, "bits": 1, "byte": 8, "bytes": 8, "octet": 8, "octets": 8}
_SMALL = re.findall(
    r"\w+",
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen",
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SCALES = {"hundred": 100, "thousand": 1000}
_COUNTED = {word: number for number, word in enumerate(_SMALL)} | {
    word: 10 * number for number, word in enumerate(_TENS, 2)
}


@dataclass(frozen=True)
class Form:
    """How the answer to a question is read.

    Args:
        kind: names from the vocabulary, whole numbers, or letters of options.
        ordered: the order of the items matters.
        unit: of numbers, `bits` or `bytes`, if they have one; an answer in the other is converted.
        options: the letters that there are.
        items: how many items the question asks for; 0 if that is not told.
    """

    kind: Kind
    ordered: bool = True
    unit: str = ""
    options: str = ""
    items: int = 0

    def read(self, text: str) -> tuple[str, ...]:
        """Give the items of an answer, in the spelling in which they are compared."""
        plain = unicodedata.normalize("NFKC", text[:LONGEST]).casefold()
        found = _READERS[self.kind](plain, self)
        return tuple(found if self.ordered else sorted(set(found)))


@cache
def _vocabulary() -> tuple[dict[tuple[str, ...], str], frozenset[str]]:
    """Give what phrases mean, and the words that mean nothing."""
    content = tomllib.loads(_VOCABULARY.read_text(encoding="utf-8"))
    meaning = {
        tuple(phrase.split()): term
        for term, phrases in content["terms"].items()
        for phrase in (term, *phrases)
    }
    return meaning, frozenset(content["fillers"]["words"])


def _terms(text: str, form: Form) -> list[str]:
    """Give names; numbers only if there is nothing else, for they are the numbers of items else."""
    found = [*_phrases(_RANGE.sub(_range, _LABEL.sub(" ", _ASIDE.sub(" ", text))))]
    return [term for term in found if not term.isdecimal()] or found


def _range(found: re.Match[str]) -> str:
    return ", ".join(map(str, range(int(found[1]), int(found[2]) + 1)))


def _phrases(text: str) -> Iterator[str]:
    """Give terms; the longest phrase that the vocabulary knows counts as one."""
    meaning, fillers = _vocabulary()
    longest = max(map(len, meaning))
    for part in _SEPARATOR.split(text):
        words = _WORD.findall(part)
        at = 0
        while at < len(words):
            for size in range(min(longest, len(words) - at), 0, -1):
                if term := meaning.get(tuple(words[at : at + size])):
                    yield term
                    break
            else:
                size = 1
                if words[at] not in fillers:
                    yield words[at]
            at += size


def _numbers(text: str, form: Form) -> list[str]:
    """Give whole numbers, in digits or words; other words are left out."""
    if form.items == 1:
        text = _THOUSANDS.sub("", text)
    found: list[int] = []
    counting = False  # the last word was a part of a number, such as `forty` of `forty-eight`
    for word in _NUMBER_OR_WORD.findall(text):
        if word[0].isdigit():
            found.append(int(word[:40], 0 if word.startswith("0x") and len(word) > 2 else 10))
            counting = False
        elif word in _COUNTED:
            if counting and _goes_on(found[-1], _COUNTED[word]):
                found[-1] += _COUNTED[word]
            else:
                found.append(_COUNTED[word])
            counting = True
        elif word in _SCALES and counting:
            found[-1] *= _SCALES[word]
        elif not (word == "and" and counting and found[-1] >= 100):
            if word in _UNITS and form.unit and found:
                found[-1] = _converted(found[-1], _UNITS[word], _UNITS[form.unit])
            counting = False
    return [*map(str, found)]


def _goes_on(number: int, more: int) -> bool:
    """Tell whether a number word goes on with the number before it: forty-eight, hundred twenty."""
    return (number >= 100 and number % 100 == 0) or (
        more < 10 and number % 100 in range(20, 91, 10)
    )


def _converted(number: int, given: int, wanted: int) -> int:
    return number * given // wanted if number * given % wanted == 0 else -1


def _letters(text: str, form: Form) -> list[str]:
    """Give letters of options, with or without anything between them, or the options' text behind."""
    words = [word for word in _WORD.findall(text) if word not in ("and", "or")]
    if all(set(word) <= set(form.options) for word in words):
        return [*"".join(words)]
    return _LABELLED.findall(text) or words


_READERS = {"terms": _terms, "numbers": _numbers, "letters": _letters}
