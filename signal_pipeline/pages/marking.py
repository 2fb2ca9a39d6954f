"""Titles that look equal: which of their words differ, so that a reader sees it at once."""

from __future__ import annotations

from collections.abc import Sequence

MAX_TITLES = 100
LEAST_SHARED = 0.6
"""Two titles look equal when at least this share of their words is the same, place by place."""

Part = tuple[str, bool]
"""Words with the spaces between them, and whether they are what differs."""


def marked(titles: Sequence[str]) -> list[list[Part]]:
    """Each title in parts that together are the title, its words one space apart."""
    words = [title.split() for title in titles]
    shown: list[list[Part]] = []
    for number, own in enumerate(words):
        differing: set[int] = set()
        if number < MAX_TITLES:
            for other_number, other in enumerate(words[:MAX_TITLES]):
                if other_number != number and len(other) == len(own):
                    apart = {at for at, (one, two) in enumerate(zip(own, other, strict=True)) if one != two}
                    if apart and len(own) - len(apart) >= LEAST_SHARED * len(own):
                        differing |= apart
        shown.append(_parts(own, differing))
    return shown


def repeated(titles: Sequence[str]) -> list[bool]:
    """Whether another title is word by word the same, so that only its place tells it apart."""
    words = [tuple(title.split()) for title in titles]
    return [words.count(one) > 1 for one in words]


def _parts(words: Sequence[str], differing: set[int]) -> list[Part]:
    parts: list[Part] = []
    for at, word in enumerate(words):
        is_marked = at in differing
        text = f" {word}" if at else word
        if is_marked and at:
            # The space belongs to neither.
            parts.append((" ", False))
            text = word
        parts.append((text, is_marked))
    return _joined(parts)


def _joined(parts: Sequence[Part]) -> list[Part]:
    joined: list[Part] = []
    for text, is_marked in parts:
        if joined and not is_marked and not joined[-1][1]:
            joined[-1] = (joined[-1][0] + text, False)
        else:
            joined.append((text, is_marked))
    return joined
