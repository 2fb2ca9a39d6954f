"""Which leases share a run: a pure decision, as tables and as properties."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signal_pipeline.orchestration.batching import company_of, plan_batches, reports_per_run
from signal_pipeline.storage.intake import Lease

# waiting, free slots, batches of several at work, most per run, cores -> reports per run
SIZES = [
    (1, 10, 0, 200, 2, 1),
    (10, 10, 0, 200, 2, 1),
    (11, 10, 0, 200, 2, 6),
    (100, 10, 0, 200, 2, 50),
    (100, 10, 0, 200, 8, 13),
    (100, 3, 0, 200, 8, 34),
    (1000, 10, 0, 200, 5, 200),
    (10_000, 10, 0, 200, 64, 200),
    (5, 0, 0, 3, 2, 3),
    (1, 9, 1, 200, 2, 1),
    (9, 9, 1, 200, 2, 9),
    (40, 9, 1, 200, 2, 25),
    (40, 9, 1, 1, 2, 1),
    (400, 9, 1, 200, 2, 200),
]


@pytest.mark.parametrize(("waiting", "free", "shared", "most", "cores", "size"), SIZES)
def test_the_size_follows_what_waits(waiting: int, free: int, shared: int, most: int, cores: int, size: int) -> None:
    assert reports_per_run(waiting, free, shared, most, cores) == size


def lease(failures: int = 0, *, alone: bool = False, priority: int = 0) -> Lease:
    return Lease(uuid4(), uuid4(), failures + 1, failures, alone, priority)


COMPANY = [(lease(), 200), (lease(1), 25), (lease(2), 1), (lease(7), 1), (lease(1, alone=True), 1), (lease(0), 200)]


@pytest.mark.parametrize(("one", "company"), COMPANY)
def test_what_failed_before_travels_in_smaller_company(one: Lease, company: int) -> None:
    assert company_of(one, 200, 4) == company
    assert company_of(one, 1, 4) == 1


@pytest.mark.parametrize(("max_attempts", "beside_others"), [(1, 2), (2, 2), (4, 2), (5, 2), (6, 3), (20, 10)])
def test_the_second_half_of_the_attempts_is_made_alone(max_attempts: int, beside_others: int) -> None:
    companies = [company_of(lease(failures), 200, max_attempts) for failures in range(20)]
    assert companies == [200] + [25] * (beside_others - 1) + [1] * (20 - beside_others)


@pytest.mark.parametrize(("size", "company"), [(200, 25), (40, 25), (25, 25), (6, 6), (1, 1)])
def test_a_handful_stays_together_after_one_failure(size: int, company: int) -> None:
    assert company_of(lease(1), size, 4) == company


def test_a_gap_among_the_partitions_parts_a_batch() -> None:
    leases = [lease() for _ in range(5)]
    places = dict(zip((one.report_id for one in leases), (7, 8, 10, 11, 12), strict=True))
    assert [len(batch.leases) for batch in plan_batches(leases, places, 200, 4)] == [2, 3]


def test_the_urgent_comes_first_and_shares_with_its_like() -> None:
    leases = [lease(), lease(priority=5), lease(), lease(priority=5)]
    places: dict[UUID, int] = {one.report_id: place for place, one in enumerate(leases)}
    planned = plan_batches(leases, places, 200, 4)
    assert [{one.priority for one in batch.leases} for batch in planned] == [{5}, {5}, {0}, {0}]


@given(
    st.lists(st.tuples(st.integers(0, 3), st.booleans(), st.integers(0, 2)), max_size=40),
    st.randoms(use_true_random=False),
    st.integers(1, 50),
)
def test_every_lease_is_in_one_batch_of_neighbours(kinds, random, size) -> None:
    leases = [lease(failures, alone=alone, priority=priority) for failures, alone, priority in kinds]
    places = dict(zip((one.report_id for one in leases), random.sample(range(60), len(leases)), strict=True))
    planned = plan_batches(leases, places, size, 4)
    assert sorted(str(one.intake_id) for batch in planned for one in batch.leases) == sorted(
        str(one.intake_id) for one in leases
    )
    for batch in planned:
        assert len(batch.leases) <= min(company_of(one, size, 4) for one in batch.leases)
        stretch = [places[one.report_id] for one in batch.leases]
        assert stretch == list(range(stretch[0], stretch[0] + len(stretch)))
    urgency = [batch.leases[0].priority for batch in planned]
    assert urgency == sorted(urgency, reverse=True)


def test_a_run_has_one_kind_and_one_config() -> None:
    asked = [("report", None), ("nightly", None), ("report", '{"clusters": {"min_samples": 3}}'), ("report", None)]
    leases = [Lease(uuid4(), uuid4(), 1, kind=kind, config=config) for kind, config in asked]
    places = {one.report_id: place for place, one in enumerate(leases)}
    batches = plan_batches(leases, places, 200, 4)
    assert sorted(len(batch.leases) for batch in batches) == [1, 1, 1, 1], "the two alike are no neighbours"
    batches = plan_batches([leases[0], leases[3], leases[1]], {**places, leases[3].report_id: 1}, 200, 4)
    assert sorted(len(batch.leases) for batch in batches) == [1, 2]
