"""Stories that are written as text, one file of `scripts` for each kind of system: a line for what a program wrote.

    == NAME                         begins a story
    files: FILE FORMAT, …           formats are functions of `formats`
    root: FILE [FILE] | TEXT        one fault (see `story.Truth`); without a file nothing shows it
    AT FILE LEVEL LOGGER@THREAD [id=value] | MESSAGE
        lines of a trace, indented by four blanks
    AT http METHOD URL STATUS MILLISECONDS [id=value] | BODY, or the browser's error

`AT` is in seconds; `30x4/2.5` is at 30 and three times more, each 2.5 s later. `{n}` is the number of the time, from 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from benchmarks.systems import formats
from benchmarks.systems.story import Story, Truth

SCRIPTS = Path(__file__).parent / "scripts"
_AT = re.compile(r"^(\d+(?:\.\d+)?)(?:x(\d+)/(\d+(?:\.\d+)?))?$")
_IDS = re.compile(r"\[(\w[\w-]*=[^\]\s]+(?: \w[\w-]*=[^\]\s]+)*)\]\s*$")
_TRACE = "    "


def stories(name: str) -> Iterator[Story]:
    """Those of `scripts/<name>.txt`."""
    lines = [line for line in (SCRIPTS / f"{name}.txt").read_text(encoding="utf-8").splitlines() if line.strip()]
    starts = [at for at, line in enumerate(lines) if line.startswith("== ")]
    for begin, end in pairwise([*starts, len(lines)]):
        yield _story(f"{name}/{lines[begin][3:].strip()}", lines[begin + 1 : end])


def _story(name: str, lines: Sequence[str]) -> Story:
    story = Story(name, {})
    at = 0
    while at < len(lines):
        line, at = lines[at], at + 1
        trace = []
        while at < len(lines) and lines[at].startswith(_TRACE):
            trace.append(lines[at][len(_TRACE) :])
            at += 1
        if line.startswith("files:"):
            named = (one.split() for one in line[6:].split(","))
            story.renders = {file: getattr(formats, form) for file, form in named}
        elif line.startswith("root:"):
            files, _, text = line[5:].partition("|")
            story.truths.append(Truth(tuple(files.split()), text.strip()))
        else:
            _write(story, line, "\n".join(trace))
    return story


def _write(story: Story, line: str, trace: str) -> None:
    head, _, message = line.removesuffix(" |").partition(" | ")
    found = _IDS.search(head)
    ids = dict(pair.split("=", 1) for pair in found.group(1).split()) if found else {}
    when, *words = (head[: found.start()] if found else head).split()
    match = _AT.match(when)
    if match is None:
        raise ValueError(f"{story.name}: {line!r} begins with no time")
    first, times, every = match.groups()
    for number in range(int(times or 1)):
        moment = float(first) + number * float(every or 0)
        named = {key: value.replace("{n}", str(number)) for key, value in ids.items()}
        said = message.replace("{n}", str(number))
        if words[0] == "http":
            _request(story, moment, [word.replace("{n}", str(number)) for word in words[1:]], named, said)
        else:
            file, level = words[:2]
            source = " ".join(words[2:])
            logger, _, thread = source.replace("{n}", str(number)).partition("@")
            below = trace.replace("{n}", str(number))
            story.log(file, moment, level, logger, said, below, thread=thread, ids=named)


def _request(story: Story, at: float, words: Sequence[str], ids: dict[str, str], said: str) -> None:
    method, url, status, took = words
    error = said if said.startswith("net::") else None
    story.request(at, method, url, int(status), float(took), error=error, body="" if error else said, ids=ids)
