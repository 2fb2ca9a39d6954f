"""No planted secret passes the gate; and the search that says so is not blind."""

from __future__ import annotations

import json

import polars as pl
import pytest

from signal_pipeline.redaction.columns import FEW_VALUES
from signal_pipeline.redaction.redactor import Redactor
from signal_pipeline.redaction.tokens import TOKEN_PATTERN
from signal_pipeline_tests.redaction.canaries import (
    LOG_POSITIONS,
    NAMED,
    SELF_EVIDENT,
    planted_json_log,
    planted_lines,
    planted_text_log,
)
from signal_pipeline_tests.redaction.leak_search import find_leaks
from signal_pipeline_tests.redaction.planted_har import planted_har

SEEDS = (1, 2, 3)


def _redacted(lines: list[str]) -> list[str]:
    """As a column long enough to be looked at as a whole, which must be what a short one becomes."""
    long = [*lines, *["nothing of note"] * FEW_VALUES]
    redacted = Redactor(b"a key for tests").column(pl.Series("line", long)).to_list()[: len(lines)]
    for start in range(0, len(lines), FEW_VALUES):
        some = pl.Series("line", lines[start : start + FEW_VALUES])
        assert Redactor(b"a key for tests").column(some).to_list() == redacted[start : start + FEW_VALUES]
    return redacted


def test_the_generator_covers_what_the_contract_asks() -> None:
    assert len(SELF_EVIDENT) + len(NAMED) >= 40
    assert len(LOG_POSITIONS) >= 12


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_no_canary_passes_the_gate(seed: int) -> None:
    lines, manifest = planted_lines(seed)
    assert find_leaks("\n".join(_redacted(lines)).encode(), manifest) == []


@pytest.mark.slow
@pytest.mark.parametrize("plant", [planted_text_log, planted_json_log])
def test_no_canary_passes_in_whole_log_lines(plant: object) -> None:
    data, manifest = plant(4)  # type: ignore[operator]
    redacted = "\n".join(_redacted(data.decode().splitlines()))
    assert find_leaks(redacted.encode(), manifest) == []


@pytest.mark.parametrize("plant", [planted_text_log, planted_json_log, planted_har])
def test_without_the_gate_the_search_finds_the_canaries(plant: object) -> None:
    data, manifest = plant(5)  # type: ignore[operator]
    assert len({canary.value for canary in manifest}) == len(manifest)
    assert len(find_leaks(data, manifest)) >= 0.95 * len(manifest)


def test_har_urls_lose_their_canaries() -> None:
    data, manifest = planted_har(6)
    redactor = Redactor(b"a key for tests")
    entries = json.loads(data)["log"]["entries"]
    urls = [redactor.url(entry["request"]["url"]) for entry in entries]
    bodies = [redactor.text(entry["response"]["content"]["text"]) for entry in entries]
    assert find_leaks("\n".join(urls + bodies).encode(), manifest) == []


def test_texts_that_differ_only_in_canaries_become_equal() -> None:
    first, second = (
        pl.Series(_redacted(planted_lines(seed, encodings=("plain",))[0])).str.replace_all(TOKEN_PATTERN, "<$1>")
        for seed in (7, 8)
    )
    differing = (first != second).sum()
    assert differing == 0, [pair for pair in zip(first, second, strict=True) if pair[0] != pair[1]][:3]
