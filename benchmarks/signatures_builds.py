"""Logs of builds with the line that broke them marked: is it an error, and is it the one that a person sees first?"""

from __future__ import annotations

import tempfile
from pathlib import Path

import polars as pl

from benchmarks.labelled import DATA
from benchmarks.result import Figure
from signal_pipeline.parsing import parse_log
from signal_pipeline.schemas import SEVERITIES

MARK = "#=MATCH=# "
AMONG_TARGET, FIRST_TARGET = 0.95, 0.6


def build_logs() -> dict[str, Figure]:
    """The peer looks for the word "error", case-insensitively, as one does with grep."""
    among, first, head, peer_among, peer_first = [], [], [], [], []
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "build.log"
        for path in sorted((DATA / "logs" / "pytorch-ci").rglob("*.txt")):
            lines, marked = without_labels(path.read_text(encoding="utf-8", errors="replace"))
            if not marked:
                continue
            plain.write_text("\n".join(lines), encoding="utf-8")
            errors = parse_log(plain).filter("is_error")
            hits = _hits(errors, marked)
            among.append(any(hits))
            ranks = [SEVERITIES.index(severity) for severity in errors["severity"]]
            worst = [rank == min(ranks) for rank in ranks]
            first.append(any(hits) and (hits[0] or any(hit and bad for hit, bad in zip(hits, worst, strict=True))))
            # The strictest reading: what stands on top of the list by time, or on top by severity then time.
            head.append(any(hits) and (hits[0] or hits[worst.index(True)]))
            said = [number for number, line in enumerate(lines, 1) if "error" in line.lower()]
            peer_among.append(any(number in marked for number in said))
            peer_first.append(bool(said) and said[0] in marked)
    return {
        "breaking_line_is_an_error": _share(among, AMONG_TARGET, peer_among),
        "breaking_line_is_first_or_most_severe": _share(first, FIRST_TARGET, peer_first),
        "breaking_line_heads_the_list": _share(head, None, peer_first),
    }


def _share(found: list[bool], target: float | None, peer: list[bool]) -> Figure:
    value, other = sum(found) / len(found), sum(peer) / len(peer)
    return Figure(round(value, 4), target, "higher", "share of logs", 'lines with "error"', round(other, 4))


def _hits(errors: pl.DataFrame, marked: set[int]) -> list[bool]:
    """For each error whether it covers a marked line, or says the same as one that does."""
    spans = [(first, first + (count or 1)) for first, count in errors.select("line_number", "line_count").iter_rows()]
    covers = [any(first <= line < end for line in marked) for first, end in spans]
    signatures = errors["signature_hash"].to_list()
    same = {signature for signature, hit in zip(signatures, covers, strict=True) if hit}
    return [signature in same for signature in signatures]


def without_labels(text: str) -> tuple[list[str], set[int]]:
    """The lines of a labelled log as they were written, and the 1-based numbers of the marked ones."""
    lines: list[str] = []
    marked: set[int] = set()
    for line in text.split("\n"):
        if line.startswith("#=SOURCE=#"):
            continue
        if line.startswith(MARK):
            marked.add(len(lines) + 1)
        lines.append(line.removeprefix(MARK).replace("‹", "").replace("›", ""))
    return lines, marked
