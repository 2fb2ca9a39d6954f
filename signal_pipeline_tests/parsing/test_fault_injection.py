"""An exception that nobody expects, raised in each step of reading and of classifying: it costs one entry at the most.

The steps raise when they are given a text with POISON in it, as a mistake in the code would for one odd value.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import polars as pl
import pytest
from polars.exceptions import PanicException

from signal_pipeline.classification import classify, error_facts
from signal_pipeline.classification.classify import classify_entries
from signal_pipeline.fault_isolation import done_apart
from signal_pipeline.parsing import signal_reader
from signal_pipeline.parsing.har import frame as har_frame
from signal_pipeline.parsing.har import reader as har_reader
from signal_pipeline.parsing.logs import reader as log_reader
from signal_pipeline.parsing.outcome import SignalOutcome
from signal_pipeline.parsing.signal_reader import read_signal
from signal_pipeline.redaction.redactor import Redactor
from signal_pipeline.schemas import PARSED
from signal_pipeline.text_shapes.memo import Memoized
from signal_pipeline_tests.parsing.har.samples import entry, har_bytes
from signal_pipeline_tests.parsing.test_containers import zipped

POISON = "quagga"
GOOD, BAD = "ERROR shop.Cart - cart {} is empty", f"ERROR shop.Cart - {POISON} is loose"
LINES = [f"2026-03-01 10:00:{at:02d},000 {BAD if at == 17 else GOOD.format(at)}" for at in range(40)]
LOG = "\n".join(LINES).encode() + b"\n"
HAR = har_bytes(*(entry(f"https://shop.example/{POISON if at == 3 else 'cart'}/{at}", 500) for at in range(9)))
FAULTS = [KeyError(POISON), PanicException(POISON)]


class Unlucky(Exception):
    """A mistake in the code."""


def holds(value: object) -> bool:
    if isinstance(value, pl.DataFrame):
        return any(holds(value[name]) for name, dtype in value.schema.items() if dtype == pl.String)
    if isinstance(value, pl.Series):
        return bool(value.cast(pl.String).str.contains(POISON).any())
    text = getattr(value, "text", None)
    if isinstance(text, pl.Series):
        return holds(text)
    return POISON in str(value)


def raise_in(monkeypatch: pytest.MonkeyPatch, module: ModuleType, step: str, fault: BaseException) -> None:
    work: Callable[..., Any] = getattr(module, step)

    def unlucky(*args: Any, **kwargs: Any) -> Any:
        if any(holds(argument) for argument in args):
            raise fault
        return work(*args, **kwargs)

    monkeypatch.setattr(module, step, unlucky)


def read(path: Path) -> tuple[pl.DataFrame, SignalOutcome]:
    reading = read_signal(path, redactor=Redactor(b"k" * 32))
    frames = list(reading)
    return pl.concat([PARSED.empty(), *frames]), reading.outcome


@pytest.mark.parametrize("fault", FAULTS, ids=["exception", "panic"])
@pytest.mark.parametrize(
    "step", ["unwrap", "read_heads", "assemble", "tell", "with_console_requests", "with_context", "redact", "cap"]
)
def test_a_step_of_reading_a_log_costs_the_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, step: str, fault: BaseException
) -> None:
    raise_in(monkeypatch, log_reader, step, fault)
    (tmp_path / "a.log").write_bytes(LOG)
    with caplog.at_level(logging.ERROR, "signal_pipeline"):
        frame, outcome = read(tmp_path / "a.log")
    assert frame["line_number"].to_list() == [number for number in range(1, 41) if number != 18]
    assert (outcome.status, outcome.reasons, outcome.entries) == ("partial", ("internal_error",), 39)
    assert "internal error in reading log records" in caplog.text
    assert POISON not in caplog.text, "the exception's own text may quote the file"


@pytest.mark.parametrize("fault", FAULTS, ids=["exception", "panic"])
@pytest.mark.parametrize(
    ("module", "step"),
    [
        (har_reader, "decode_entry"),
        (har_reader, "facts_of"),
        (har_frame, "cleaned"),
        (har_frame, "redacted_urls"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_step_of_reading_a_har_costs_the_entry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: ModuleType, step: str, fault: BaseException
) -> None:
    raise_in(monkeypatch, module, step, fault)
    (tmp_path / "a.har").write_bytes(HAR)
    frame, outcome = read(tmp_path / "a.har")
    assert frame["entry_index"].to_list() == [0, 1, 2, 4, 5, 6, 7, 8]
    assert frame["ordinal"].to_list() == list(range(8))
    assert (outcome.status, outcome.entries) == ("partial", 8)
    assert "internal_error" in outcome.reasons


CLASSIFYING = [
    (classify, "reduced_lines"), (classify, "plain_templates"), (classify, "template_ids"), (classify, "_is_error"),
    (classify, "_with_error_facts"), (error_facts, "with_representatives"), (error_facts, "root_causes"),
    (error_facts, "trace_facts"), (error_facts, "_subjects"),
    (error_facts, "_facts"), (error_facts, "_signatures"),
]  # fmt: skip


def forget(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is remembered would keep a step from being asked."""
    for module in (classify, error_facts):
        for name, value in list(vars(module).items()):
            if isinstance(value, Memoized):
                monkeypatch.setattr(module, name, Memoized(value._function))


@pytest.mark.parametrize(("module", "step"), CLASSIFYING, ids=[step for _, step in CLASSIFYING])
def test_a_step_of_classifying_costs_what_is_known_of_one_entry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: ModuleType, step: str
) -> None:
    (tmp_path / "a.log").write_bytes(LOG)
    frame, _ = read(tmp_path / "a.log")
    expected = classify_entries(frame)
    raise_in(monkeypatch, module, step, Unlucky(POISON))
    forget(monkeypatch)
    found = classify_entries(frame)
    is_bad = pl.col("message").str.contains(POISON)
    assert found.filter(~is_bad).equals(expected.filter(~is_bad))
    bad = found.filter(is_bad).row(0, named=True)
    assert bad["is_error"], "its level says so"
    assert (bad["error_type"], bad["flags"]) == ("GenericError", "unclassified")


def test_a_fault_that_the_halves_do_not_have_costs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.log").write_bytes(LOG)
    frame, _ = read(tmp_path / "a.log")
    expected = classify_entries(frame)
    known = classify._classified

    def of_some(some: pl.DataFrame) -> pl.DataFrame:
        if some.height == frame.height:
            raise Unlucky
        return known(some)

    monkeypatch.setattr(classify, "_classified", of_some)
    assert classify_entries(frame).equals(expected)


def test_a_fault_before_the_first_record_costs_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raise_in(monkeypatch, log_reader, "plan_for", Unlucky(POISON))
    (tmp_path / "a.log").write_bytes(LOG)
    frame, outcome = read(tmp_path / "a.log")
    assert frame.is_empty()
    assert (outcome.status, outcome.reasons) == ("failed", ("internal_error",))


@pytest.mark.parametrize("step", ["sniff", "open_members", "_sha256"])
def test_a_fault_around_the_parsers_costs_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    def unlucky(*_: Any) -> Any:
        raise Unlucky

    monkeypatch.setattr(signal_reader, step, unlucky)
    (tmp_path / "a.log").write_bytes(LOG)
    _, outcome = read(tmp_path / "a.log")
    assert (outcome.status, outcome.reasons) == ("failed", ("internal_error",))


def test_a_fault_in_a_file_of_an_archive_leaves_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raise_in(monkeypatch, log_reader, "plan_for", Unlucky(POISON))
    good = LOG.replace(POISON.encode(), b"horse")
    (tmp_path / "a.zip").write_bytes(zipped({"a.log": good, "b.log": LOG, "c.log": good}))
    frame, outcome = read(tmp_path / "a.zip")
    assert frame["member"].unique(maintain_order=True).to_list() == ["a.log", "c.log"]
    assert (outcome.status, outcome.reasons, outcome.entries) == ("partial", ("internal_error",), 80)


def test_where_everything_fails_not_everything_is_tried() -> None:
    asked = []

    def never(some: list[int]) -> int:
        asked.append(len(some))
        raise Unlucky

    done, lost = done_apart(list(range(100_000)), 100_000, lambda s, a, b: s[a:b], never, lambda _: None, what="x")
    assert (done, lost) == ([], 100_000)
    assert len(asked) < 200


def test_what_is_raised_on_purpose_goes_on() -> None:
    def full(_: list[int]) -> int:
        raise MemoryError

    with pytest.raises(MemoryError):
        done_apart([1], 1, lambda s, a, b: s[a:b], full, lambda _: None, what="x")
