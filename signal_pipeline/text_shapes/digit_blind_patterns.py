"""Which patterns cannot tell one digit from another. How texts are grouped by that is in `rows.py`.

A digit counts as *lone* unless it is in a run of digits right after a letter or underscore (`utf8`, `x86_64`), or
right before an x (`0x1f`): names are written so, and tables of patterns spell them out.
"""

from __future__ import annotations

import functools
import re

_DIGITS = frozenset("0123456789")
_LETTERS = frozenset("abcdefghijlmnopqrtuvwxyzABCDEFGHIJLMNOPQRTUVWXYZ_")
"""Without k and s: where case is ignored they match a character outside ASCII too, and a digit after that is lone."""
_ANY_DIGIT = "[0-9]"
_PLAIN = re.compile(r"[^\[\]()\\|{}?*+0-9]+")
_QUANTIFIERS = frozenset("?*+{")
_COUNT = re.compile(r"\{[0-9]+(?:,[0-9]*)?\}")
_OPENING = re.compile(r"\((?:\?(?:P?<[A-Za-z_][A-Za-z0-9_]*>|[A-Za-z-]*:|[A-Za-z-]+\)))?")
_ESCAPED = re.compile(r"\\(?:x\{[0-9A-Fa-f]+\}|x[0-9A-Fa-f]{2}|[pP](?:\{[^}]*\}|[A-Za-z])|.)", re.DOTALL)


@functools.cache
def widened(pattern: str) -> str:
    """A pattern that matches wherever `pattern` does, and to which all lone digits are the same.

    Texts that differ in lone digits only are matched by it alike, at the same places. Equal to `pattern` when that
    is so already. `pattern` is in Rust regex syntax, without the verbose flag.
    """
    return _Widening(pattern).result()


@functools.cache
def is_blind(pattern: str) -> bool:
    """All lone digits are the same to `pattern`."""
    return widened(pattern) == pattern


class _Widening:
    """One pass over a pattern. `named` says that what was just read ends in a letter, an underscore or in digits
    after one, so that a digit which follows is not a lone one."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0
        self._named = False

    def result(self) -> str:
        return self._alternatives()[0]

    def _alternatives(self) -> tuple[str, bool]:
        """What there is up to the closing bracket or the end, and whether a digit in it leans on what came before."""
        out: list[str] = []
        before = fresh = self._named
        leant = False
        while self._at < len(self._pattern) and self._pattern[self._at] != ")":
            if plain := self._plain_characters():
                out.append(plain)
                fresh = False
                continue
            if self._pattern[self._at] == "|":
                out.append("|")
                self._at += 1
                self._named, fresh = before, before
                continue
            piece, needs = self._piece()
            leant |= needs and fresh
            fresh = fresh and self._named and needs
            out.append(piece)
        self._named = False
        return "".join(out), leant

    def _plain_characters(self) -> str:
        """The characters up to the next one that means something, without one that a quantifier follows."""
        found = _PLAIN.match(self._pattern, self._at)
        if found is None:
            return ""
        end = found.end() - (self._pattern[found.end() : found.end() + 1] in _QUANTIFIERS)
        if end > self._at:
            self._named = self._pattern[end - 1] in _LETTERS
        plain, self._at = self._pattern[self._at : end], end
        return plain

    def _piece(self) -> tuple[str, bool]:
        """The next piece, widened, and whether it is a digit kept for what comes before it."""
        character = self._pattern[self._at]
        if character == "(":
            return self._group()
        if character == "[":
            return self._class()
        if character == "\\":
            return self._escape()
        count = _COUNT.match(self._pattern, self._at) if character == "{" else None
        if count or character in "?*+":
            self._at += len(count.group()) if count else 1
            self._named = False
            return (count.group() if count else character), False
        self._at += 1
        if character in _DIGITS:
            return self._digit(character)
        self._named = character in _LETTERS and not self._is_repeated()
        return character, False

    def _digit(self, character: str) -> tuple[str, bool]:
        if self._named and not self._is_repeated():
            return character, True
        before_x = self._pattern[self._at : self._at + 1] in ("x", "X") or self._pattern.startswith("[xX]", self._at)
        self._named = False
        return (character if before_x else _ANY_DIGIT), False

    def _is_repeated(self) -> bool:
        """A quantifier follows, so that the piece just read may be missing."""
        following = self._pattern[self._at : self._at + 1]
        return (following in ("?", "*", "+") and following != "") or bool(_COUNT.match(self._pattern, self._at))

    def _escape(self) -> tuple[str, bool]:
        found = _ESCAPED.match(self._pattern, self._at)
        if found is None:
            raise ValueError(f"a pattern ends in a backslash: {self._pattern}")
        self._at = found.end()
        written = found.group()
        if written[1] == "x" and chr(int(written[2:].strip("{}"), 16)) in _DIGITS:
            written = _ANY_DIGIT
        self._named = False
        return written, False

    def _group(self) -> tuple[str, bool]:
        opening = _OPENING.match(self._pattern, self._at)
        assert opening is not None
        self._at = opening.end()
        if opening.group().endswith(")"):
            return opening.group(), False
        inside, leans = self._alternatives()
        self._at += 1
        if leans and self._is_repeated() and not self._pattern.startswith("?", self._at):
            # From the second round on, the group's own end is what comes before it.
            self._at, self._named = opening.end(), False
            inside, leans = self._alternatives()
            self._at += 1
        self._named = False
        return f"{opening.group()}{inside})", leans

    def _class(self) -> tuple[str, bool]:
        end = self._end_of_class()
        written = self._pattern[self._at : end]
        self._at = end
        named, self._named = self._named, False
        negated = written.startswith("[^")
        body = written[2 if negated else 1 : -1]
        held = _held(body) & _DIGITS
        if held in (set(), set(_DIGITS)):
            return written, False
        only_digits = not negated and re.fullmatch(r"(?:[0-9]-[0-9]|[0-9])+", body) is not None
        if only_digits and named and not self._is_repeated():
            self._named = True
            return written, True
        return (f"(?:{written}|{_ANY_DIGIT})" if negated else f"[0-9{_apart(body)}]"), False

    def _end_of_class(self) -> int:
        at = self._at + (2 if self._pattern.startswith("[^", self._at) else 1)
        if self._pattern.startswith("]", at):
            at += 1
        while self._pattern[at] != "]":
            if self._pattern.startswith("[:", at):
                at = self._pattern.index(":]", at) + 2
            else:
                at += 2 if self._pattern[at] == "\\" else 1
        return at + 1


def _apart(body: str) -> str:
    """What is in a class, so that it means the same after a range."""
    return "\\" + body if body.startswith(("]", "-")) else body


@functools.cache
def _held(body: str) -> frozenset[str]:
    """Which hexadecimal digits a class with this body (not negated) holds."""
    return frozenset(re.findall(f"[{_for_re(body)}]", _HEX + "ABCDEF"))


def _for_re(body: str) -> str:
    """The body of a class as Python writes it."""
    names = {"digit": "0-9", "alnum": "0-9A-Za-z", "alpha": "A-Za-z", "xdigit": "0-9A-Fa-f", "word": "0-9A-Za-z_"}
    body = re.sub(r"\[:([a-z]+):\]", lambda match: names.get(match[1], ""), body)
    body = re.sub(r"\\x\{([0-9A-Fa-f]+)\}", lambda match: f"\\U{int(match[1], 16):08x}", body)
    body = re.sub(r"\\p(?:\{[^}]*\}|[A-Za-z])", "0-9", body, flags=re.IGNORECASE)
    return body.replace("[", "\\[") if not body.startswith("]") else "\\" + body.replace("[", "\\[")


_HEX = "0123456789abcdef"
_ANY_HEX = "0-9a-f"
_TOKEN = re.compile(
    rf"{_ESCAPED.pattern}|\[\^?\]?(?:\[:[a-z]+:\]|\\.|[^\]\\])*\]|{_COUNT.pattern}|{_OPENING.pattern}|.", re.DOTALL
)
_HEX_ALIKE = bytes.maketrans(_HEX.encode(), b"0" * len(_HEX))


def hex_normalised(data: bytes) -> bytes:
    """UTF-8 text with 0 for every lower-case hexadecimal digit, also in words."""
    return data.translate(_HEX_ALIKE)


@functools.cache
def loosened(pattern: str) -> str:
    """A pattern that matches wherever `pattern` does, and to which all lower-case hexadecimal digits are the same.

    It matches `hex_normalised(text)` where it matches the text. `pattern` is in RE2 syntax, without the verbose flag.
    """
    return "".join(_loose(token.group()) for token in _TOKEN.finditer(pattern))


@functools.cache
def _loose(token: str) -> str:
    if token.startswith("["):
        return _loose_class(token)
    if token.startswith("\\"):
        code = token[2:].strip("{}") if token[1] == "x" else ""
        odd = token[1] in "dDpP" or (code and chr(int(code, 16)).lower() in _HEX)
        return f"(?:{token}|[{_ANY_HEX}])" if odd else token
    # Upper case too, since a pattern may ignore case.
    return f"[{token}{_ANY_HEX}]" if len(token) == 1 and token.lower() in _HEX else token


def _loose_class(written: str) -> str:
    negated = written.startswith("[^")
    body = written[2 if negated else 1 : -1]
    held = _held(body)
    if not held or held.issuperset(_HEX):
        return written
    return f"(?:{written}|[{_ANY_HEX}])" if negated else f"[{_ANY_HEX}{_apart(body)}]"
