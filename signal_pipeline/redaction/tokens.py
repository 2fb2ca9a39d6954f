"""The class tokens that stand where a value was. Grammar only: no rule, no key.

    token = "<" CLASS [ ":" detail ] ">"      CLASS is upper case; detail is [0-9a-z_]{1,16}

The detail is a vendor name (`<KEY:github>`), a keyed pseudonym of six hex digits (`<EMAIL:1f3a9c>`) or, for an address
of the network, a keyed number of eight digits (`<IP:04821907>`):
equal values of one installation have equal pseudonyms. A masker that wants equal templates across
installations replaces TOKEN_PATTERN by TOKEN_CLASS. The grammar is stable: classes may be added.
"""

from __future__ import annotations

import re

import re2

SECRET = "<SECRET>"
TOKEN = "<TOKEN>"
JWT = "<JWT>"
PEM = "<PEM>"
CRED = "<CRED>"
BLOB = "<BLOB>"
VALUE = "<VALUE>"
IP = "<IP>"
MAC = "<MAC>"
USER = "<USER>"
EMAIL = "<EMAIL>"
PHONE = "<PHONE>"
CARD = "<CARD>"
IBAN = "<IBAN>"
SSN = "<SSN>"
IMEI = "<IMEI>"

CLASSES = (
    "SECRET",
    "TOKEN",
    "JWT",
    "PEM",
    "CRED",
    "BLOB",
    "VALUE",
    "KEY",
    "IP",
    "MAC",
    "USER",
    "EMAIL",
    "PHONE",
    "CARD",
    "IBAN",
    "SSN",
    "IMEI",
)
PSEUDONYM_HEX = 6
ADDRESS_DIGITS = 8
"""Lines that differ in their addresses differ in lone digits only, so what is found out for one holds for all."""
_TRIM = " \t\r\n\"'`\\,;:)]}>"

TOKEN_PATTERN = r"<(" + "|".join(CLASSES) + r")(?::[0-9a-z_]{1,16})?>"
"""Any class token; group 1 is the class. Valid for Rust regex, RE2 and Python."""

TOKEN_CLASS = "<$1>"
"""Replacement (Rust regex syntax) that drops the detail of a token."""


# A sealed token is one private-use character for its class, and one for each twelve bits of its pseudonym. Any other
# token (of texts that were masked elsewhere) has one for each of its characters.
_SEAL = 0xF0000
_FIRST_CLASS, _FIRST_BITS, _LAST_SEAL = 0xF0100, 0xF1000, 0xF1FFF
_SEALED = {_SEAL + code: chr(code) for code in range(0x20, 0x7F)}
_TO_SEALED = {code: chr(_SEAL + code) for code in range(0x20, 0x7F)}
_ANY = re2.compile(TOKEN_PATTERN)
_NUMBERED = re.compile(r"<[A-Z]+:(?:([0-9a-f]{6})|([0-9]{8}))>")
_SEALS = re.compile(f"[{chr(_FIRST_CLASS)}-{chr(_LAST_SEAL)}]+")
_class_of: dict[str, str] = {}
_token_of: dict[str, str] = {}


def _known(token: str) -> str:
    """The character that stands for a token without its pseudonym."""
    if token not in _class_of:
        _class_of[token] = chr(_FIRST_CLASS + len(_class_of))
        _token_of[_class_of[token]] = token
    return _class_of[token]


for _name in CLASSES:
    _known(f"<{_name}>")


def sealed(token: str) -> str:
    """The token in private-use characters, so that no rule mistakes it for text while others still run."""
    if token in _class_of:
        return _class_of[token]
    numbered = _NUMBERED.fullmatch(token)
    if numbered is None or (plain := f"{token.partition(':')[0]}>") not in _class_of:
        return token.translate(_TO_SEALED)
    size, number = (2, int(numbered[1], 16)) if numbered[1] else (3, int(numbered[2]))
    return _class_of[plain] + "".join(chr(_FIRST_BITS + (number >> 12 * place & 0xFFF)) for place in range(size))


def _unsealed(seals: re.Match[str]) -> str:
    out: list[str] = []
    run = seals[0]
    at = 0
    while at < len(run):
        start, at = at, at + 1
        while at < len(run) and ord(run[at]) >= _FIRST_BITS:
            at += 1
        bits = [ord(character) - _FIRST_BITS for character in run[start + 1 : at]]
        number = sum(value << 12 * place for place, value in enumerate(bits))
        token = _token_of.get(run[start], "")
        out.append(with_pseudonym(token, f"{number:06x}" if len(bits) == 2 else f"{number:08}") if bits else token)
    return "".join(out)


def sealed_tokens(text: str) -> str:
    """The text with the tokens that already stand in it sealed: what was masked once stays as it is."""
    return str(_ANY.sub(lambda match: sealed(match.group()), text)) if "<" in text else text


def unsealed(text: str) -> str:
    """The text with sealed tokens readable again."""
    return text if text.isascii() else _SEALS.sub(_unsealed, text).translate(_SEALED)


def seals_alike(data: bytes) -> bytes:
    """UTF-8 text with one character in place of each of those of sealed tokens: no rule tells them apart."""
    return _SEAL_BYTES.sub(_ANY_SEAL, data) if _SEAL_START in data else data


_ANY_SEAL = chr(_FIRST_CLASS).encode()
_SEAL_START = _ANY_SEAL[:2]
_SEAL_BYTES = re.compile(rb"\xf3[\xb0\xb1][\x80-\xbf]{2}")


def _is_seal(character: str) -> bool:
    return _SEAL <= ord(character) <= _LAST_SEAL


def is_sealed(value: str) -> bool:
    """The value holds nothing but tokens, quotes and brackets."""
    if value.isascii():
        return False
    return any(map(_is_seal, value)) and all(_is_seal(c) or c in _TRIM for c in value)


def is_one_token(value: str) -> bool:
    """The value is one sealed token and nothing else."""
    core = unsealed(value)
    return is_sealed(value) and _ANY.fullmatch(core) is not None


def key_token(vendor: str) -> str:
    """The token of a vendor's key, for example `<KEY:github>`."""
    token = f"<KEY:{vendor}>"
    _known(token)
    return token


def with_pseudonym(token: str, pseudonym: str) -> str:
    """`<EMAIL>` and `1f3a9c` give `<EMAIL:1f3a9c>`."""
    return f"{token[:-1]}:{pseudonym}>"
