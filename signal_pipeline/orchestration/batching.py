"""Which leases share a run. Pure: the more waits, the more go together, and what failed before in smaller company.

A run is for one partition or for a range of them, so that only neighbours among the partition keys can share one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import ceil
from uuid import UUID, uuid4

from signal_pipeline.storage.batches import Batch
from signal_pipeline.storage.intake import Lease

# What failed before goes on in such company: so many cost little more than one, and few are in a killer's way.
HANDFUL = 25
# A report that kills its run costs its neighbours an attempt each: the second half of the attempts is made alone, but
# never after fewer failures than this.
FEWEST_BESIDE_OTHERS = 2


def reports_per_run(waiting: int, free_slots: int, shared_batches: int, most: int, cores: int) -> int:
    """One while there are slots for all: nobody waits for a neighbour. Of a backlog, so many that `cores` runs take it:
    each further run costs what several small reports do, and finds no core of its own. While batches of it are at work,
    its rest is not crumbled."""
    if waiting <= free_slots and not shared_batches:
        return 1
    size = ceil(waiting / max(1, min(free_slots, cores)))
    if shared_batches:
        size = max(size, min(waiting, HANDFUL))
    return max(1, min(most, size))


def company_of(lease: Lease, size: int, max_attempts: int) -> int:
    """How many reports the lease may share a run with, itself included."""
    if lease.alone or lease.failures >= max(FEWEST_BESIDE_OTHERS, max_attempts // 2):
        return 1
    return min(size, HANDFUL) if lease.failures else size


def plan_batches(
    leases: Sequence[Lease],
    positions: Mapping[UUID, int],
    size: int,
    max_attempts: int,
    new_id: Callable[[], UUID] = uuid4,
) -> list[Batch]:
    """Every lease in exactly one batch, urgent ones first. A run has one config, so those of a batch are equal.

    `positions`: the place among the partition keys of each report that may share a run.
    """
    groups: dict[tuple[int, int, str, str], list[Lease]] = defaultdict(list)
    for lease in leases:
        company = company_of(lease, size, max_attempts)
        groups[lease.priority, company, lease.kind, lease.config or ""].append(lease)
    batches: list[Batch] = []
    for (_, company, _, _), alike in sorted(groups.items(), reverse=True):
        if company == 1:
            batches += [Batch(new_id(), (lease,)) for lease in alike]
            continue
        ordered = sorted(alike, key=lambda lease: positions[lease.report_id])
        for stretch in _stretches(ordered, positions):
            batches += [
                Batch(new_id(), tuple(stretch[start : start + company])) for start in range(0, len(stretch), company)
            ]
    return batches


def _stretches(ordered: Sequence[Lease], positions: Mapping[UUID, int]) -> Iterable[list[Lease]]:
    """Runs of neighbours."""
    stretch: list[Lease] = []
    for lease in ordered:
        if stretch and positions[lease.report_id] != positions[stretch[-1].report_id] + 1:
            yield stretch
            stretch = []
        stretch.append(lease)
    if stretch:
        yield stretch
