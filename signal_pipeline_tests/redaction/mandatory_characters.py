"""Which characters every match of a pattern holds, by its parse. An independent check of `Rule.needs`."""

from __future__ import annotations

import re
import warnings
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any

FOREIGN = "\x80"
"""Stands for all characters outside ASCII."""
_ALL = frozenset(map(chr, range(128))) | {FOREIGN}
_FLAGS = {"i": re.IGNORECASE, "s": re.DOTALL, "m": re.MULTILINE}


def mandatory(pattern: str) -> list[frozenset[str]]:
    """Sets of characters: each match holds one character of each set, at least."""
    written = re.sub(r"\\x\{([0-9a-fA-F]+)\}", lambda match: f"\\U{int(match[1], 16):08x}", pattern)
    # Ignoring case in more places only widens the sets.
    written = written.replace("(?-i:", "(?:")
    flags = 0
    for letters in re.findall(r"\(\?([ims]+)\)", written):
        flags |= sum(_FLAGS[letter] for letter in set(letters))
    written = re.sub(r"\(\?[ims]+\)", "", written)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [held for held in _needs(_parser.parse(written, flags), bool(flags & re.IGNORECASE)) if held]


def _needs(tree: Any, ignore_case: bool) -> list[frozenset[str]]:
    out: list[frozenset[str]] = []
    for kind, value in tree:
        name = str(kind)
        if name in ("LITERAL", "NOT_LITERAL", "ANY", "IN"):
            out.append(_characters(name, value, ignore_case))
        elif name == "SUBPATTERN":
            out += _needs(value[3], ignore_case or bool(value[1] & re.IGNORECASE))
        elif name in ("MAX_REPEAT", "MIN_REPEAT") and value[0] > 0:
            out += _needs(value[2], ignore_case)
        elif name == "BRANCH":
            branches = [_needs(branch, ignore_case) for branch in value[1]]
            for marks in (False, True):
                some = [
                    [held for held in held_by if not marks or not any(map(str.isalnum, held))] for held_by in branches
                ]
                if all(some):
                    out.append(frozenset().union(*(min(held_by, key=len) for held_by in some)))
    return out


def _characters(name: str, value: Any, ignore_case: bool) -> frozenset[str]:
    if name == "ANY":
        return _ALL
    if name == "IN":
        found: set[str] = set()
        for kind, item in value:
            found |= _item(kind, item)
        held = frozenset(found)
        held = _ALL - held if value[0][0] is _constants.NEGATE else held
    else:
        held = frozenset((_one(value),)) if name == "LITERAL" else _ALL - {_one(value)}
    if ignore_case:
        held |= {character.swapcase() for character in held if character.isalpha()}
        held |= {FOREIGN} if held & {"k", "s"} else set()
    return held


def _item(kind: Any, item: Any) -> set[str]:
    if kind is _constants.LITERAL:
        return {_one(item)}
    if kind is _constants.RANGE:
        return {_one(code) for code in range(item[0], min(item[1], 128) + 1)}
    if kind is _constants.CATEGORY:
        inside = {"SPACE": " \t\n\r\f\v", "DIGIT": "0123456789"}[str(item).rsplit("_", 1)[1]]
        return set(_ALL) - set(inside) if "NOT" in str(item) else set(inside)
    return set()


def _one(code: int) -> str:
    return chr(code) if code < 128 else FOREIGN
