"""Judgements on single candidates: is this a word of prose or key material? Pure functions, no patterns of rules.

All run in time linear in the candidate.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import cache
from typing import Any

import re2

from signal_pipeline.redaction.rules.names import STEMS
from signal_pipeline.redaction.said_words import FOREIGN_STATUS
from signal_pipeline.redaction.status_words import STATUS_WORDS
from signal_pipeline.redaction.tokens import is_sealed

_NOTHING = frozenset(
    ("", "filtered", "redacted", "masked", "removed", "hidden", "null", "none", "nil", "undefined", "true", "false")
)
_STRIP = "\"'`.,;:!?()[]{}<>*\\"

_OBJECT = re.compile(r"[A-Za-z_$.]+[@{][0-9a-f]{1,8}\b|[A-Za-z_$.]+[({]")
_NEXT_ARGUMENT = re.compile("([\U000f0000-\U000f1fff]+),[A-Za-z_][A-Za-z0-9_]*=")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ]|$)")
_CHANGE = re.compile(r"(?<=[a-z])(?:[0-9]|[A-Z](?![a-z]{2}))|(?<=[0-9])[A-Za-z]|(?<=[A-Z])[0-9]")
_PARTS = re.compile("[-_]")
_ENOUGH = 4_096
_WITHOUT_SEPARATORS = str.maketrans("", "", "+/_=-")
# A UUID, also one cut short; a hexadecimal number of a machine word.
_IDENTIFIER = re.compile(r"[0-9A-Fa-f]{8}(?:[-_][0-9A-Fa-f]{4}){2,3}[-_][0-9A-Fa-f]{1,12}|0[xX][0-9A-Fa-f]{1,16}")
# Words in front of what a system has drawn in one case: a pod after its deployment, a volume after its kind.
_ONE_CASE = re.compile(r"[0-9a-z_-]+")
_NAME_BEFORE = re.compile(r"(?:[a-z]{2,}[0-9]{0,2}[-_]+)++")
_HEX_NUMBER = re.compile(r"0[xX][0-9A-Fa-f]{1,16}")
_HEX = re.compile(r"[0-9A-Fa-f]+")
_WORD = re.compile(r"[a-z]{4,}")
_WORDS = re.compile(r"(?:[A-Z][a-z]+)+")


def is_status_word(value: str) -> bool:
    """A word of prose, a placeholder or nothing at all."""
    core = value.strip(_STRIP + "_")
    low = core.lower()
    if not core or low in STATUS_WORDS or low in FOREIGN_STATUS or set(core) <= set("*.xX-_#•…"):
        return True
    # The next key of a line that was written as a block: "secretKeyRef: name: x".
    return value.endswith(":") and value[:-1].isalpha()


def is_named_secret(value: str) -> bool:
    """The value after the name of a secret is something to hide."""
    return not is_sealed(value) and not is_status_word(value) and not _is_done(value)


def _is_done(value: str) -> bool:
    """A value that is masked already, and after a comma an argument that is no secret: `cookie=*,next=main)`."""
    match = _NEXT_ARGUMENT.match(value)
    return match is not None and _secret_name().search(value[match.end(1) :]) is None


@cache
def _secret_name() -> Any:
    return re2.compile(rf"(?i:{'|'.join(STEMS)}|pass|code)[a-z0-9_.-]*\s*[=:]")


def is_quoted_secret(value: str) -> bool:
    """A quoted value after the name of a secret: hidden unless it says that there is none."""
    return not is_sealed(value) and value.strip("*[]_ ").lower() not in _NOTHING


def is_assigned_secret(value: str) -> bool:
    """What stands after `token=` or `session=`: no status word, no count, no object."""
    core = value.strip(_STRIP)
    return is_named_secret(value) and not (core.isdigit() and len(core) <= 6) and _OBJECT.match(core) is None


def looks_random(value: str) -> bool:
    """Unlike a word: a digit, a capital after a small letter, a symbol of keys, or very long."""
    if is_sealed(value) or is_status_word(value):
        return False
    core = value.strip(_STRIP)
    if len(core) < 4 or _HEX_NUMBER.fullmatch(core) or _OBJECT.match(core) or _DATE.match(core):
        return False
    if any(c.isdigit() for c in core) or any(c in "+/=~$!@%^&" for c in core):
        return True
    return changes(core) >= 3 or len(core) >= 24


def looks_like_credentials(value: str) -> bool:
    """What follows "Bearer" or "Basic": random, or in a mix of cases that no word has."""
    return (
        looks_random(value)
        or len(value) >= 16
        or not (value.islower() or value.isupper() or value.istitle() or is_sealed(value))
    )


def is_prose_secret(value: str) -> bool:
    """A word after "token" or "password" in prose that no person would write as a word."""
    core = value.strip(_STRIP)
    if len(core) < 8 or is_sealed(value) or _HEX_NUMBER.fullmatch(core) or _OBJECT.match(core):
        return False
    letters, digits = any(c.isalpha() for c in core), any(c.isdigit() for c in core)
    return letters and digits and changes(core) >= 2 and "/" not in core[:1]


def entropy(value: str) -> float:
    """Shannon entropy of the characters, bits per character."""
    size = len(value)
    return -sum(n / size * math.log2(n / size) for n in Counter(value).values()) if size else 0.0


def changes(value: str) -> int:
    """How often the kind of neighbouring letters and digits changes; a capital and its small letters are one word."""
    return len(_CHANGE.findall(value))


def is_blob(value: str) -> bool:
    """A run that looks like key material: 20 characters or more, 3.5 bits each, neither words nor a UUID.

    Words in front of lower-case letters and digits do not count: `web-6d4cf56db6-x7k2p` is a name.

    A part between dashes or underscores is judged by itself too, lest words before it thin it out.
    """
    core = _IDENTIFIER.sub("", value[:_ENOUGH]).strip("=-_/+.")
    if _is_random(core) and _is_random(_without_name(core)):
        return True
    return ("-" in core or "_" in core) and any(_is_random(part) for part in _PARTS.split(core))


def _without_name(core: str) -> str:
    name = _NAME_BEFORE.match(core) if _ONE_CASE.fullmatch(core) else None
    return core[name.end() :] if name else core


def _is_random(core: str) -> bool:
    letters = len(core.translate(_WITHOUT_SEPARATORS))
    if len(core) < 20 or letters < 16 or changes(core) < max(5, 0.16 * letters):
        return False
    return entropy(core) >= (3.0 if len(core) >= 32 and _HEX.fullmatch(core) else 3.5)


def is_base64_with_slashes(value: str) -> bool:
    """A run of base64 as a whole, its short first and last pieces too: capitals, small letters and digits in each of
    its halves, and no piece that is a word, as paths have.
    """
    core = value[:_ENOUGH].rstrip("=")
    if not is_blob(core.replace("/", "")) or any(_WORD.fullmatch(piece) for piece in core.split("/")):
        return False
    halves = (core[: len(core) // 2], core[len(core) // 2 :])
    return all(any(map(kind, half)) for half in halves for kind in (str.isupper, str.islower, str.isdigit))


def is_slashed_blob(value: str) -> bool:
    """A blob with slashes in it, as base64 has; not a path: one in small letters, or with a word or a hash in it."""
    if "/" not in value or not is_blob(value):
        return False
    segments = value.split("/")
    if all(_ONE_CASE.fullmatch(segment) or _WORDS.fullmatch(segment) for segment in segments if segment):
        return False
    return not any(_WORD.fullmatch(segment) or is_blob(segment) for segment in segments)
