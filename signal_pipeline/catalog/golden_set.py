"""How settings do on the golden set and on people's verdicts, from stored vectors alone.

`python -m signal_pipeline.catalog.golden_set` checks the model and stores its vectors of the golden set, in a process
that ends afterwards: a model stays in the one that loaded it.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import psycopg

from signal_pipeline.clustering.cluster import cluster_signatures
from signal_pipeline.clustering.golden import PairScore, golden_score, golden_signatures
from signal_pipeline.clustering.quality import PRECISION
from signal_pipeline.clustering.settings import ClusterSettings
from signal_pipeline.platform.platform import Platform
from signal_pipeline.settings import load_settings
from signal_pipeline.storage.catalog import facts_of
from signal_pipeline.storage.embedding_cache import embed_texts
from signal_pipeline.storage.embeddings import lookup_vectors, text_hash
from signal_pipeline.storage.golden_scores import keep_score, kept_score
from signal_pipeline.storage.verdicts import Kind, verdicts_of

RECALL = 0.8
VERDICTS_JUDGED = 500


@dataclass(frozen=True)
class GoldenResult:
    """`golden` is None while the model's vectors of the golden set are not stored; `verdicts`: pairs people judged."""

    golden: PairScore | None
    verdicts: PairScore

    def as_dict(self) -> dict[str, Any]:
        return {
            "golden_precision": None if self.golden is None else round(self.golden.precision, 4),
            "golden_recall": None if self.golden is None else round(self.golden.recall, 4),
            "verdict_precision": round(self.verdicts.precision, 4),
            "verdict_recall": round(self.verdicts.recall, 4),
            "verdict_pairs": self.verdicts.due,
        }


def golden_texts() -> list[str]:
    """What has to be embedded once per model."""
    return [signature.text for signature in golden_signatures()]


def embed_golden(platform: Platform) -> int:
    """Have the model's vectors of the golden set in the store; returns how many had to be computed.

    At start and by the catalog's update, so that no report waits for it.
    """
    return embed_texts(platform.database, platform.embedder, golden_texts()).computed


def is_embedded(platform: Platform) -> bool:
    """Whether nothing of the golden set is left to be computed."""
    wanted = {text_hash(text) for text in golden_texts()}
    with platform.database.transaction() as connection:
        return len(lookup_vectors(connection, platform.embedder.model_version, wanted)) == len(wanted)


def golden_result(platform: Platform, settings: ClusterSettings, *, keep: bool = True) -> GoldenResult:
    """From what is kept where it was reckoned before: a small report must not wait for it. Kept only with `keep`."""
    version = platform.embedder.model_version
    with platform.database.transaction() as connection:
        verdicts = _verdict_score(connection, settings)
        golden = kept_score(connection, _key(version, settings))
        if golden is None:
            golden = _reckoned(connection, version, settings)
            if golden is not None and keep:
                keep_score(connection, _key(version, settings), golden)
    return GoldenResult(golden, verdicts)


def _reckoned(connection: psycopg.Connection, version: str, settings: ClusterSettings) -> PairScore | None:
    hashes = [text_hash(text) for text in golden_texts()]
    found = lookup_vectors(connection, version, hashes)
    if len(found) < len(set(hashes)):
        return None
    return golden_score(np.stack([found[key] for key in hashes]), settings)


def _key(version: str, settings: ClusterSettings) -> bytes:
    content = json.dumps([version, settings.as_dict(), golden_texts()], sort_keys=True)
    return hashlib.sha256(content.encode()).digest()


def golden_findings(result: GoldenResult, settings: ClusterSettings) -> list[str]:
    """A finding when the calibrated algorithm joins what it was calibrated to keep apart. The plain ones are known to,
    and whoever chooses them has chosen that."""
    if result.golden is None or settings.algorithm != "calibrated" or result.golden.precision >= PRECISION:
        return []
    return [f"{result.golden.precision:.0%} of the pairs joined on the golden set are right (at least {PRECISION:.0%})"]


def golden_warnings(result: GoldenResult) -> list[str]:
    """Findings that do not block: low recall, plain algorithms, verdicts that the algorithm alone would not follow."""
    found: list[str] = []
    if result.golden is None:
        return found
    if result.golden.precision < PRECISION:
        found.append(f"precision {result.golden.precision:.3f} on the golden set (at least {PRECISION:g})")
    if result.golden.recall < RECALL:
        found.append(f"recall {result.golden.recall:.3f} on the golden set (at least {RECALL:g})")
    return found


def _verdict_score(connection: psycopg.Connection, settings: ClusterSettings) -> PairScore:
    """Pairs with a verdict, clustered without it: how often the algorithm alone says what people said."""
    verdicts = [one for one in verdicts_of(connection) if one.kind in (Kind.SAME, Kind.NOT_SAME)][-VERDICTS_JUDGED:]
    if not verdicts:
        return PairScore(0, 0, 0)
    facts = facts_of(connection, sorted({signature for one in verdicts for signature in one.pair}))
    if len(facts) < 2:
        return PairScore(0, 0, 0)
    clustering = cluster_signatures(
        np.stack([fact.vector for fact in facts]),
        frequencies=[1] * len(facts),
        error_types=[fact.error_type for fact in facts],
        exception_classes=[fact.exception_class for fact in facts],
        templates=[fact.template for fact in facts],
        top_frames=[fact.top_frames for fact in facts],
        hashes=[fact.signature_hash for fact in facts],
        settings=settings,
    )
    labels = {fact.signature_hash: int(label) for fact, label in zip(facts, clustering.labels, strict=True)}
    return _judged([(one.kind == Kind.SAME, *one.pair) for one in verdicts], labels)


def _judged(pairs: Sequence[tuple[bool, str, str]], labels: dict[str, int]) -> PairScore:
    joined = right = due = 0
    for same, one, other in pairs:
        if one not in labels or other not in labels:
            continue
        together = labels[one] == labels[other] >= 0
        joined += together
        right += together and same
        due += same
    return PairScore(joined, right, due)


def main() -> int:
    """0 when the model is there and gives vectors that fit; raises otherwise."""
    with Platform(load_settings()) as platform:
        platform.embedder.check()
        computed = embed_golden(platform)
        sys.stdout.write(f"{platform.embedder.model_version}: {computed} texts of the golden set embedded\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
