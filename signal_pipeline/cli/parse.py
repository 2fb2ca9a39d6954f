"""`signal-pipeline parse`: one file, read, redacted and classified. Needs no server and writes no raw text."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from signal_pipeline.plural import counted
from signal_pipeline.printable import printable

if TYPE_CHECKING:
    import polars as pl
    from rich.console import Console

    from signal_pipeline.parsing.file_summary import FileSummary
    from signal_pipeline.parsing.outcome import SignalOutcome
    from signal_pipeline.parsing.signal_reader import SignalReading
    from signal_pipeline.traffic.summary import TrafficSummary

SHOWN_SIGNATURES = 20
SHOWN_COARSER = 3
SHOWN_SERVICES, SHOWN_ALERTS = 6, 10
ROWS_AT_ONCE = 16_384
_PROGRESS_FROM_BYTES = 4 * 1024 * 1024


def parse(
    file: Annotated[
        Path, typer.Argument(help="HAR, log, capture or events; gzip, zstd and zip are unpacked.", show_default=False)
    ],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write one row per entry to this Parquet file.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")] = False,
) -> None:
    """Parse one file and show its format, its errors with their places, and what was redacted."""
    if not file.is_file():
        raise typer.BadParameter(f"{printable(str(file))} is not a file", param_hint="FILE")
    if output is not None and not output.parent.is_dir():
        raise typer.BadParameter(f"{printable(str(output.parent))} is not a folder", param_hint="--output")
    if output is not None and (output.is_symlink() or output.exists()) and not output.is_file():
        # The finished file replaces what has its name: a device such as /dev/null would be gone for everybody.
        raise typer.BadParameter(f"{printable(str(output))} is not a regular file", param_hint="--output")
    from signal_pipeline.limits import DEFAULT_LIMITS
    from signal_pipeline.parsing.file_summary import FileSummary
    from signal_pipeline.parsing.signal_reader import read_signal
    from signal_pipeline.redaction.redactor import local_redactor
    from signal_pipeline.traffic.summary import TrafficSummary

    summary, traffic = FileSummary(DEFAULT_LIMITS.max_signatures), TrafficSummary()
    reading = read_signal(file, redactor=local_redactor())
    frames = _classified(_with_progress(reading, file, quiet=as_json), summary, traffic)
    coarser: dict[str, int] = {}
    if output is None:
        for _ in frames:
            pass
    else:
        coarser = _write_parquet(frames, reading, output)
    facts = _facts(file, reading.outcome, reading.sha256, summary, output)
    if facts["output"]:
        facts["coarser_templates"] = [
            {"template": printable(template), "stands_for": count} for template, count in coarser.items()
        ]
    facts["network"] = None if reading.outcome.status == "failed" else traffic.facts()
    if as_json:
        sys.stdout.write(json.dumps(facts, indent=2) + "\n")
    else:
        _show(facts)
    if reading.outcome.status == "failed":
        raise typer.Exit(1)


def _classified(
    frames: Iterator[pl.DataFrame], summary: FileSummary, traffic: TrafficSummary
) -> Iterator[pl.DataFrame]:
    from signal_pipeline.classification.classify import classify_entries

    for frame in frames:
        entries = classify_entries(frame)
        summary.add(entries)
        traffic.add(frame)
        yield entries


def _write_parquet(frames: Iterator[pl.DataFrame], reading: SignalReading, output: Path) -> dict[str, int]:
    """Streams the frames into a file that has its name only once it is whole, and not at all when reading failed.

    Returns the templates that became coarser beside their siblings, with how many each stands for."""
    from signal_pipeline.classification.seen_templates import SeenTemplates, evidence_of

    seen = SeenTemplates()

    def noted() -> Iterator[pl.DataFrame]:
        for frame in frames:
            seen.add(frame["template"])
            yield frame

    unfinished = output.with_name(f".{output.name}.{os.getpid()}.tmp")
    coarse = output.with_name(f".{output.name}.{os.getpid()}.coarse.tmp")
    try:
        _sink(noted(), unfinished)
        if coarser := seen.coarser():
            _sink(_coarser_rows(unfinished, coarser), coarse)
            coarse.replace(unfinished)
        if reading.outcome.status != "failed":
            unfinished.replace(output)
    finally:
        unfinished.unlink(missing_ok=True)
        coarse.unlink(missing_ok=True)
    return evidence_of(coarser)


def _sink(frames: Iterator[pl.DataFrame], path: Path) -> None:
    from polars.io.plugins import register_io_source

    from signal_pipeline.schemas import ENTRIES

    def source(_columns: object, _filter: object, _rows: object, _batch: object) -> Iterator[pl.DataFrame]:
        yield from frames

    register_io_source(source, schema=ENTRIES.polars).sink_parquet(
        path, compression="zstd", row_group_size=ROWS_AT_ONCE
    )


def _coarser_rows(path: Path, coarser: dict[str, str]) -> Iterator[pl.DataFrame]:
    """The rows of `path` with coarser templates, a row group at a time: a query over the whole file holds many."""
    import polars as pl

    from signal_pipeline.classification.seen_templates import with_coarser

    rows = pl.scan_parquet(path)
    for at in range(0, int(rows.select(pl.len()).collect().item()), ROWS_AT_ONCE):
        yield with_coarser(rows.slice(at, ROWS_AT_ONCE), coarser).collect()


def _with_progress(reading: SignalReading, file: Path, *, quiet: bool) -> Iterator[pl.DataFrame]:
    """The frames, with a bar on a terminal for a long file. The bar is on stderr: stdout holds the result alone."""
    size = file.stat().st_size
    if quiet or size < _PROGRESS_FROM_BYTES or not sys.stderr.isatty():
        yield from reading
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("reading"),
        BarColumn(),
        TextColumn("{task.fields[entries]:,} entries"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=size, entries=0)
        entries = 0
        for frame in reading:
            entries += frame.height
            # An offset beyond the file's size is one in unpacked data, whose size is not known beforehand.
            at = frame["byte_offset"].max()
            known = isinstance(at, int) and at <= size and frame["member"].is_null().all()
            bar.update(task, entries=entries, **({"completed": at} if known else {"total": None}))
            yield frame


def _facts(
    file: Path, outcome: SignalOutcome, sha256: str | None, summary: FileSummary, output: Path | None
) -> dict[str, Any]:
    failed = outcome.status == "failed"
    signatures = [] if failed else summary.signatures()
    reasons = list(outcome.reasons) + (["signature_cap"] if summary.capped and not failed else [])
    return {
        "file": printable(file.name),
        "sha256": sha256,
        "kind": outcome.kind,
        "format": outcome.format,
        "runner_up": outcome.runner_up,
        "share_understood": round(outcome.share_understood, 4),
        "status": "partial" if outcome.status == "ok" and reasons else outcome.status,
        "reasons": reasons,
        "entries": 0 if failed else summary.entries,
        "lines": outcome.lines,
        "errors": 0 if failed else summary.errors,
        "errors_by_type": {} if failed else dict(summary.by_type.most_common()),
        "signatures": [
            {**{k: printable(v) if isinstance(v, str) else v for k, v in asdict(signature).items()},
             "evidence": printable(signature.evidence(file.name))}
            for signature in signatures
        ],
        "redactions": outcome.redactions,
        "output": str(output) if output is not None and not failed else None,
    }  # fmt: skip


def _show(facts: dict[str, Any]) -> None:
    """For people. Markup is off: templates from inputs contain brackets."""
    from rich.console import Console

    console = Console(highlight=False, markup=False)
    other = f" (then {facts['runner_up']})" if facts["runner_up"] else ""
    unit = counted(facts["entries"], "entry") + (f" from {counted(facts['lines'], 'line')}" if facts["lines"] else "")
    redacted = ", ".join(f"{rule} {count:,}" for rule, count in facts["redactions"].items())
    console.print(f"file      {facts['file']}")
    console.print(f"kind      {facts['kind']}")
    console.print(f"format    {printable(facts['format'] or '-')}{printable(other)}")
    console.print(f"outcome   {facts['status']}" + (f": {', '.join(facts['reasons'])}" if facts["reasons"] else ""))
    if facts["status"] == "failed":
        return
    console.print(f"read      {unit}, {facts['share_understood']:.1%} understood")
    console.print(f"redacted  {redacted or 'nothing'}")
    by_type = ", ".join(f"{name} {count:,}" for name, count in facts["errors_by_type"].items())
    console.print(f"errors    {facts['errors']:,}" + (f": {by_type}" if by_type else ""))
    if facts["network"]:
        _show_network(console, facts["network"])
    if facts["output"]:
        console.print(f"written   {printable(facts['output'])}")
        for row in facts["coarser_templates"][:SHOWN_COARSER]:
            console.print(
                f"template  {_shortened(row['template'], 100)} stands for {counted(row['stands_for'], 'wording')}"
            )
    if facts["signatures"]:
        _show_signatures(console, facts["signatures"])


def _show_network(console: Console, network: dict[str, Any]) -> None:
    services = ", ".join(
        f"{printable(name)} {count:,}" for name, count in list(network["services"].items())[:SHOWN_SERVICES]
    )
    console.print(
        f"network   {counted(network['flows'], 'flow')}, {network['failed']:,} failed,"
        f" {counted(network['packets'], 'packet')}, {network['bytes']:,} bytes: {services}"
    )
    alerts = network["alerts"]
    console.print(f"alerts    {len(alerts) or 'none'}")
    for alert in alerts[:SHOWN_ALERTS]:
        console.print(f"          {alert['severity']}: {printable(alert['sentence'])} (flow {alert['flows'][0]})")
    if len(alerts) > SHOWN_ALERTS:
        console.print(f"          {counted(len(alerts) - SHOWN_ALERTS, 'more alert')}; --json lists all of them")


def _show_signatures(console: Console, signatures: list[dict[str, Any]]) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    table.add_column("times", justify="right", no_wrap=True)
    table.add_column("severity", no_wrap=True)
    table.add_column("template and first place", overflow="fold", ratio=1)
    for signature in signatures[:SHOWN_SIGNATURES]:
        name = signature["exception_class"]
        kind = signature["error_type"] + (f" ({name})" if name else "")
        where = Text(f"{signature['evidence']}  {kind}", style="dim")
        text = Text.assemble(Text(_shortened(signature["template"])), "\n", where)
        table.add_row(f"{signature['frequency']:,}", signature["severity"], text)
    console.print(table)
    if len(signatures) > SHOWN_SIGNATURES:
        console.print(f"{counted(len(signatures) - SHOWN_SIGNATURES, 'more signature')}; --json lists all of them")


def _shortened(text: str, limit: int = 300) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
