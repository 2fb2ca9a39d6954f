"""Every crash point is in the code, once, and does nothing unless it is asked for."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

import signal_pipeline
from signal_pipeline.crashpoints import CRASHPOINTS, EVENT_CRASHPOINTS

PACKAGE = Path(signal_pipeline.__file__).parent
TRY = "from signal_pipeline.crashpoints import crashpoint; [crashpoint(n) for n in ('a', 'b', 'a')]; print('alive')"


def test_each_stands_in_the_code_once() -> None:
    found = Counter(
        name
        for path in PACKAGE.rglob("*.py")
        for name in re.findall(r'^\s+crashpoint\("(\w+)"\)', path.read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert found == Counter([*CRASHPOINTS, *EVENT_CRASHPOINTS])


@pytest.mark.parametrize(("wanted", "dies"), [("", False), ("a:1", True), ("a:2", True), ("a:3", False), ("c", False)])
def test_it_kills_at_the_pass_that_was_asked_for(wanted: str, dies: bool) -> None:
    done = subprocess.run(
        [sys.executable, "-c", TRY],
        env={**os.environ, "CRASHPOINT": wanted, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == ((-signal.SIGKILL, "") if dies else (0, "alive\n"))
