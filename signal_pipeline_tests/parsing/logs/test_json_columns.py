"""Flat JSON lines that are read as columns give the same records as the same lines read one by one."""

from __future__ import annotations

import json
import random
from typing import Any

import polars as pl
import pytest

from signal_pipeline.parsing.logs import json_columns
from signal_pipeline.parsing.logs.formats.json_keys import FLAVOURS, KEYS
from signal_pipeline.parsing.logs.json_lines import json_heads

_COUNT = 400
_VALUES: dict[str, tuple[Any, ...]] = {
    "time": ("2024-03-01T10:00:00.123Z", "2024-03-01 10:00:00,5", "1709287200", "never", "", None),
    "ts": (1709287200.25, 1709287200123, 0, -1, None),
    "level": ("info", "ERROR", "W", "unknown", "", None),
    "severity": (3, 40, 99, None),
    "msg": ("cannot add", "", "  padded ", "a {b} [c]", "caf\u00e9", None),
    "message": ("second", None),
    "pid": (1, 12345678901234567890, -5, "7"),
    "status": (200, "404", 1000, -1, "40", None),
    "duration": (1, 2.5, -1, 1e13, 1e-3, None),
    "elapsed_ms": (0, "3", None),
    "user_id": (1, "x\\y", 1.5, True, None, "say \"hi\""),
    "ok": (True, False, None),
    "err": ("boom", {"message": "inner", "stack": "a\nb"}, None),
}  # fmt: skip


def _lines(rng: random.Random, keys: list[str]) -> list[str]:
    return [json.dumps({key: rng.choice(_VALUES[key]) for key in keys}) for _ in range(_COUNT)]


def _read(lines: list[str]) -> pl.DataFrame:
    return json_heads(pl.int_range(len(lines), eager=True), pl.Series(lines)).sort("line")


@pytest.mark.parametrize("seed", range(30))
def test_columns_and_single_lines_give_the_same_records(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(seed)
    lines = _lines(rng, rng.sample(list(_VALUES), rng.randint(1, 8)))
    as_columns = _read(lines)
    monkeypatch.setattr(json_columns, "_MAX_PATTERNS", 0)
    assert as_columns.equals(_read(lines))


@pytest.mark.parametrize("flavour", FLAVOURS, ids=lambda flavour: f"{flavour.name}-{len(flavour.keys)}")
def test_each_flavour_reads_the_same_in_columns(flavour: Any) -> None:
    one = _read([flavour.example])
    many = _read([flavour.example] * _COUNT)
    assert many.drop("line").unique().equals(one.drop("line"))


@pytest.mark.parametrize(
    "odd",
    [
        '{"msg":"a","level":"info"} x', '{"msg":"a","level":"info","level":"error"}', '{"msg":"a" "level":"info"}',
        '{"msg":"tab\there","level":"info"}', '{"msg":"a","level":"info",}', '{"msg":01,"level":"info"}',
        '{"msg":"a","level":{"x":1}}', '{"msg":"a"}{"level":"info"}', '{"msg":"\\u00e9\\n","level":"info"}',
    ],
)  # fmt: skip
def test_a_line_that_differs_reads_as_it_does_alone(odd: str) -> None:
    lines = ['{"msg":"a","level":"info"}'] * _COUNT
    lines[7] = odd
    alone = _read([odd])
    among = _read(lines).filter(pl.col("line") == 7)
    assert among.drop("line").equals(alone.drop("line"))


def test_many_keys_do_not_make_a_pattern_too_large() -> None:
    wide = {f"k{number:02}" + "x" * 50: number for number in range(200)}
    assert _read([json.dumps({**wide, "msg": "a"})] * _COUNT)["message"].to_list() == ["a"] * _COUNT


def test_every_kept_key_is_plain_enough_for_a_pattern() -> None:
    keys = {key for names in KEYS.values() for key in names}
    assert [key for key in keys if not json_columns._PLAIN_KEY.fullmatch(key)] == []
