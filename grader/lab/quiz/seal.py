"""Explanations under seal: whoever has the right answer can read them, and nobody else.

An answer is right if it opens the seal, so there is no key to look up. From an answer a slow hash is
made (scrypt, RFC 7914), with a salt for each question. The explanation is encrypted with a key of its
own, and that key is there once for each accepted spelling, combined with the spelling's hash.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass

_KEY_BYTES = 32
#: About 10 ms and 2 MiB for each guess.
_SCRYPT = {"n": 1 << 11, "r": 8, "p": 1, "dklen": _KEY_BYTES}


@dataclass(frozen=True)
class Seal:
    """A sealed text.

    Args:
        salt: makes the hashes of this question unlike those of any other.
        locks: the text's key, combined with the hash of each accepted answer.
        box: the encrypted text.
        tag: shows whether a key is the right one.
    """

    salt: bytes
    locks: tuple[bytes, ...]
    box: bytes
    tag: bytes

    @classmethod
    def put(cls, name: str, answers: Sequence[str], text: str) -> Seal:
        """Seal a text. The same arguments give the same seal, so that it can be kept in step.

        Args:
            name: of the question, no other has it.
            answers: the accepted ones, in the spelling in which answers are compared.
            text: what they open.
        """
        salt = hashlib.sha256(f"socklab quiz {name}".encode()).digest()[:16]
        hashes = [_hashed(answer, salt) for answer in dict.fromkeys(answers)]
        key = hmac.digest(hashes[0], text.encode(), "sha256")
        box = _combined(text.encode(), _stream(key, len(text.encode())))
        locks = sorted(_combined(key, each) for each in hashes)
        return cls(salt, tuple(locks), box, _tag(key, box))

    def opened_by(self, answer: str) -> str | None:
        """Give the text if an answer is one of those accepted."""
        hashed = _hashed(answer, self.salt)
        for lock in self.locks:
            key = _combined(lock, hashed)
            if hmac.compare_digest(_tag(key, self.box), self.tag):
                return _combined(self.box, _stream(key, len(self.box))).decode()
        return None

    def plain(self) -> dict[str, object]:
        """Give it as `of` reads it."""
        return {
            "salt": self.salt.hex(),
            "locks": [lock.hex() for lock in self.locks],
            "box": self.box.hex(),
            "tag": self.tag.hex(),
        }

    @classmethod
    def of(cls, content: dict[str, str], locks: Sequence[str]) -> Seal:
        """Read what `plain` gave."""
        salt, box, tag = (bytes.fromhex(content[name]) for name in ("salt", "box", "tag"))
        return cls(salt, tuple(map(bytes.fromhex, locks)), box, tag)


def _hashed(answer: str, salt: bytes) -> bytes:
    return hashlib.scrypt(answer.encode(), salt=salt, **_SCRYPT)


def _stream(key: bytes, size: int) -> bytes:
    return hashlib.shake_256(b"stream" + key).digest(size)


def _tag(key: bytes, box: bytes) -> bytes:
    return hmac.digest(key, b"tag" + box, "sha256")


def _combined(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))
