"""`signal-pipeline events`: check a file of events, and judge stored events again."""

from __future__ import annotations

from collections import Counter
from gzip import BadGzipFile, GzipFile
from io import BufferedReader
from pathlib import Path
from typing import Annotated, Any

import typer

from signal_pipeline.parsing.decompress import GZIP_MAGIC
from signal_pipeline.plural import counted
from signal_pipeline.printable import printable

SHOWN = 50
MAX_VIOLATIONS_LISTED = 10_000

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)


@app.callback()
def root() -> None:
    """Check files of business events, and judge stored events again."""


@app.command("check")
def check(
    file: Annotated[Path, typer.Argument(help="Events: one JSON object a line, or an array.", show_default=False)],
    schemas: Annotated[
        Path | None, typer.Option(help="Folder of JSON Schemas; EVENT_SCHEMAS, else those of the demo's shop.")
    ] = None,
    rules: Annotated[
        Path | None, typer.Option(help="Table of rules; EVENT_RULES, else that of the demo's shop.")
    ] = None,
    name: Annotated[str | None, typer.Option("--type", help="Type of the events that do not state one.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")] = False,
) -> None:
    """Check the events of a file against their schemas and rules; needs no server. Exit code 1: something is wrong."""
    if not file.is_file():
        raise typer.BadParameter(f"{printable(str(file))} is not a file", param_hint="FILE")
    try:
        facts = _checked(file, schemas, rules, name)
    except (EOFError, BadGzipFile):
        raise typer.BadParameter(f"{printable(str(file))} is cut or damaged gzip data", param_hint="FILE") from None
    if as_json:
        from signal_pipeline.cli.output import print_json

        print_json(facts)
    else:
        _show(facts)
    if (
        not facts["events"]
        or facts["violations"]
        or facts["unreadable"]
        or facts["signals"]
        or facts["schema_problems"]
    ):
        raise typer.Exit(1)


@app.command("replay")
def replay_command(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")] = False,
) -> None:
    """Judge all stored events again by the rules that are in force now."""
    from signal_pipeline.cli.output import console, opened_platform, print_json
    from signal_pipeline.intake.event_acceptance import replay
    from signal_pipeline.parsing.events.checks import event_checks
    from signal_pipeline.storage.business_events import signal_counts

    with opened_platform() as platform:
        limits = platform.limits
        events = replay(platform.database, event_checks(limits.event_schemas, limits.event_rules).rules)
        with platform.database.transaction() as connection:
            signals = signal_counts(connection)
    if as_json:
        print_json({"events": events, "signals": signals})
        return
    console().print(f"{counted(events, 'event')} judged, {counted(sum(signals.values()), 'signal')}")


def _checked(file: Path, schemas: Path | None, rules: Path | None, name: str | None) -> dict[str, Any]:
    import os

    from signal_pipeline.event_rules.engine import RuleEngine
    from signal_pipeline.parsing.events.checked import EventChecker
    from signal_pipeline.parsing.events.checks import event_checks
    from signal_pipeline.parsing.events.decoding import decoded
    from signal_pipeline.parsing.events.documents import pieces
    from signal_pipeline.redaction.redactor import local_redactor

    checks = event_checks(
        str(schemas) if schemas else os.environ.get("EVENT_SCHEMAS") or None,
        str(rules) if rules else os.environ.get("EVENT_RULES") or None,
    )
    checks.schemas.compile_all()
    checker, engine = EventChecker(checks, local_redactor()), RuleEngine(checks.rules)
    counts: Counter[str] = Counter()
    violations: list[dict[str, Any]] = []
    latest, index = 0, 0
    with _opened(file) as stream:
        for piece in pieces(stream, stream.peek(64 * 1024)[: 64 * 1024]):
            whole = None if piece.raw is None else decoded(piece.raw, 64)
            if whole is None:
                counts["unreadable"] += 1
                continue
            found = checker.check(whole, name)
            counts["no schema" if found.violations is None else "invalid" if found.violations else "valid"] += 1
            for one in (found.violations or ())[: MAX_VIOLATIONS_LISTED - len(violations)]:
                violations.append(
                    {
                        "index": index, "line_number": piece.line, "event_id": found.facts.id, "type": found.facts.type,
                        "schema": one.schema, "version": one.version, "field": one.field, "keyword": one.keyword,
                        "expected": one.expected,
                    }
                )  # fmt: skip
            if found.is_timed:
                counts["duplicates"] += not engine.add(found.facts)
                latest = max(latest, found.facts.at)
            index += 1
    engine.advance(latest)
    signals = sorted(engine.signals.values(), key=lambda one: (one.at, one.identity))
    return {
        "file": file.name,
        "events": index,
        "valid": counts["valid"],
        "invalid": counts["invalid"],
        "without_schema": counts["no schema"],
        "unreadable": counts["unreadable"],
        "duplicates": counts["duplicates"],
        "violations": violations,
        "signals": [
            {"rule": one.rule, "key": one.key, "event_id": one.event.rpartition("\x1f")[2], "subject": one.subject,
             "severity": one.severity} for one in signals
        ],
        "schemas": len(checks.schemas),
        "schema_problems": dict(sorted(checks.schemas.problems.items())),
    }  # fmt: skip


def _opened(file: Path) -> BufferedReader:
    """Its content, also of one in gzip."""
    with file.open("rb") as stream:
        is_packed = stream.read(len(GZIP_MAGIC)) == GZIP_MAGIC
    return BufferedReader(GzipFile(file)) if is_packed else file.open("rb")


def _show(facts: dict[str, Any]) -> None:
    from signal_pipeline.cli.output import console

    out = console()
    out.print(
        f"{printable(facts['file'])}: {counted(facts['events'], 'event')}; {facts['valid']} valid,"
        f" {facts['invalid']} invalid, {facts['without_schema']} without a schema, {facts['unreadable']} unreadable,"
        f" {facts['duplicates']} repeated"
    )
    if not facts["events"]:
        out.print("  no event was found; see docs/events.md for the shapes that are read")
    for one in facts["violations"][:SHOWN]:
        version = f" {one['version']}" if one["version"] else ""
        asked = f" ({one['expected']})" if one["expected"] else ""
        out.print(
            printable(
                f"  line {one['line_number']}, event {one['event_id']}: {one['field'] or '/'} {one['keyword']}{asked},"
                f" schema {one['schema']}{version}"
            )
        )
    for one in facts["signals"][:SHOWN]:
        out.print(printable(f"  {one['severity']}: {one['subject']} ({one['key']})"))
    for path, why in list(facts["schema_problems"].items())[:SHOWN]:
        out.print(printable(f"  schema {path} cannot be used: {why}"))
