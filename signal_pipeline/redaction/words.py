"""Judgements on single words by their letters: would a person write this as a word, or is it made up of chance?

Pure functions in time linear in the word. No patterns of rules.
"""

from __future__ import annotations

import re
from itertools import pairwise

from signal_pipeline.redaction.checks import changes
from signal_pipeline.redaction.said_words import FOREIGN_STATUS, SAID
from signal_pipeline.redaction.status_words import STATUS_WORDS
from signal_pipeline.redaction.tokens import is_sealed

# The 280 commonest pairs of letters in English words of documentation and source code: for each letter, what follows.
_FOLLOWS = {
    "a": "bcdgiklmnprstuvxy",
    "b": "aceijlorsuy",
    "c": "acdefhiklmorstuy",
    "d": "abcdefilorstu",
    "e": "abcdefgilmnopqrstvwxy",
    "f": "aefilorstu",
    "g": "aehilnorsu",
    "h": "aeiot",
    "i": "abcdefglmnoprstvxz",
    "j": "",
    "k": "eis",
    "l": "acdeilopstuy",
    "m": "abeilmopsu",
    "n": "acdefgiklnopstuv",
    "o": "abcdfgiklmnoprstuvwx",
    "p": "aehiloprstuy",
    "q": "u",
    "r": "acdefgiklmnoprstuvy",
    "s": "acdefhiklmopstuy",
    "t": "acdefhilmoprstuy",
    "u": "abcefilmnprst",
    "v": "aei",
    "w": "aehinor",
    "x": "ceipt",
    "y": "lnpst",
    "z": "e",
}
_EXPECTED_RARE = 0.2
_RARE = 0.35
"""Share of uncommon pairs from which on a word of seven letters or more counts as chance: 0.8 % of the words of English
documentation do, and 93 % of random letters."""

_SAID_ENDINGS = ("ed", "ing", "ly", "able", "ible", "less", "ful", "ous", "tion", "ment", "ness", "ity", "ized", "ised")
_RARE_IN_STEM = 0.2
"""7 % of English words with such an ending have a stem that counts as chance, and 92 % of eight random letters with
one, 96 % of twelve. What is usually said of passwords is in the tables of words."""
_THREE_CONSONANTS = frozenset("chl chr phl phr sch scl scr shr skr sph spl spr str thr thw".split())
_PARTS = re.compile("[-_]")
_ODD_CASES = re.compile("[A-Z]{2}[a-z](?![a-z])|[A-Z][a-z](?=[A-Z])")
"""Capitals as no name has them."""
_EXTENSION = re.compile(r"\.[A-Za-z]{2,4}$")
_STRIP = "\"'`.,;:!?()[]{}<>*\\«»“”„‘’"
_SYMBOLS = frozenset("+/=~$!@%^&*#?")


def is_gibberish(word: str, share: float = _RARE) -> bool:
    """Seven letters or more whose pairs are not those of words: `share` of them at least are uncommon."""
    if len(word) < 7 or len(word) > 64 or not word.isascii() or not word.isalpha():
        return False
    return _rare_pairs(word.lower()) >= share * (len(word) - 1)


def _rare_pairs(letters: str) -> int:
    """How many pairs of these small letters are none of the common ones."""
    return sum(second not in _FOLLOWS[first] for first, second in pairwise(letters))


def is_said(value: str, *, by_suffix: bool = True) -> bool:
    """What a sentence says of a password, in place of the password itself. `by_suffix`: participles and adverbs too."""
    core = value.strip(_STRIP + "_-").lower()
    if not core or core in STATUS_WORDS or core in SAID or core in FOREIGN_STATUS:
        return True
    if set(core) <= set("*.x-_#•…"):
        return True
    is_worded = by_suffix and core.isalpha() and core.endswith(_SAID_ENDINGS)
    return is_worded and not is_gibberish(core) and _has_a_stem(core)


def _has_a_stem(word: str) -> bool:
    """What comes before the ending is no chance either: its common pairs make any letters look like a word."""
    stem = min((word.removesuffix(ending) for ending in _SAID_ENDINGS if word.endswith(ending)), key=len)
    rare = _rare_pairs(stem) if stem.isascii() else 0
    return rare == 0 or rare < _RARE_IN_STEM * (len(stem) - 1)


def is_said_secret(value: str) -> bool:
    """What follows "the password is": anything but what is said of passwords."""
    return not is_sealed(value) and len(value.strip(_STRIP)) >= 3 and not is_said(value)


def is_mixed(value: str) -> bool:
    """A word of letters with digits or symbols among them, as passwords are and words are not."""
    core = value.strip(_STRIP)
    if len(core) < 6 or is_sealed(value) or is_said(core):
        return False
    letters, digits = any(c.isalpha() for c in core), any(c.isdigit() for c in core)
    if letters and (digits or any(c in _SYMBOLS for c in core[1:])):
        return "/" not in core and not core.startswith("0x") and "::" not in core and "(" not in core
    return changes(core) >= 3


def is_lone_secret(value: str) -> bool:
    """A word right after "password" that no sentence has there: mixed, or letters of chance."""
    core = value.strip(_STRIP)
    word = without_extension(core)
    odd = is_gibberish(word) or (_begins_oddly(word) and is_gibberish(word, _EXPECTED_RARE / 2))
    return not is_sealed(value) and (is_mixed(core) or odd) and not is_said(core)


def _begins_oddly(word: str) -> bool:
    """Three consonants with which no English word begins."""
    start = word[:3].lower()
    return not set(start) & set("aeiouy") and start not in _THREE_CONSONANTS


def is_expected_secret(value: str) -> bool:
    """A word where a password is expected, as in "with password x": less has to speak for it."""
    core = value.strip(_STRIP)
    return is_lone_secret(value) or (is_said_secret(value) and is_gibberish(without_extension(core), _EXPECTED_RARE))


def without_extension(word: str) -> str:
    """The word without the extension of a file, whose name it may end."""
    return _EXTENSION.sub("", word)


def is_opaque(segment: str) -> bool:
    """A label of a host, a segment of a path or the name of a parameter that is a key rather than a name:
    eight characters or more, capitals, small letters and digits mixed as no name has them, or letters of chance.
    """
    if "-" in segment or "_" in segment:
        return any(map(is_opaque, _PARTS.split(segment)))
    size = len(segment)
    if size < 8 or size > 256 or not segment.isascii():
        return False
    letters = sum(c.isalpha() for c in segment)
    if letters == size:
        # Names of firms and products are odd words too: "amazonaws".
        return (size >= 10 and is_gibberish(segment, 0.5)) or (changes(segment) >= 3 and not segment.istitle())
    lower, upper = any(c.islower() for c in segment), any(c.isupper() for c in segment)
    if not (lower and upper and letters >= 4):
        return False
    if changes(segment) >= max(3, 0.17 * size):
        return True
    # One run of digits among letters that are no words.
    return size >= 12 and changes(segment) >= 2 and _has_odd_letters(segment)


def _has_odd_letters(segment: str) -> bool:
    return len(_ODD_CASES.findall(segment)) >= 2 or is_gibberish("".join(filter(str.isalpha, segment)), 0.3)
