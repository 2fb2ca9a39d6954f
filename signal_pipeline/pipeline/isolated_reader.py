"""Reading raw files in a process of their own, with bounds on memory and processor time.

For files whose report was in a run that died: whatever it was that killed the run then kills that process alone, and
the file in its hands has an outcome. To start the process costs half a second, so it goes on with the next file, until
one was large or has killed it.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import IO, Any

from signal_pipeline.errors import RejectionCode
from signal_pipeline.frames import HeldFrame, spool
from signal_pipeline.limits import Limits
from signal_pipeline.parsing.outcome import SignalOutcome
from signal_pipeline.pipeline.reading import RawFile, read_here
from signal_pipeline.redaction.redactor import Redactor

# The child also has to start, and its own deadline should come first.
PATIENCE_SECONDS = 30.0
# What a larger file leaves behind in the memory of the process could be taken for the next file's.
LARGEST_FILE_BEFORE_ANOTHER = 1024 * 1024


class IsolatedReader:
    """Asks one child after the other. For one thread; a fork of this process must not use it."""

    def __init__(self, key: bytes, limits: Limits) -> None:
        self._key, self._limits = key, limits
        self._child: subprocess.Popen[bytes] | None = None

    def read(self, raw: RawFile, target: Path) -> tuple[SignalOutcome, HeldFrame | None]:
        """As `read_here`, with a file at `target`. The child's death is an outcome: `resource` or `timeout`."""
        order = {
            "raw": asdict(raw) | {"path": str(raw.path)},
            "target": str(target),
            "key": self._key.hex(),
            "limits": asdict(self._limits),
        }
        is_small = raw.path.stat().st_size <= LARGEST_FILE_BEFORE_ANOTHER
        may_go_on = False
        try:
            answer = self._asked(json.dumps(order).encode() + b"\n", self._limits.max_read_seconds + PATIENCE_SECONDS)
            outcome, frame = _reply_of(answer, raw.kind, target)
            may_go_on = is_small and frame is not None
        except TimeoutError:
            outcome, frame = SignalOutcome.failed(raw.kind, RejectionCode.TIMEOUT), None
        finally:
            if not may_go_on:
                self.close()
        return outcome, frame

    def _asked(self, order: bytes, seconds: float) -> bytes:
        """The child's answer, or less when it died over it."""
        sending, receiving = self._pipes()
        try:
            sending.write(order)
        except BrokenPipeError:  # it died between two files, and not of this one
            self.close()
            sending, receiving = self._pipes()
            with suppress(BrokenPipeError):
                sending.write(order)
        return _line(receiving, seconds)

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        if self._child is None:
            self._child = subprocess.Popen(
                [sys.executable, "-P", "-m", "signal_pipeline.pipeline.isolated_reader_main"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
                env={name: value for name, value in os.environ.items() if name in ("PATH", "PYTHONPATH", "LANG", "TZ")},
            )
        sending, receiving = self._child.stdin, self._child.stdout
        assert sending is not None
        assert receiving is not None
        return sending, receiving

    def close(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.wait()
            for pipe in (child.stdin, child.stdout):
                if pipe is not None:
                    pipe.close()


def _line(stream: IO[bytes], seconds: float) -> bytes:
    """Up to the end of a line, or of the stream. Raises TimeoutError."""
    ends = time.monotonic() + seconds
    ready = select.poll()
    ready.register(stream, select.POLLIN)
    line = b""
    while not line.endswith(b"\n"):
        if not ready.poll(max(0.0, ends - time.monotonic()) * 1000):
            raise TimeoutError
        if not (chunk := os.read(stream.fileno(), 65536)):
            break
        line += chunk
    return line


def _reply_of(answer: bytes, kind: str, target: Path) -> tuple[SignalOutcome, HeldFrame | None]:
    try:
        reply: dict[str, Any] = json.loads(answer)
        outcome = SignalOutcome(**reply["outcome"] | {"reasons": tuple(reply["outcome"]["reasons"])})
        return outcome, HeldFrame(int(reply["rows"]), target)
    except (ValueError, KeyError, TypeError):
        return SignalOutcome.failed(kind, RejectionCode.RESOURCE), None


def answer_of(order: dict[str, Any]) -> dict[str, Any]:
    """What the child does with what `IsolatedReader` asks of it."""
    raw = RawFile(**order["raw"] | {"path": Path(order["raw"]["path"])})
    limits = replace(Limits(), **order["limits"])
    outcome, frame = read_here(raw, Path(order["target"]), Redactor(bytes.fromhex(order["key"])), limits, spool)
    return {"outcome": asdict(outcome), "rows": frame.rows}
