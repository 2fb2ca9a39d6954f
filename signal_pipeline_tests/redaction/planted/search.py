"""Runs planted files through the real readers and looks for what was planted in everything that comes out."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from signal_pipeline.parsing import parse_har, parse_log
from signal_pipeline.redaction.redactor import Redactor
from signal_pipeline_tests.redaction.leak_search import Leak, find_leaks
from signal_pipeline_tests.redaction.planted.plant import Planted, har_file, log_files, planted

_SEPARATORS = str.maketrans("", "", " .-/()")


def written(frame: pl.DataFrame) -> bytes:
    """Every value of every column that can hold text."""
    kept = (
        str(value)
        for name, kind in frame.schema.items()
        if not (kind.is_numeric() or kind.is_temporal() or kind == pl.Boolean)
        for value in frame[name].unique().to_list()
        if value is not None
    )
    return "\n".join(kept).encode()


def read_all(seed: int, folder: Path) -> list[tuple[str, bytes, list[Planted]]]:
    """What each planted file becomes, and what was planted in it: logs, a HAR, titles and file names."""
    out = []
    for name, (data, rows) in log_files(seed).items():
        path = folder / f"{name}-{seed}.log"
        path.write_bytes(data)
        out.append((name, written(parse_log(path)), rows))
    data, rows = har_file(seed)
    path = folder / f"{seed}.har"
    path.write_bytes(data)
    out.append(("har", written(parse_har(path)), rows))
    redactor, rows = Redactor(b"a key for tests"), list(planted(seed))
    out.append(("title", "\n".join(redactor.text(row.text) for row in rows).encode(), rows))
    names = (
        redactor.text(f"{row.text}.log") for row in rows if len(row.text) < 150 and not set(row.text) & set("/:<>")
    )
    out.append(("file name", "\n".join(names).encode(), rows))
    return out


def leaked(data: bytes, rows: list[Planted]) -> list[tuple[Planted, Leak]]:
    """What was found again, each canary once; numbers also without their separators."""
    by_place = {(row.canary.secret, row.canary.position, row.canary.encoding, row.canary.value): row for row in rows}
    found: dict[str, tuple[Planted, Leak]] = {}
    for row in by_place.values():
        compact = row.canary.value.translate(_SEPARATORS).encode()
        if len(compact) >= 8 and (compact in data or row.canary.value.encode() in data):
            canary = row.canary
            found[canary.value] = (row, Leak(canary.secret, canary.position, canary.encoding, "compact"))
    for row in by_place.values():
        if row.canary.value in found:
            continue
        for leak in find_leaks(data, [row.canary]):
            found[row.canary.value] = (row, leak)
    return list(found.values())
