"""The short form of the rounds that `make chaos` runs: 500 reports in three rounds, each with a seed of its own.

NEMESIS names the seeds. `make chaos` runs 1,2,3, and `.ci/run` one of them when the other tests are over: beside each
other they would wait for cores, and a round that gets none does not get on between two deaths.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from reliability.chaos import disturbed, undisturbed
from reliability.nemesis import TARGETS

SEEDS = [int(seed) for seed in os.environ.get("NEMESIS", "1,2,3").split(",")]
REPORTS = 167
BAD_MESSAGES = 11
# Half of the usual pauses: so short a round would be over before each kind has died.
PACE = 0.5

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif("NEMESIS" not in os.environ, reason="takes minutes of all cores: NEMESIS=1,2,3 or `make chaos`"),
]


@pytest.fixture(scope="module")
def quiet(model_dir: Path) -> Mapping[str, Mapping[str, Any]]:
    return undisturbed(REPORTS, print, model_dir=model_dir)


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_lost_doubled_or_different_whoever_dies(
    quiet: dict[str, dict[str, Any]], model_dir: Path, seed: int
) -> None:
    outcome = disturbed(seed, REPORTS, BAD_MESSAGES, quiet, print, pace=PACE, model_dir=model_dir)
    assert not outcome.open_at_last
    assert not outcome.violations, "\n".join(map(str, outcome.violations[:20]))
    assert (outcome.completed, outcome.dead_messages) == (REPORTS, BAD_MESSAGES)
    assert set(outcome.kills) == set(TARGETS)
