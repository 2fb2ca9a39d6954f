"""No planted secret passes the readers, whatever its kind, its place and its encoding; and the search is not blind."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from signal_pipeline_tests.redaction.planted import positions
from signal_pipeline_tests.redaction.planted.plant import (
    ENCODINGS,
    SEEDS,
    UNSEEN,
    all_positions,
    har_file,
    is_held_out,
    log_files,
    planted,
)
from signal_pipeline_tests.redaction.planted.search import leaked, read_all


def test_the_generator_covers_kinds_positions_and_encodings() -> None:
    assert len({(row.kind, row.template) for row in all_positions()}) >= 150
    assert len(ENCODINGS) >= 12
    rows = [row for row in all_positions() if row.kind != UNSEEN]
    assert 0.15 <= sum(is_held_out(row.template) for row in rows) / len(rows) <= 0.3
    assert len({row.template for row in all_positions()} - {row.template for row in rows}) >= 100


def test_equal_seeds_plant_equal_values_and_others_do_not() -> None:
    first, again, other = ([row.canary.value for row in planted(seed)] for seed in (1, 1, 2))
    assert first == again
    assert not set(first) & set(other)


def test_a_new_position_changes_no_value_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    before = {(row.text, row.canary.encoding) for row in planted(3)}
    monkeypatch.setattr(positions, "PROSE", ("a word for § of its own", *positions.PROSE))
    added = {(row.text, row.canary.encoding) for row in planted(3)} - before
    assert {row.canary.position for row in planted(3) if (row.text, row.canary.encoding) in added} == {
        "a word for § of its own"
    }
    assert before <= {(row.text, row.canary.encoding) for row in planted(3)}


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_planted_passes_the_readers(seed: int, tmp_path: Path) -> None:
    found = {row for _, data, rows in read_all(seed, tmp_path) for row, _ in leaked(data, rows)}
    assert {
        (row.canary.secret, row.canary.position, row.canary.encoding) for row in found if row.group == "known"
    } == set()
    counts = Counter(row.group for row in planted(seed))
    leaks = Counter(row.group for row in found)
    assert leaks["held out"] <= 0.03 * counts["held out"]
    # What the rules make of positions that are unlike theirs; it was 0.25 before tables were read.
    assert leaks[UNSEEN] <= 0.25 * counts[UNSEEN]


def test_the_search_finds_what_was_planted_in_the_files_themselves() -> None:
    files = {**log_files(7), "har": har_file(7)}
    for name in ("stamped", "json", "har", "keys_cri"):
        data, rows = files[name]
        values = {row.canary.value for row in rows}
        seen = {row.canary.value for row, _ in leaked(data, rows)}
        assert len(seen) >= 0.9 * len(values), name  # a JSON text in a HAR is escaped twice
