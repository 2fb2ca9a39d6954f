"""What a kind of signal must tell of itself to be one row of `kinds.KINDS`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BufferedReader
from typing import Any

import polars as pl

from signal_pipeline.errors import RejectionCode
from signal_pipeline.limits import Limits
from signal_pipeline.parsing.outcome import OutcomeNotes
from signal_pipeline.redaction.redactor import Redactor


@dataclass(frozen=True)
class Source:
    """One file to read. `size` is its bytes after decompression, None when not known."""

    stream: BufferedReader[Any]
    size: int | None
    redactor: Redactor
    limits: Limits
    notes: OutcomeNotes


@dataclass(frozen=True)
class SignalKind:
    """A kind of signal: how it is recognised, read and spoken of.

    `claims` decides by the first `kinds.HEAD_BYTES` bytes; `suffixes` are ends of file names (lower case) that claim
    the kind where the content leaves it open, and then a file that is not one is refused by `read` or, when it is
    binary, with `not_one`; not where `may_be` says that the first bytes cannot be one. `read` yields frames of
    `schemas.PARSED` columns and completes `Source.notes`; where a frame has no `role`, `role` is meant. `unit` is what
    an entry is counted in: an `entry` of a HAR, a `line` of a log. `sample` is a small file of the kind.
    """

    name: str
    role: str
    unit: str
    claims: Callable[[bytes], bool]
    read: Callable[[Source], Iterator[pl.DataFrame]]
    sample: bytes
    suffixes: tuple[str, ...] = ()
    may_be: Callable[[bytes], bool] = lambda _: True
    not_one: RejectionCode = RejectionCode.BINARY
