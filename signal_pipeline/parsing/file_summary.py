"""What the entries of one file amount to: errors by type and the signatures, with one place where each is seen.

Takes classified frames one by one and keeps counts only. How it is shown is not known here.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

import polars as pl

from signal_pipeline.evidence import Place
from signal_pipeline.parsing.kinds import kind_named
from signal_pipeline.schemas import SEVERITIES

_FIRST = (
    "error_type", "severity", "exception_class", "template", "message", "member", "kind", "line_number", "entry_index",
    "timestamp",
)  # fmt: skip


@dataclass
class SignatureSummary:
    """One error signature of the file: how often, and the first entry that has it."""

    signature_hash: str
    frequency: int
    error_type: str
    severity: str
    exception_class: str | None
    template: str
    member: str | None
    kind: str
    line_number: int | None
    entry_index: int | None

    def evidence(self, file_name: str) -> str:
        """`app.log:17`, `page.har entry 3`, `logs.zip/app.log:17`."""
        kind = kind_named(self.kind)
        return Place.of(asdict(self), file_name, kind.unit if kind is not None else None).label()


@dataclass
class FileSummary:
    """Counts over all entries; `capped` when there were more signatures than `max_signatures`."""

    max_signatures: int
    entries: int = 0
    errors: int = 0
    by_type: Counter[str] = field(default_factory=Counter)
    capped: bool = False
    _signatures: dict[str, SignatureSummary] = field(default_factory=dict)

    def add(self, frame: pl.DataFrame) -> None:
        """Counts the entries of a frame of `schemas.ENTRIES`."""
        self.entries += frame.height
        errors = frame.filter("is_error")
        self.errors += errors.height
        if errors.is_empty():
            return
        for name, count in errors["error_type"].value_counts().iter_rows():
            self.by_type[name or "GenericError"] += count
        groups = errors.group_by("signature_hash", maintain_order=True).agg(
            pl.len().alias("frequency"), *(pl.col(name).first() for name in _FIRST)
        )
        for group in groups.iter_rows(named=True):
            self._count(group)

    def _count(self, group: dict[str, Any]) -> None:
        known = self._signatures.get(group["signature_hash"])
        if known is not None:
            known.frequency += group["frequency"]
        elif len(self._signatures) < self.max_signatures:
            names = SignatureSummary.__dataclass_fields__
            self._signatures[group["signature_hash"]] = SignatureSummary(**{name: group[name] for name in names})
        else:
            self.capped = True

    def signatures(self) -> list[SignatureSummary]:
        """The most severe first, then the most frequent; equals in the order in which they came."""
        return sorted(self._signatures.values(), key=lambda one: (SEVERITIES.index(one.severity), -one.frequency))
