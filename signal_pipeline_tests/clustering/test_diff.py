"""Every kind of change, and that renumbering or order is none."""

import random

import pytest

from signal_pipeline.clustering.diff import Change, ClusteringDiff, diff_clusterings


def _clustering(*groups: str) -> dict[str, int | None]:
    """One group of one-letter signatures per cluster."""
    return {signature: label for label, group in enumerate(groups) for signature in group}


def _only(diff: ClusteringDiff) -> dict[str, int]:
    return {name: count for name, count in diff.counts.items() if count}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (("ab", "cd"), ("cd", "ab"), {"kept": 2}),
        (("ab",), ("abc",), {"grown": 1}),
        (("abc",), ("ab",), {"shrunk": 1}),
        (("ab", "cd"), ("abcd",), {"merged": 1}),
        (("ab", "cd"), ("abcde",), {"merged": 1}),
        (("abcd",), ("ab", "cd"), {"split": 1}),
        ((), ("ab",), {"new": 1}),
        (("ab",), (), {"vanished": 1}),
        (("abcd", "ef"), ("ab", "cdef"), {"split": 1, "merged": 1}),
        (("ab", "cd", "ef"), ("ab", "cdx", "yz"), {"kept": 1, "grown": 1, "new": 1, "vanished": 1}),
        (("abc",), ("abx",), {"shrunk": 1}),
        ((), (), {}),
    ],
)
def test_kinds_of_change(old: tuple[str, ...], new: tuple[str, ...], expected: dict[str, int]) -> None:
    diff = diff_clusterings(_clustering(*old), _clustering(*new))
    assert _only(diff) == expected
    assert diff.is_empty == (set(expected) <= {"kept"})


def test_noise_is_no_cluster() -> None:
    diff = diff_clusterings({"a": -1, "b": -1, "c": 0, "d": 0}, {"a": 5, "b": 5, "c": None, "d": -1})
    assert _only(diff) == {"new": 1, "vanished": 1}


def test_ids_members_and_samples_are_told() -> None:
    changed = diff_clusterings(_clustering("abcdefg"), _clustering("abc", "defg")).changes[0]
    assert changed.change is Change.SPLIT
    assert (changed.old, changed.new, changed.members) == ((0,), (0, 1), 7)
    assert changed.sample == ("a", "b", "c", "d", "e")


def test_order_plays_no_part() -> None:
    old = {f"s{i:03}": i % 17 for i in range(300)}
    new = {f"s{i:03}": f"c{i % 13}" for i in range(20, 320)}
    expected = diff_clusterings(old, new)
    for seed in range(5):
        keys = random.Random(seed).sample(sorted(set(old) | set(new)), 320)
        assert (
            diff_clusterings({k: old[k] for k in keys if k in old}, {k: new[k] for k in keys if k in new}) == expected
        )
