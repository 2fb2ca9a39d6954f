"""Labelled lines of systems whose labelled logs are not at hand: templates of other_systems.txt, filled with values.

They say how masks and batch step do on what they were not chosen on. Deterministic: the same lines in every run.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("other_systems.txt")
_KIND = re.compile(r"\{([A-Za-z]+)([0-9]*)\}")
_SYSTEM = re.compile(r"\[([a-z]+)\]$")
_LINES_PER_TEMPLATE = (1, 2, 12, 36)
_HEX = "0123456789abcdef"


def _run(rng: random.Random, alphabet: str, size: int) -> str:
    return "".join(rng.choice(alphabet) for _ in range(size))


def _path(rng: random.Random) -> str:
    folders = [rng.choice(("p", "gb2", "home", "scratch", "var", "opt", "draeger1")) for _ in range(rng.randint(2, 4))]
    return "/" + "/".join(folders) + "/" + rng.choice(("a.out", "run.sh", "raptor.x", "app.128"))


_HOSTS = ("proxy.cse.example.edu.hk", "play.example.com", "get.example.net", "update.example.org", "183.61.49.149")
_KINDS: dict[str, Callable[[random.Random], str]] = {
    "n": lambda rng: str(rng.randint(0, 10 ** rng.randint(1, 5))),
    "N": lambda rng: str(rng.randint(10**8, 10**12)),
    "f": lambda rng: f"{rng.randint(0, 99)}.{rng.randint(1, 999)}",
    "ip": lambda rng: ".".join(str(rng.randint(1, 254)) for _ in range(4)),
    "mac": lambda rng: ":".join(_run(rng, _HEX, 2) for _ in range(6)),
    "host": lambda rng: rng.choice(_HOSTS),
    "path": _path,
    "user": lambda rng: rng.choice(("root", "ada", "bob", "tbird")),
    "letter": lambda rng: rng.choice("ABCD"),
    "axis": lambda rng: rng.choice(("x+", "x-", "y+", "z-")),
    "nic": lambda rng: rng.choice(("alt0", "ee0", "scip0")),
    "class": lambda rng: rng.choice(("JobEvent", "TaskEvent", "TaskAttemptEvent", "JobFinishEvent")),
}


@cache
def systems() -> dict[str, list[str]]:
    """System to its templates."""
    found: dict[str, list[str]] = {}
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        if name := _SYSTEM.match(line):
            current = found.setdefault(name[1], [])
        elif line and not line.startswith("#"):
            current.append(line)
    return found


def labelled_lines(system: str) -> tuple[list[str], list[str]]:
    """Lines, and the template of each."""
    rng = random.Random(system)
    rows = [
        (_KIND.sub(lambda kind: _value(rng, kind[1], kind[2]), template), template)
        for template in systems()[system]
        for _ in range(rng.choice(_LINES_PER_TEMPLATE))
    ]
    rng.shuffle(rows)
    return [line for line, _ in rows], [template for _, template in rows]


def _value(rng: random.Random, kind: str, size: str) -> str:
    if size:
        digits = _run(rng, _HEX, int(size))
        return digits.upper() if kind == "X" else digits
    return _KINDS[kind](rng)
