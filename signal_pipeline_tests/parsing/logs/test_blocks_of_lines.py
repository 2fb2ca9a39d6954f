"""Reports of several lines are one record, also among other records and after the stamps of a runtime."""

from __future__ import annotations

import pytest

from signal_pipeline.parsing.logs.formats.block_kinds import BLOCK_KINDS, NOTE_KINDS
from signal_pipeline_tests.parsing.logs.reading import records

BEFORE = "2024-03-01 10:00:00,123 INFO shop.cart - going on\n"
STAMP = "2024-03-01T10:00:00.123456789Z "
TEXTS = [kind for kind in BLOCK_KINDS if not kind.format and kind.name != "otp"]
TELLING = [kind for kind in TEXTS if kind.is_telling]


@pytest.mark.parametrize("kind", BLOCK_KINDS, ids=[kind.name for kind in BLOCK_KINDS])
def test_alone(kind):
    assert [record["line_count"] for record in records(kind.example + "\n")] == [len(kind.example.strip().split("\n"))]


@pytest.mark.parametrize("kind", TEXTS, ids=[kind.name for kind in TEXTS])
def test_among_records(kind):
    found = records(3 * BEFORE + kind.example.rstrip() + "\n" + 3 * BEFORE)
    assert [record["line_count"] for record in found] == [1, 1, 1, len(kind.example.strip().split("\n")), 1, 1, 1]


@pytest.mark.parametrize("kind", TELLING, ids=[kind.name for kind in TELLING])
def test_behind_stamps(kind):
    lines = [STAMP + line for line in (BEFORE + kind.example.rstrip() + "\n" + 3 * BEFORE).rstrip("\n").split("\n")]
    found = records("\n".join(lines) + "\n")
    assert [record["line_count"] for record in found] == [1, len(kind.example.strip().split("\n")), 1, 1, 1]


# name, text, what the records say, and how many lines each has
SAID = [
    (
        "two failed tests",
        "=== FAILURES ===\n___ test_a ___\n\n>   assert 1 == 2\nE   assert 1 == 2\n\na.py:2: AssertionError\n___ te"
        "st_b ___\n\n"
        ">   raise KeyError('a')\nE   KeyError: 'a'\n\na.py:5: KeyError\n=== short test summary info ===\nFAILED a."
        "py::test_a\n"
        "FAILED a.py::test_b\n=== 2 failed in 0.1s ===\n",
        [("=== FAILURES ===", 1), ("assert 1 == 2", 6), ("KeyError: 'a'", 10)],
    ),
    (
        "two suites",
        "FAIL src/a.test.js\n  ● Cart › adds\n\n    bad\n\n  ● Cart › drops\n\n    worse\n\nTests: 2 failed\n",
        [("● Cart › adds", 4), ("● Cart › drops", 3), ("Tests: 2 failed", 1)],
    ),
    (
        "failures that a run repeats at its end",
        "FAIL src/a.test.js\n  ● Cart › adds\n\n    bad\n\nSummary of all failing tests\nFAIL src/a.test.js\n"
        "  ● Cart › adds\n\n    bad\n\nTest Suites: 1 failed\n",
        [("● Cart › adds", 4), ("Summary of all failing tests", 5), ("Test Suites: 1 failed", 1)],
    ),
    (
        "an alert log in markup",
        "<msg time='2024-03-01T10:00:00.123+01:00' org_id='oracle'\n pid='7'>\n <txt>Thread 1 advanced\n </txt>\n"
        "</msg>\n<msg time='2024-03-01T10:00:01.123+01:00' org_id='oracle'\n pid='7'>\n"
        " <txt>Errors in file /u01/a.trc:\nORA-00600: internal error code\n </txt>\n</msg>\n",
        [("Thread 1 advanced", 5), ("ORA-00600: internal error code", 6)],
    ),
    (
        "a game server that crashed",
        "[10:00:00] models: 7\n[10:00:01] [debug] Server crashed due to an unknown error\n"
        "[10:00:01] [debug] Native backtrace:\n[10:00:01] [debug] #0 f7484e8b in add () from plugins/shop.so\n",
        [("models: 7", 1), ("Server crashed due to an unknown error", 3)],
    ),
    (
        "two codes of npm",
        "npm ERR! code E404\nnpm ERR! 404 Not Found\nnpm ERR! code E401\nnpm ERR! Incorrect password\n",
        [("code E404", 2), ("code E401", 2)],
    ),
    (
        "statements of two sessions of a database",
        "2024-03-01 10:00:00.000 UTC [7] ERROR:  column a does not exist\n"
        "2024-03-01 10:00:00.000 UTC [8] LOG:  connection received\n"
        "2024-03-01 10:00:00.000 UTC [7] STATEMENT:  SELECT a\n",
        [("column a does not exist", 3), ("connection received", 1)],
    ),
    (
        "a panic of one line",
        "thread 'main' panicked at 'bad', src/a.rs:3:5\nnote: run with `RUST_BACKTRACE=1`\nbye\n",
        [("thread 'main' panicked at 'bad', src/a.rs:3:5", 2), ("bye", 1)],
    ),
    (
        "a kernel's report among other programs",
        "Mar  1 10:00:00 web1 kernel: shop invoked oom-killer: gfp_mask=0x1\nMar  1 10:00:00 web1 sshd[7]: Accepted"
        " key\n"
        "Mar  1 10:00:00 web1 kernel: Out of memory: Killed process 7 (shop) total-vm:1kB\n"
        "Mar  1 10:00:01 web1 kernel: eth0: link up\n",
        [
            ("Out of memory: Killed process 7 (shop) total-vm:1kB", 3),
            ("Accepted key", 1),
            ("eth0: link up", 1),
        ],
    ),
    (
        "two errors of one request",
        "F, [2024-03-01T10:00:00.123456 #7] FATAL -- : [9f] \nF, [2024-03-01T10:00:00.123457 #7] FATAL -- : [9f] Ke"
        "yError (a):\n"
        "F, [2024-03-01T10:00:00.123458 #7] FATAL -- : [9f] app/a.rb:1:in `b'\n"
        "F, [2024-03-01T10:00:00.123459 #7] FATAL -- : [9f] IndexError (c):\n"
        "F, [2024-03-01T10:00:00.123460 #7] FATAL -- : [9f] app/d.rb:1:in `e'\n",
        [("KeyError (a):", 3), ("IndexError (c):", 2)],
    ),
    (
        "help below a failed goal",
        "[ERROR] Failed to execute goal a:b\n[ERROR] /a/B.java:[3,5] cannot find symbol\n[ERROR]   symbol: class C"
        "\n[ERROR] \n"
        "[ERROR] To see the full stack trace of the errors, re-run Maven with the -e switch.\n[INFO] bye\n",
        [("Failed to execute goal a:b", 1), ("/a/B.java:[3,5] cannot find symbol", 4), ("bye", 1)],
    ),
]


@pytest.mark.parametrize(("text", "expected"), [case[1:] for case in SAID], ids=[case[0] for case in SAID])
def test_what_is_said(text, expected):
    assert [(record["message"].strip(), record["line_count"]) for record in records(text)] == expected


def test_notes_belong_to_the_record_before():
    for kind in NOTE_KINDS:
        first = kind.example.replace("STATEMENT:  SELECT 1", "ERROR:  bad")
        first = first.replace("[Help 1]", "Failed to execute goal a").replace("    in Cart (at App.js:12)", "bad")
        assert [record["line_count"] for record in records(f"{first}\n{kind.example}\n")] == [2]


def test_time_of_a_report():
    kind = next(kind for kind in BLOCK_KINDS if kind.name == "minecraft-crash")
    assert records(kind.example)[0]["timestamp"].isoformat() == "2024-03-01T10:00:00+00:00"
