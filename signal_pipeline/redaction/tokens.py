"""The class tokens that stand where a value was. Grammar only: no rule, no key.

    token = "<" CLASS [ ":" detail ] ">"      CLASS is upper case; detail is [0-9a-z_]{1,16}

The detail is a vendor name (`<KEY:github>`), a keyed pseudonym of six hex digits (`<EMAIL:1f3a9c>`) or, for an address
of the network, a keyed number of eight digits (`<IP:04821907>`):
equal values of one installation have equal pseudonyms. A masker that wants equal templates across
installations replaces TOKEN_PATTERN by TOKEN_CLASS. The grammar is stable: classes may be added.
"""

from __future__ import annotations

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


_SEAL = 0xF0000
_SEALED = {_SEAL + code: chr(code) for code in range(0x20, 0x7F)}
_TO_SEALED = {code: chr(_SEAL + code) for code in range(0x20, 0x7F)}
SEAL_RANGE = "\U000f0020-\U000f007e"
_ANY = re2.compile(TOKEN_PATTERN)


def sealed(token: str) -> str:
    """The token in private-use characters, so that no rule mistakes it for text while others still run."""
    return token.translate(_TO_SEALED)


def sealed_tokens(text: str) -> str:
    """The text with the tokens that already stand in it sealed: what was masked once stays as it is."""
    return str(_ANY.sub(lambda match: sealed(match.group()), text)) if "<" in text else text


def unsealed(text: str) -> str:
    """The text with sealed tokens readable again."""
    return text if text.isascii() else text.translate(_SEALED)


def is_sealed(value: str) -> bool:
    """The value holds nothing but tokens, quotes and brackets."""
    if value.isascii():
        return False
    return any(ord(c) in _SEALED for c in value) and all(ord(c) in _SEALED or c in _TRIM for c in value)


def is_one_token(value: str) -> bool:
    """The value is one sealed token and nothing else."""
    core = unsealed(value)
    return is_sealed(value) and _ANY.fullmatch(core) is not None


def key_token(vendor: str) -> str:
    """The token of a vendor's key, for example `<KEY:github>`."""
    return f"<KEY:{vendor}>"


def with_pseudonym(token: str, pseudonym: str) -> str:
    """`<EMAIL>` and `1f3a9c` give `<EMAIL:1f3a9c>`."""
    return f"{token[:-1]}:{pseudonym}>"
