"""Bringing the catalog up to date: place what has no place, merge problems that now match, measure, publish.

Placing stands in any case; what would change known ids is published only when no blocking finding speaks against it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import psycopg

from signal_pipeline.catalog.golden_set import GoldenResult, embed_golden, golden_findings, golden_result
from signal_pipeline.catalog.live_signals import place_live_signals
from signal_pipeline.catalog.merging import meet
from signal_pipeline.catalog.placement import Placed, place_signatures
from signal_pipeline.catalog.reassignment import Settled, settle
from signal_pipeline.clustering.constraints import Constraints
from signal_pipeline.clustering.quality import Quality
from signal_pipeline.clustering.settings import ClusterSettings
from signal_pipeline.platform.platform import Platform
from signal_pipeline.storage.catalog import Mark, lock_catalog, medoids_after, members_with
from signal_pipeline.storage.catalog_runs import catalog_quality, last_run, record_run
from signal_pipeline.storage.verdicts import constraints_of

COMPARED_AT_MOST = 2_000
"""Changed problems that one update compares with their neighbours, under the catalog's lock: some ten seconds."""
_AT_ONCE = 500

CHURN = 0.1
LARGEST_GROWTH = 0.1
JUDGED_FROM = 200


@dataclass(frozen=True)
class CatalogUpdate:
    """`published` is False when `blocking` kept changes of known ids back; newcomers are placed all the same."""

    placed: Placed
    settled: Settled
    quality: Quality
    before: Quality | None
    golden: GoldenResult
    blocking: list[str]
    compared: int
    waiting: int

    @property
    def published(self) -> bool:
        return not self.blocking

    def counts(self) -> dict[str, int]:
        return {
            "placed_in_known_problems": self.placed.joined,
            "new_problems": self.placed.new_problems,
            "signatures_moved": self.settled.moved,
            "ids_redirected_or_back": self.settled.redirects,
            "problems_compared": self.compared,
            "problems_waiting_to_be_compared": self.waiting,
        }


class _Refused(Exception):
    """Rolls the transaction back; carries what was found."""

    def __init__(self, update: CatalogUpdate) -> None:
        self.update = update
        super().__init__("blocked")


def update_catalog(platform: Platform, run_id: str | None) -> CatalogUpdate:
    """Do all of it; returns what was done, or what was found that speaks against it."""
    embed_golden(platform)
    placed = place_live_signals(platform).placed + place_signatures(platform.database)
    golden = golden_result(platform, ClusterSettings())
    try:
        with platform.database.transaction() as connection:
            lock_catalog(connection)
            before, mark = last_run(connection)
            update, reached = _updated(connection, placed, golden, before, mark)
            if update.blocking:
                raise _Refused(update)
            _record(connection, update, run_id, reached)
            return update
    except _Refused as refused:
        update = replace(refused.update, settled=Settled())
    with platform.database.transaction() as connection:
        _record(connection, update, run_id, mark)
    return update


def _updated(
    connection: psycopg.Connection, placed: Placed, golden: GoldenResult, before: Quality | None, mark: Mark | None
) -> tuple[CatalogUpdate, Mark | None]:
    constraints = constraints_of(connection)
    start = catalog_quality(connection, None)
    changed = medoids_after(connection, mark, COMPARED_AT_MOST)
    settled = _obey_all(connection, constraints)
    for place in range(0, len(changed), _AT_ONCE):
        settled += meet(connection, [medoid for _, medoid in changed[place : place + _AT_ONCE]], constraints)
    churn = settled.moved / start.signatures if start.signatures else None
    quality = catalog_quality(connection, churn)
    reached = changed[-1][0] if changed else mark
    waiting = 0 if len(changed) < COMPARED_AT_MOST else len(medoids_after(connection, reached, 1_000_000))
    update = CatalogUpdate(
        placed=placed,
        settled=settled,
        quality=quality,
        before=before,
        golden=golden,
        blocking=[*catalog_findings(start, quality), *golden_findings(golden, ClusterSettings())],
        compared=len(changed),
        waiting=waiting,
    )
    return update, reached


def _obey_all(connection: psycopg.Connection, constraints: Constraints) -> Settled:
    """Verdicts are obeyed as they are set; this fixes what a crash between the two would leave."""
    decided = sorted({*constraints.groups, *(group for pair in constraints.apart for group in pair)})
    problems = sorted({member.problem_id for member in members_with(connection, decided).values()})
    return settle(connection, problems, constraints, reason="verdict") if problems else Settled()


def catalog_findings(start: Quality, quality: Quality) -> list[str]:
    """What speaks against changing known ids: too many would move, or one problem would swallow others."""
    if quality.signatures < JUDGED_FROM:
        return []
    found = []
    if quality.churn is not None and quality.churn > CHURN:
        found.append(f"{quality.churn:.0%} of the signatures would have another problem (at most {CHURN:.0%})")
    if quality.largest_share - start.largest_share > LARGEST_GROWTH:
        found.append(
            f"the largest problem would grow from {start.largest_share:.0%} to {quality.largest_share:.0%} of all"
            " signatures"
        )
    return found


def _record(connection: psycopg.Connection, update: CatalogUpdate, run_id: str | None, mark: Mark | None) -> None:
    settings = ClusterSettings()
    record_run(
        connection,
        run_id,
        settings=settings.as_dict(),
        versions={"clustering": str(settings.version), "numpy": np.__version__},
        counts=update.counts(),
        quality=update.quality.as_dict() | update.golden.as_dict(),
        published=update.published,
        mark=mark,
    )


def as_json(update: CatalogUpdate) -> dict[str, Any]:
    return {
        "published": update.published,
        "blocking": update.blocking,
        **update.counts(),
        "quality": update.quality.as_dict() | update.golden.as_dict(),
        "before": None if update.before is None else asdict(update.before),
    }
