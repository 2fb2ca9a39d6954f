"""What died or failed is an error at any level; what says nothing, and what only reads like an error, is none."""

from __future__ import annotations

import pytest

from signal_pipeline.classification.classify import classify_entries
from signal_pipeline.classification.outcome_words import OUTCOMES
from signal_pipeline.classification.plain_text import NOT_A_RECORD
from signal_pipeline.stack_traces.languages.native_access import ACCESSES, access_of
from signal_pipeline_tests.classification.frames import log_frame


def is_error(message: str, level: str | None, trace: str | None = None) -> bool:
    return bool(classify_entries(log_frame([message], level, trace))["is_error"].item())


@pytest.mark.parametrize("level", ["info", "debug", "warning", None])
def test_an_outcome_is_an_error_at_any_level(level):
    found = classify_entries(log_frame([row.example for row in OUTCOMES], level))["is_error"]
    assert [row.name for row, is_one in zip(OUTCOMES, found, strict=True) if not is_one] == []


@pytest.mark.parametrize(
    "message",
    [
        "exited: shop (exit status 1; not expected)",
        "exited: shop (terminated by SIGSEGV; not expected)",
        "gave up: shop entered FATAL state, too many start retries too quickly",
        'child 7 said into stderr: "NOTICE: PHP message: PHP Fatal error:  Uncaught Error: no cart in /srv/a.php:3"',
        "Server crashed due to an unknown error",
        'MountVolume.SetUp failed for volume "shop" : secret "bank" not found',
    ],
)
def test_a_supervised_process_that_dies_is_an_error(message):
    assert is_error(message, "info")


CALM = [
    "=== RUN   TestSays/fatal_error:_runtime", "--- PASS: TestKilled/Killed_process_7 (0.00s)",
    "ok 12 - Killed process 7", "[       OK ] Suite.assertion `a' failed (0 ms)", "✓ a.py: no space left on device",
    "test says::thread_panicked ... ok", "a.py::test_says[java.lang.OutOfMemoryError: x] PASSED [ 12%]",
    "exited: shop (exit status 0; expected)",
    "job 7 would be killed", "no assertion failed", "WARNING: process 7 exited on signal 15: file a.cc",
    "0 tests failed", "# Segmentation fault", "mountvolume.setup succeeded for volume shop",
]  # fmt: skip


@pytest.mark.parametrize("message", CALM)
def test_what_did_not_happen_is_no_outcome(message):
    assert not is_error(message, "info")


@pytest.mark.parametrize("message", ["", "   ", "-----", "*****", "+----+----+", "| | |"])
def test_a_record_that_says_nothing_is_no_error(message):
    assert not is_error(message, "error")


def test_a_trace_below_an_empty_head_is_an_error_that_says_what_it_is():
    row = classify_entries(log_frame([""], "error", "the shop wrote this\ncannot go on without it")).row(0, named=True)
    assert row["is_error"]
    assert row["template"] == "cannot go on without it"


def test_names_of_settings_are_no_errors():
    names = ["color.push.error", "color.transport.rejected", "add.ignoreErrors", "shop.cart.CartError", "error"]
    assert [name for name in names if is_error(name, None)] == ["shop.cart.CartError"]


def test_text_about_errors_is_no_error():
    found = classify_entries(log_frame([row.example for row in NOT_A_RECORD]))["is_error"]
    assert [row.name for row, is_one in zip(NOT_A_RECORD, found, strict=True) if is_one] == []


@pytest.mark.parametrize("row", ACCESSES, ids=lambda row: row.example[:30])
def test_the_use_of_memory_is_read_from_each_line(row):
    assert row.says in access_of([row.example])


REPORT = """==7==ERROR: AddressSanitizer: SEGV on unknown address {address} (pc 0x5559 bp 0x7ffd sp 0x7ffc T0)
==7==The signal is caused by a {access} memory access.
    #0 0x5559 in shop::Cart::add(int) /src/cart.cc:12:3
    #1 0x555a in main /src/main.cc:5:3
"""


def signature(address: str, access: str) -> object:
    text = REPORT.format(address=address, access=access)
    return classify_entries(log_frame([""], "error", text))["signature_hash"].item()


def test_read_and_write_null_and_wild_are_different_crashes():
    null_read = signature("0x000000000010", "READ")
    assert null_read == signature("0x000000000020", "READ")
    assert len({null_read, signature("0x000000000010", "WRITE"), signature("0x7f3a12345678", "READ")}) == 3
