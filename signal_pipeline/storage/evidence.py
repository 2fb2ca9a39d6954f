"""Evidence as readers see it: where in which file of a report a signature stands."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import psycopg

Sample = tuple[int, int, str, dict[str, Any]]
"""Which of the report's files, which of the signature's samples there, the signature, and the sample."""


def samples_of(connection: psycopg.Connection, report_id: UUID, signatures: list[str]) -> dict[str, list[Sample]]:
    """The samples of each of these signatures. Put in order here: for a handful of each, Postgres takes longer."""
    found: dict[str, list[Sample]] = {}
    for signature, file, name, signal_id, samples in connection.execute(
        """
        select o.signature_hash, dense_rank() over (order by s.created_at, s.id), s.name, s.id, o.evidence
        from signature_occurrences o join signals s on s.id = o.signal_id
        where o.report_id = %s and o.signature_hash = any(%s)
        """,
        (report_id, signatures),
    ):
        where = {"file": name, "signal_id": str(signal_id)}
        found.setdefault(signature, []).extend(
            (file, number, signature, sample | where) for number, sample in enumerate(samples)
        )
    return found


def first_samples(found: dict[str, list[Sample]], signatures: list[str], count: int) -> list[dict[str, Any]]:
    """The first samples of these signatures together: of the first file, and of each signature before its second."""
    samples = [sample for signature in signatures for sample in found.get(signature, ())]
    return [sample for *_, sample in sorted(samples, key=lambda one: one[:3])[:count]]
