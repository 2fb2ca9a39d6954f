"""`signal-pipeline events check`: which files are fine, and what is said of the others."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from signal_pipeline.cli.events import app

ORDER = {"specversion": "1.0", "id": "e1", "source": "/shop", "type": "cart.opened", "time": "2024-03-01T10:00:00Z"}
LINE = json.dumps(ORDER).encode() + b"\n"
# Content, exit code, what is said.
FILES = {
    "an event": (LINE, 0, "1 event;"),
    "an event in gzip": (gzip.compress(LINE), 0, "1 event;"),
    "gzip that is cut": (gzip.compress(LINE)[:-12], 2, "damaged gzip"),
    "no gzip behind its first bytes": (b"\x1f\x8b" + LINE, 2, "damaged gzip"),
    "a log": (b"2026-03-01 10:00:00 ERROR it broke\n", 1, "no event was found"),
    "nothing": (b"", 1, "no event was found"),
}


@pytest.mark.parametrize(("content", "code", "said"), FILES.values(), ids=FILES.keys())
def test_a_file(tmp_path: Path, content: bytes, code: int, said: str) -> None:
    path = tmp_path / "events"
    path.write_bytes(content)
    found = CliRunner().invoke(app, ["check", str(path)], env={"COLUMNS": "200"})
    assert (found.exit_code, said in " ".join(found.output.split())) == (code, True), found.output
