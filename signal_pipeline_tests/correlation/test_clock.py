"""Estimating how far one clock is ahead of another, with noise, missing partners and strangers."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from signal_pipeline.correlation.clock import shift_between, unrolled


def events(times, keys):
    return pl.DataFrame({"key": keys, "at": times}, schema={"key": pl.String, "at": pl.Float64})


def crowd(seed, *, shift, kept=0.8, strangers=3.0, keys=6, count=60, noise=0.004):
    """What one file saw, and another: a part of it, among much else of the same kinds."""
    rng = np.random.default_rng(seed)
    at = np.sort(rng.uniform(0, 60, count))
    names = rng.integers(0, keys, count)
    seen = rng.random(count) < kept
    foreign = int(count * strangers)
    other = np.concatenate([at[seen] + rng.normal(0, noise, seen.sum()), rng.uniform(0, 60, foreign)])
    other_names = np.concatenate([names[seen], rng.integers(0, keys, foreign)])
    return events(at, names.astype(str)), events(other + shift, other_names.astype(str))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("shift", [-300.0, -0.37, 0.0, 0.6, 184.25])
def test_the_shift_is_found_among_three_times_as_many_strangers(seed, shift):
    clock = shift_between(*crowd(seed, shift=shift), "test")
    assert clock is not None
    assert clock.offset == pytest.approx(shift, abs=0.01)
    assert clock.confidence > 0.9 and clock.spread < 0.1


def test_files_that_have_nothing_to_do_with_each_other_are_not_sure():
    rng = np.random.default_rng(5)
    one = events(np.sort(rng.uniform(0, 60, 40)), rng.integers(0, 6, 40).astype(str))
    other = events(np.sort(rng.uniform(0, 60, 40)), rng.integers(0, 6, 40).astype(str))
    clock = shift_between(one, other, "test")
    assert clock is not None and clock.confidence < 0.9


def test_no_common_key_is_no_estimate():
    assert shift_between(events([1.0], ["a"]), events([2.0], ["b"]), "test") is None


def test_a_key_that_occurs_thousands_of_times_does_not_cost_millions_of_pairs():
    rng = np.random.default_rng(6)
    at = np.sort(rng.uniform(0, 600, 5_000))
    clock = shift_between(events(at, ["GET /"] * 5_000), events(at + 12.5, ["GET /"] * 5_000), "test")
    assert clock is not None and clock.offset == pytest.approx(12.5, abs=0.05)


def test_clocks_of_whole_seconds():
    one, other = crowd(7, shift=41.0, strangers=0.5, keys=20)
    clock = shift_between(one, other.with_columns(pl.col("at").floor()), "test")
    assert clock is not None and clock.offset == pytest.approx(40.5, abs=0.6)


def test_times_of_day_go_on_after_midnight():
    assert unrolled(np.array([86_399.0, 1.0, 2.0, 86_398.0, 3.0])).tolist() == [86_399, 86_401, 86_402, 86_398, 86_403]
