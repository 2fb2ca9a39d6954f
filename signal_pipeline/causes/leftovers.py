"""Errors about something that is in the way because it was left there: what left it came before, or is in no file."""

from __future__ import annotations

from dataclasses import dataclass

import re2


@dataclass(frozen=True)
class Leftover:
    """`pattern` is matched in a normalised statement (`statements.statement_of`)."""

    name: str
    pattern: str
    example: str


LEFTOVERS: tuple[Leftover, ...] = (
    Leftover("object", r"\balready exists\b|\balready defined\b|\beexist\b|\bfile exists\b",
             "operation failed: domain 'shop-1' already exists with uuid 7"),
    Leftover("address", r"\baddress already in use\b|\beaddrinuse\b|\bport # is already\b",
             "bind: address already in use: 0.0.0.0:8080"),
    Leftover("process", r"\balready running\b|\balready locked\b|\b(?:pid|lock) ?file\b.{0,80}\bexists\b",
             "another instance of the importer is already running"),
)  # fmt: skip
_ANY = re2.compile("|".join(row.pattern for row in LEFTOVERS))
_RULE = re2.compile(r"\b(?:duplicate|unique|constraint|primary key)\b")
"""A rule of a database was broken by the entry's own statement."""


def is_leftover(statement: str) -> bool:
    return bool(_ANY.search(statement)) and not _RULE.search(statement)
