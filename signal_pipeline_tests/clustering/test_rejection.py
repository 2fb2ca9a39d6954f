"""The reasons that keep two signatures apart."""

from __future__ import annotations

from dataclasses import replace

import pytest

from signal_pipeline.clustering.constraints import Constraints
from signal_pipeline.clustering.rejection import Facts, reasons_apart
from signal_pipeline.clustering.settings import ClusterSettings

ONE = Facts("a", "NetworkError", "java.io.IOException", "no answer from <HOST>", "no answer from <*>")
OTHER = replace(ONE, signature_hash="b", template="no answer from shop")
CALIBRATED = ClusterSettings()


@pytest.mark.parametrize(
    ("other", "distance", "expected"),
    [
        (replace(OTHER, error_type="TimeoutError"), 0.1, "another error type: TimeoutError, not NetworkError"),
        (replace(OTHER, exception_class="EOFError"), 0.1, "another exception class: EOFError"),
        (replace(OTHER, template=ONE.template), 0.1, "other stack frames"),
        (replace(OTHER, wording="gave up on <*>"), 0.1, "another wording"),
        (OTHER, 0.81, "distance 0.810 is more than the threshold 0.7"),
        (OTHER, 0.1, "other members of its cluster"),
    ],
)
def test_a_guard_is_named(other: Facts, distance: float, expected: str) -> None:
    (reason,) = reasons_apart(ONE, other, distance, CALIBRATED)
    assert expected in reason


def test_a_class_that_is_not_known_or_qualified_otherwise_is_no_reason() -> None:
    for name in (None, "IOException", "other.IOException"):
        (reason,) = reasons_apart(ONE, replace(OTHER, exception_class=name), 0.9, CALIBRATED)
        assert reason.startswith("distance")


def test_all_reasons_are_given_and_a_verdict_comes_first() -> None:
    other = replace(OTHER, error_type="TimeoutError", wording="x")
    found = reasons_apart(ONE, other, 0.9, CALIBRATED, Constraints.of([], [("b", "a")]))
    assert [reason.split()[0] for reason in found] == ["a", "another", "another", "distance"]


def test_plain_algorithms_know_no_guards() -> None:
    other = replace(OTHER, error_type="TimeoutError", wording="x")
    plain = ClusterSettings("dbscan", similarity_threshold=0.3, min_samples=4)
    assert reasons_apart(ONE, other, 0.4, plain) == ["distance 0.400 is more than the threshold 0.3"]
    assert "fewer than 4" in reasons_apart(ONE, other, 0.2, plain)[0]
    average = ClusterSettings("agglomerative", similarity_threshold=0.3)
    assert "0.700 away" in reasons_apart(ONE, other, 0.2, average, farthest=0.7)[0]
