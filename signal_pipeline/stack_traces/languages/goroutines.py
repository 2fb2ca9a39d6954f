"""Goroutine dumps: every goroutine with its state and frames. Which one failed is decided in go.py."""

from __future__ import annotations

from dataclasses import dataclass, field

from signal_pipeline.stack_traces.in_app import is_in_app
from signal_pipeline.stack_traces.linear_pattern import linear, number
from signal_pipeline.stack_traces.model import StackFrame

HEADER = linear(r"^\s*goroutine ([0-9]+)(?: gp=0x[0-9a-f]+)?(?: m=.*?)? \[([^\]]*)\]:\s*$")
ANCESTOR = linear(r"^\[originating from goroutine ([0-9]+)\]:")
ELIDED = linear(r"^\.\.\.(?:additional|[0-9]+) frames elided")
LOCATION = linear(
    r"^\s*([^\s].*?\.(?:go|s|c|cc|cpp|h|S)):([0-9]+)(?:\s+(?:\+0x[0-9a-f]+|\(0x[0-9a-f]+\)))?(?:\s+(?:fp"
    r"|sp|pc)=.*)?\s*$"
)
CALL = linear(r"^\s*((?:[^\s()]|\(\*?[^()\s]*\))*[^\s()]|panic)\((.*)\)\s*$")
PLAIN_CALL = linear(r"^([0-9A-Za-z_\-.~%]+(?:/[0-9A-Za-z_\-.~%]+)*\.(?:\(\*?[^()\s]+\)\.)?[^\s():]+)\s*$")
CREATED_BY = linear(r"^\s*created by (.+?)(?: in goroutine [0-9]+)?\s*$")
_WAIT = linear(r"^([0-9]+) minutes?$")


@dataclass
class Goroutine:
    """`wait_minutes` is how long it has been blocked; `complete` is False when a line of it made no sense."""

    id: int
    state: str
    wait_minutes: int = 0
    locked_to_thread: bool = False
    frames: list[StackFrame] = field(default_factory=list)
    created_by: StackFrame | None = None
    frames_elided: bool = False
    complete: bool = True


def split_function(qualified: str) -> tuple[str, str]:
    """`net/http.(*conn).serve` is package `net/http` and function `(*conn).serve`."""
    brackets = qualified.find("[")
    head = qualified if brackets < 0 else qualified[:brackets]
    slash = head.rfind("/")
    paren = head.find("(")
    if 0 <= paren < slash:
        slash = head.rfind("/", 0, paren)
    dot = qualified.find(".", slash + 1)
    if dot < 0:
        return "", qualified
    return qualified[:dot].replace("%2e", "."), qualified[dot + 1 :]


def go_frame(qualified: str, file: str = "", line: str | None = None) -> StackFrame:
    module, function = split_function(qualified)
    return StackFrame(
        function=function,
        module=module,
        file=file,
        line=number(line),
        in_app=is_in_app("go", module=module, function=function, file=file),
        language="go",
    )


def _header(line: str) -> Goroutine | None:
    found = HEADER.match(line)
    if found is None:
        return None
    state, *notes = [note.strip() for note in found.group(2).split(",")]
    goroutine = Goroutine(int(found.group(1)[:18]), state)
    for note in notes:
        wait = _WAIT.match(note)
        if wait is not None:
            goroutine.wait_minutes = int(wait.group(1)[:9])
        goroutine.locked_to_thread |= note == "locked to thread"
    return goroutine


class GoroutineReader:
    """Takes the lines of one goroutine, a call line and then its location line, until a blank line or a stranger."""

    def __init__(self, goroutine: Goroutine, limit: int) -> None:
        self.goroutine = goroutine
        self._limit = limit
        self._call = ""
        self._created = False
        self._ancestor = False

    def read(self, line: str) -> bool:
        """False when the line ends this goroutine."""
        location = LOCATION.match(line)
        if location is not None:
            return self._locate(location.group(1), location.group(2))
        if ELIDED.match(line):
            self.goroutine.frames_elided = True
            return True
        if ANCESTOR.match(line):
            self._ancestor = True
            return True
        created, call = CREATED_BY.match(line), CALL.match(line)
        if created is None and call is None:
            return self._stranger(line)
        if self._call:
            self.goroutine.complete = False
        self._created = created is not None
        self._call = created.group(1) if created is not None else (call.group(1) if call is not None else "")
        return True

    def _stranger(self, line: str) -> bool:
        ended = not line.strip() and not self._call
        if not ended and not self.goroutine.frames:
            self.goroutine.complete = False
        return False

    def _locate(self, file: str, line: str) -> bool:
        if not self._call:
            self.goroutine.complete = False
            return False
        frame = go_frame(self._call, file, line)
        self._call = ""
        if self._ancestor:
            return True
        if self._created:
            self.goroutine.created_by = frame
        elif len(self.goroutine.frames) < self._limit:
            self.goroutine.frames.append(frame)
        else:
            self.goroutine.frames_elided = True
        return True

    def close(self) -> None:
        if self._call or not self.goroutine.frames:
            self.goroutine.complete = False


def read_goroutines(lines: list[str], limit: int) -> list[Goroutine]:
    """All goroutines of a dump in its order. Frames beyond `limit` are counted as elided."""
    goroutines: list[Goroutine] = []
    reader: GoroutineReader | None = None
    for line in lines:
        started = _header(line)
        if started is not None:
            if reader is not None:
                reader.close()
            goroutines.append(started)
            reader = GoroutineReader(started, limit)
        elif reader is not None and not reader.read(line):
            reader.close()
            reader = None
    if reader is not None:
        reader.close()
    return goroutines
