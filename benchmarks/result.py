"""How a benchmark reports: a table for the reader and one JSON file for whoever compares runs.

Only the form of a result lives here; what is measured lives in the benchmark's own module.
"""

from __future__ import annotations

import json
import math
import os
import platform
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rich.console import Console
from rich.table import Table

RESULTS_DIR = Path(__file__).resolve().parent / "results"
_WIDTH_OF_FILES = 200
"""Into a file or a pipe each figure is one line, so that names can be searched for."""


@dataclass(frozen=True)
class Figure:
    """One measured number. `target` and the peer are None where there is none; `better` says which way is good."""

    value: float
    target: float | None
    better: Literal["higher", "lower"]
    unit: str
    peer_name: str | None = None
    peer_value: float | None = None

    @property
    def met(self) -> bool | None:
        """Whether the target holds; None where there is no target."""
        if self.target is None:
            return None
        return self.value >= self.target if self.better == "higher" else self.value <= self.target


def write_result(name: str, figures: dict[str, Figure]) -> Path:
    """Print `figures` as a table and write `results/<name>.json` atomically. Returns the file's path.

    Raises ValueError when a value is not finite: such a figure means that the benchmark did not run.
    """
    for metric, figure in figures.items():
        if not math.isfinite(figure.value):
            raise ValueError(f"benchmark {name}: figure {metric} is {figure.value}")
    _print_table(name, figures)
    RESULTS_DIR.mkdir(parents=True, exist_ok=True)
    path = RESULTS_DIR / f"{name}.json"
    unfinished = path.with_suffix(f".{os.getpid()}.tmp")
    content = {"figures": {metric: _as_json(f) for metric, f in figures.items()}, "machine": machine()}
    unfinished.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    unfinished.replace(path)
    return path


def _as_json(figure: Figure) -> dict[str, object]:
    peer = None if figure.peer_name is None else {"name": figure.peer_name, "value": figure.peer_value}
    return {
        "value": figure.value,
        "target": figure.target,
        "better": figure.better,
        "unit": figure.unit,
        "peer": peer,
    }


def _print_table(name: str, figures: dict[str, Figure]) -> None:
    table = Table(title=f"benchmark: {name}")
    for column in ("metric", "value", "unit", "target", "met", "peer"):
        table.add_column(column, justify="right" if column in ("value", "target") else "left", overflow="fold")
    for metric, figure in figures.items():
        sign = ">=" if figure.better == "higher" else "<="
        target = "" if figure.target is None else f"{sign} {figure.target:g}"
        met = {True: "yes", False: "NO", None: ""}[figure.met]
        peer = "" if figure.peer_name is None else f"{figure.peer_name}: {_short(figure.peer_value)}"
        table.add_row(metric, _short(figure.value), figure.unit, target, met, peer)
    console = Console()
    if not console.is_terminal:
        console = Console(width=_WIDTH_OF_FILES)
    console.print(table)


def _short(value: float | None) -> str:
    return "" if value is None else f"{value:,.4g}" if abs(value) < 10_000 else f"{value:,.0f}"


def machine() -> dict[str, object]:
    """The machine that measured: CPU model, cores, memory (MB), Python and platform."""
    return {
        "cpu": _cpu_model(),
        "cores": os.cpu_count(),
        "memory_mb": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // (1024 * 1024),
        "python": platform.python_version(),
        "platform": platform.platform(),
    }


def _cpu_model() -> str:
    info = Path("/proc/cpuinfo")
    if info.is_file():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
