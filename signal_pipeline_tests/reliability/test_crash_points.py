"""Death at each named place, at its first and its second pass: afterwards all is as if nobody had died.

All places with CRASH_CASES=all, as `make chaos` does; a sample else.
"""

from __future__ import annotations

import signal

import pytest

from signal_pipeline_tests.reliability.conftest import ITEMS, QUIET, Aftermath, cases

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900), pytest.mark.xdist_group("reliability")]


def test_the_run_that_all_are_compared_with_was_quiet_and_whole(aftermath: Aftermath) -> None:
    assert aftermath.ends[QUIET] == 0
    assert aftermath.wrong(QUIET) == []
    undisturbed = aftermath.expected[QUIET].undisturbed
    assert len(undisturbed) == len(ITEMS)
    assert all(report[part] for report in undisturbed.values() for part in ("occurrences", "signatures", "members"))


@pytest.mark.parametrize("case", cases())
def test_nothing_is_lost_and_nothing_is_there_twice(aftermath: Aftermath, case: str) -> None:
    assert aftermath.ends[case] == -signal.SIGKILL, "the place was not passed"
    assert len(aftermath.facts[case].reports) == len(ITEMS)
    assert aftermath.wrong(case) == []
