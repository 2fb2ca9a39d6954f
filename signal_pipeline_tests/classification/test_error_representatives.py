"""Facts of a representative are those of every error of its shape."""

from __future__ import annotations

import random

import polars as pl
import pytest

from signal_pipeline.classification.classify import classify_entries
from signal_pipeline.classification.error_facts import FACTS, _facts_of
from signal_pipeline.classification.exchange import marks
from signal_pipeline.classification.template import plain_templates, reduced_lines
from signal_pipeline.errors import SignalRejected
from signal_pipeline.schemas import PARSED
from signal_pipeline_tests.classification.error_type_cases import ERROR_TYPE_CASES
from signal_pipeline_tests.classification.mask_cases import MASK_CASES
from signal_pipeline_tests.parsing.logs.reading import read
from signal_pipeline_tests.real_data import REAL_DATA, needs_real_data
from signal_pipeline_tests.text_shapes.other_digits import with_other_digits

JAVA = "{0}\n\tat com.shop.Db$1.connect(Db.java:17)\n\tat com.shop.Orders2.save(Orders2.java:40)\nCaused by: {0}"
PYTHON = 'Traceback (most recent call last):\n  File "/app/a.py", line 12, in run\n    go(7)\n{0}'
CAUSES = (
    "java.lang.IllegalStateException: order 8513 is closed", "java.io.IOException: Broken pipe", "KeyError: 17",
    "java.net.ConnectException: 10.0.0.7: status 503", "a.Foo$12Error: code 5",
    "ValueError: bad utf8 0x1f x7", "OSError: 9 lives",
)  # fmt: skip
MESSAGES = (
    "order 8513 is closed", "order 8513 failed", "HTTP 503 from http://h/7", "status: 404", "exit code 137",
    "user 5 17", "9 lives",
    "GET /users/17 -> 503", "Failed to load resource: 404", "key 17",
)  # fmt: skip
URLS = (None, "/users/17?page=2", "/v2/img/7.png", "/a/1f3a9c77/x9", "https://h/{id}/8")


def _errors(rng: random.Random, count: int) -> pl.DataFrame:
    texts = [*MESSAGES, *(case[1] for case in MASK_CASES), *(case[0] for case in ERROR_TYPE_CASES)]
    rows = []
    for _ in range(count):
        cause = rng.choice(CAUSES)
        trace = rng.choice((None, JAVA, PYTHON, "no trace of 17 kinds"))
        row = {
            "message": rng.choice((*texts, cause, f"{cause} now", cause.partition(": ")[2])),
            "stack_trace": trace and trace.format(cause),
            "url": rng.choice(URLS),
            "method": rng.choice((None, "GET")),
            "status": rng.choice((None, 404, 503)),
            "level": "error",
            "kind": "log",
        }
        for column in ("message", "stack_trace", "url"):
            row[column] = row[column] and with_other_digits(row[column], rng)
            rows.append(dict(row))
    return PARSED.conform(pl.DataFrame(rows, infer_schema_length=None, schema_overrides={"status": pl.Int32}))


def _one_by_one(errors: pl.DataFrame) -> pl.DataFrame:
    """The facts without representatives and without memory."""
    reduced = reduced_lines(errors["message"])
    frame = errors.with_columns(reduced.alias("reduced"), plain_templates(reduced).alias("template"))
    return _facts_of(frame.with_columns(marks())).select(pl.col(f"found_{name}").alias(name) for name in FACTS)


def _assert_same(entries: pl.DataFrame) -> None:
    found = classify_entries(entries).filter("is_error")
    alone = _one_by_one(PARSED.conform(found))
    different = [name for name in FACTS if not found[name].equals(alone[name], null_equal=True, check_names=False)]
    assert not different, found.filter(pl.Series(found[different[0]].to_list()) != alone[different[0]])


@pytest.mark.parametrize("seed", range(3))
def test_facts_of_representatives_are_those_of_each_error(seed: int) -> None:
    _assert_same(_errors(random.Random(seed), 400))


@needs_real_data
@pytest.mark.real_data
@pytest.mark.parametrize("folder", ["logs/loghub", "logs/pytorch-ci", "traces/fuzzmanager", "logs/reportportal"])
def test_facts_of_real_errors(folder: str) -> None:
    frames = []
    for path in sorted((REAL_DATA / folder).rglob("*"))[:60]:
        if path.is_file():
            try:
                frames.append(read(path.read_bytes())[0])
            except SignalRejected:
                continue
    _assert_same(PARSED.conform(pl.concat(frame for frame in frames if frame.height)))
