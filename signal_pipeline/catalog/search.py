"""Search for signatures by a sentence, a word, or a part of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from signal_pipeline.catalog.causes import cause_json, causes_of_symptoms
from signal_pipeline.embedding.protocol import Vectors
from signal_pipeline.platform.platform import Platform
from signal_pipeline.storage.embeddings import lookup_vectors, text_hash
from signal_pipeline.storage.known_causes import KnownCause
from signal_pipeline.storage.search import Filters, FoundRow, Hit, fused, rows_of


@dataclass(frozen=True)
class Found:
    """A hit and how it is shown, best first. `symptom_of`: the problems that it follows from, where it is only ever a
    symptom.
    """

    hit: Hit
    row: FoundRow
    symptom_of: Sequence[KnownCause] = ()

    def as_json(self) -> dict[str, Any]:
        row = self.row
        return {
            "signature": row.signature_hash,
            "problem_id": str(row.problem_id) if row.problem_id else None,
            "symptom_of": [cause_json(cause) for cause in self.symptom_of],
            "error_type": row.error_type,
            "severity": row.severity,
            "exception_class": row.exception_class,
            "template": row.template,
            "frequency": row.frequency,
            "reports": row.reports,
            "signals": row.signals,
            "first_seen": row.first_seen.isoformat() if row.first_seen else None,
            "last_seen": row.last_seen.isoformat() if row.last_seen else None,
            "score": self.hit.score,
            "places": self.hit.places,
            "distance": None if self.hit.distance is None else round(self.hit.distance, 4),
        }


def search(platform: Platform, text: str, filters: Filters, limit: int) -> list[Found]:
    """The best `limit` signatures. The text is redacted before it is embedded, and it is not stored."""
    asked = " ".join(platform.redactor().text(text).split())
    vector = _vector(platform, asked) if asked else None
    with platform.database.transaction() as connection:
        hits = fused(connection, asked, vector, platform.embedder.model_version, filters, limit)
        rows = rows_of(connection, [hit.signature_hash for hit in hits])
        problems = [row.problem_id for row in rows.values() if row.problem_id is not None]
        causes = causes_of_symptoms(connection, problems)
    found = [(hit, rows[hit.signature_hash]) for hit in hits if hit.signature_hash in rows]
    return [Found(hit, row, causes.get(row.problem_id, ()) if row.problem_id else ()) for hit, row in found]


def _vector(platform: Platform, text: str) -> Vectors:
    """What a person searches for is not kept, but a text that is a signature's own is known already."""
    key = text_hash(text)
    with platform.database.transaction() as connection:
        known = lookup_vectors(connection, platform.embedder.model_version, [key])
    return known[key] if known else platform.embedder.embed([text])[0]
