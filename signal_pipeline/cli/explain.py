"""`signal-pipeline explain`: why a signature is in its cluster, and what was nearest outside it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from signal_pipeline.catalog.explanation import Explanation, GroupView, explain
from signal_pipeline.cli.output import JsonOption, console, opened_platform, print_json
from signal_pipeline.plural import counted
from signal_pipeline.printable import printable
from signal_pipeline.reports.overview import signature_numbered


def explain_command(
    signature: Annotated[
        str,
        typer.Argument(
            help="A signature's hash or a prefix of it, a problem's id, or with --report the number that"
            " `clusters` shows."
        ),
    ],
    report: Annotated[UUID | None, typer.Option(help="Also explain its place in this report's clusters.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Show why a signature is in its cluster: distance to the medoid, shared and differing words, the nearest signature
    outside it and the reason, the threshold and the versions."""
    with opened_platform() as platform:
        if report is not None and len(signature) < 6 and signature.isdecimal():
            signature = signature_numbered(platform.database, report, int(signature))
        found = explain(platform, signature, report)
    if as_json:
        print_json(_as_json(found))
    else:
        console().print(_view(found))


def _as_json(found: Explanation) -> dict[str, Any]:
    card = asdict(found.card)
    return {
        "signature": {
            name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in card.items()
        },
        "report": None if found.report is None else asdict(found.report),
        "catalog": None if found.catalog is None else asdict(found.catalog),
        "verdicts": [verdict.as_json() for verdict in found.verdicts],
    }


def _view(found: Explanation) -> RenderableType:
    card = found.card
    lines: list[RenderableType] = [
        Text.assemble((printable(card.template), "bold")),
        Text(f"signature  {card.signature_hash}"),
        Text(f"what       {card.severity} {card.error_type}, {card.exception_class or 'no exception class'}"),
        Text(f"seen       {counted(card.frequency, 'time')} in {counted(card.reports, 'report')}"),
    ]
    if card.top_frames:
        lines.append(Text(f"where      {printable(' < '.join(card.top_frames[:3]))}"))
    lines.append(Text(f"embedded   {printable(card.text)!r} by {card.model_version}"))
    lines += [Text(verdict.words(), style="yellow") for verdict in found.verdicts]
    for title, group in (("in the report", found.report), ("across reports", found.catalog)):
        if group is not None:
            lines += [Text(), *_group(title, group)]
    return Group(*lines)


def _group(title: str, group: GroupView) -> list[RenderableType]:
    facts = group.facts
    head = f"{title}: {printable(group.name)}"
    if "problem_id" in facts:
        head = f"{title}: problem {facts['problem_id']}"
    lines: list[RenderableType] = [Text(head, style="bold")]
    if "settings" in facts:
        versions = ", ".join(f"{name} {value}" for name, value in facts["versions"].items())
        lines.append(Text(f"  {facts['algorithm']}, threshold {group.threshold:g}; versions: {versions}"))
    lines.append(Text(f"  shared     {printable(group.shared)}"))
    if group.size > 1:
        own = " ".join(group.differing) or "nothing"
        lines.append(Text(f"  differs    {printable(own)}"))
        lines.append(Text(f"  distance   {group.distance_to_medoid:.4f} to the medoid (threshold {group.threshold:g})"))
        lines.append(_members(group))
    else:
        lines.append(Text("  only one wording so far"))
    if group.rejected is not None:
        out = group.rejected
        lines.append(Text(f"  nearest    {printable(out.template)}"))
        lines.append(Text(f"             signature {out.signature_hash[:12]}, at {out.distance:.4f}"))
        lines += [Text(f"             reason: {reason}", style="cyan") for reason in out.reasons]
    return lines


def _members(group: GroupView) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 1))
    for member in group.members:
        mark = "medoid" if member.is_medoid else f"{member.distance_to_medoid:.4f}"
        own = " ".join(member.differing) or "(no differing words)"
        table.add_row("            ", mark, member.signature_hash[:12], Text(printable(own)))
    if group.size > len(group.members):
        table.add_row("", "…", f"{group.size - len(group.members)} more", "")
    return table
