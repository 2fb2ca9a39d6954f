"""Names of files as they are shown: the extension stays, and masked ones are kept apart."""

from __future__ import annotations

import pytest

from signal_pipeline.redaction.redactor import Redactor

REDACTOR = Redactor(b"a key for tests")
KEY = "q7ZkP0aB3xYv9LmNq7ZkP0aB"


@pytest.mark.parametrize(
    "name", ["checkout.har", "timed_out@5b32.har", "icon@2x.png.log", "server.log.1.gz", "no extension"]
)
def test_names_without_a_secret_are_shown(name: str) -> None:
    assert REDACTOR.file_name(name, 200) == name


@pytest.mark.parametrize(
    ("name", "secret", "extension"),
    [
        ("alice@example.com.har", "alice", ".har"),
        ("alice@example.zip", "alice", ".zip"),
        ("alice@example.com", "alice", ""),
        (f"session-{KEY}.log.gz", KEY, ".log.gz"),
        ("password=hunter2.log", "hunter2", ".log"),
        (f"{KEY}.{KEY}", KEY, ""),
        ("logs/alice@example.com/server.log", "alice", ".log"),
    ],
)
def test_a_masked_stem_keeps_its_extension(name: str, secret: str, extension: str) -> None:
    shown = REDACTOR.file_name(name, 200)
    assert secret not in shown and shown.endswith(extension) and shown != name


def test_masked_names_are_kept_apart() -> None:
    shown = [REDACTOR.file_name(f"password={word}.har", 200) for word in ("hunter2", "hunter3", "hunter2")]
    assert shown[0] == shown[2] != shown[1]


def test_a_long_name_is_cut_before_its_extension() -> None:
    assert REDACTOR.file_name("x " * 300 + ".har", 50) == ("x " * 300)[:46] + ".har"
    assert len(REDACTOR.file_name("password=abc " + "y " * 300 + ".har", 50)) == 50
