"""What is said of a part that ends while it starts."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from signal_pipeline.errors import LocalServerFailed
from signal_pipeline.local.part import PortTaken, wait_ready

CHATTER = "".join(f"still going on {number}\n" for number in range(100))


def ended(log: Path, text: str) -> None:
    log.write_text(text)
    process = subprocess.Popen([sys.executable, "-c", "raise SystemExit(3)"])
    process.wait()
    part = SimpleNamespace(name="s3", start_seconds=5.0, is_ready=lambda: False)
    wait_ready(part, process, log)  # type: ignore[arg-type]


def test_a_taken_port_is_known_though_others_go_on_talking(tmp_path: Path) -> None:
    with pytest.raises(PortTaken, match="ended with 3"):
        ended(tmp_path / "log", f"listen tcp 127.0.0.1:18333: bind: address already in use\n{CHATTER}")


def test_any_other_end_is_told_with_the_last_lines(tmp_path: Path) -> None:
    with pytest.raises(LocalServerFailed, match="still going on 99") as caught:
        ended(tmp_path / "log", CHATTER)
    assert not isinstance(caught.value, PortTaken)
    assert "still going on 50" not in str(caught.value)
