"""Bytes that are nearly right: what truncation, bad copies, editors and spite make of a good file. By a seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

MOST_BYTES = 60_000
# What parsers stumble over: structure, numbers at the edge, odd encodings, terminal codes, markers of traces.
PIECES = [
    b'"', b"\\", b"\\u0000", b"\\ud800", b"{", b"}", b"[", b"]", b",", b":", b"null", b"true", b"-0", b"1e999",
    b"NaN", b"9223372036854775808", b"-1", b"0", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3",
    b"\xed\xa0\x80", b"\r", b"\n", b"\r\n", b"\t", b"\x1b[31m", b"\x1b]8;;", b"\xe2\x80\xa8", b"%00", b"%",
    b"=", b"==", b"&", b"://", b"@", b"<", b">", b"]]>", b"Caused by: ",
    b"Traceback (most recent call last):\n", b"\tat ", b'  File "', b"... 12 more\n", b"goroutine 1 ", b"#0 ",
    b"0x", b"T24:61:61Z", b"9999-12-31", b"0000-00-00", b"+99:99", b"Feb 30", b"ERROR", b"Bearer ",
    b"password=", b"-----BEGIN PRIVATE KEY-----", b"eyJ", b"PK\x03\x04", b"\x1f\x8b", b"\x28\xb5\x2f\xfd",
    b"(" * 70, b"[" * 70,
]  # fmt: skip

Mutation = Callable[[random.Random, bytes, Sequence[bytes]], bytes]


def mutated(dice: random.Random, seeds: Sequence[bytes]) -> bytes:
    """One of `seeds`, changed in one to eight places."""
    content = dice.choice(seeds)
    for _ in range(dice.choice((1, 1, 2, 3, 5, 8))):
        content = dice.choice(_MUTATIONS)(dice, content, seeds)
    return content[:MOST_BYTES]


def _cut(dice: random.Random, content: bytes, _: Sequence[bytes]) -> bytes:
    return content[: dice.randrange(len(content) + 1)]


def _without_start(dice: random.Random, content: bytes, _: Sequence[bytes]) -> bytes:
    return content[dice.randrange(len(content) + 1) :]


def _flipped(dice: random.Random, content: bytes, _: Sequence[bytes]) -> bytes:
    changed = bytearray(content)
    for _number in range(min(dice.choice((1, 3, 20)), len(changed))):
        changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
    return bytes(changed)


def _inserted(dice: random.Random, content: bytes, _: Sequence[bytes]) -> bytes:
    at = dice.randrange(len(content) + 1)
    return content[:at] + dice.choice(PIECES) * dice.choice((1, 1, 1, 2, 50)) + content[at:]


def _overwritten(dice: random.Random, content: bytes, _: Sequence[bytes]) -> bytes:
    at, piece = dice.randrange(len(content) + 1), dice.choice(PIECES)
    return content[:at] + piece + content[at + len(piece) :]


def _without_middle(dice: random.Random, content: bytes, _: Sequence[bytes]) -> bytes:
    one, other = sorted((dice.randrange(len(content) + 1), dice.randrange(len(content) + 1)))
    return content[:one] + content[other:]


def _repeated(dice: random.Random, content: bytes, _: Sequence[bytes]) -> bytes:
    at = dice.randrange(len(content) + 1)
    piece = content[at : at + dice.choice((1, 10, 200))]
    return content[:at] + piece * dice.choice((2, 3, 100)) + content[at:]


def _crossed(dice: random.Random, content: bytes, seeds: Sequence[bytes]) -> bytes:
    other = dice.choice(seeds)
    return content[: dice.randrange(len(content) + 1)] + other[dice.randrange(len(other) + 1) :]


def _lines_shuffled(dice: random.Random, content: bytes, _: Sequence[bytes]) -> bytes:
    lines = content.split(b"\n")
    dice.shuffle(lines)
    return b"\n".join(lines)


_MUTATIONS: tuple[Mutation, ...] = (
    _cut, _without_start, _flipped, _flipped, _inserted, _inserted, _overwritten, _without_middle, _repeated, _crossed,
    _lines_shuffled,
)  # fmt: skip
