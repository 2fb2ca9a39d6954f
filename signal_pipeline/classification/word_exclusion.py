"""A pattern for any word except some. Rust's regex has no look-around, so the exclusion is spelled letter by letter."""

from __future__ import annotations

from collections.abc import Iterable

_Node = dict[str, "_Node"]
_END = ""
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def any_word_except(words: Iterable[str], least: int = 2) -> str:
    """Matches lower-case words of at least `least` letters that are none of `words`. One way to go at each letter."""
    root: _Node = {}
    for word in words:
        node = root
        for letter in word:
            node = node.setdefault(letter, {})
        node[_END] = {}
    return _others(root, least)


def _others(node: _Node, least: int) -> str:
    children = {letter: rest for letter, rest in node.items() if letter != _END}
    if not children:
        # After a word that is left out only longer words count.
        return f"[a-z]{{{max(least, 1)},}}" if _END in node else f"[a-z]{{{least},}}"
    free = "".join(letter for letter in _LETTERS if letter not in children)
    ways = [f"[{free}][a-z]{{{max(least - 1, 0)},}}"] if free else []
    ways += [letter + _others(rest, max(least - 1, 0)) for letter, rest in sorted(children.items())]
    may_end = least <= 0 and _END not in node
    return f"(?:{'|'.join(ways)}){'?' if may_end else ''}"
