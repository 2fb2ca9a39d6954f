"""A report's problems in a terminal: the headline, then each cause with its symptoms below it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.text import Text

from signal_pipeline.cli.report_view import SEVERITY_STYLES
from signal_pipeline.evidence import Place
from signal_pipeline.plural import counted
from signal_pipeline.printable import printable
from signal_pipeline.reports.cause_words import decided_in_words, seen_in_words, times_in_words
from signal_pipeline.reports.causes import ReportCauses, ReportProblem, Symptom
from signal_pipeline.reports.known_cause_words import known_causes_in_words

MAX_SYMPTOMS = 8


def show_causes(console: Console, found: ReportCauses) -> None:
    console.print(Text(printable(found.headline), style="bold"))
    names = {str(file.signal_id): file.name for file in found.status.files}
    for number, problem in enumerate(found.causes, 1):
        console.print()
        _show(console, number, problem, names)
    if found.background:
        console.print()
        console.print(Text(f"background, as in most reports of this source: {len(found.background)}", style="dim"))
        for problem in found.background:
            console.print(Text(f"    {printable(problem.title)}", style="dim"))


def _show(console: Console, number: int, problem: ReportProblem, names: Mapping[str, str]) -> None:
    first, severity = problem.found.first, problem.severity or "low"
    head = Text(f"{number:>2}. ")
    head.append(severity, style=SEVERITY_STYLES.get(severity, ""))
    head.append(f"  {problem.root.error_type or 'warning'}  ")
    head.append(printable(problem.title), style="bold")
    console.print(head)
    where = _label(problem.root.evidence, names) if first.in_evidence else "not in the files"
    facts = [
        f"{printable(first.root_service)}, {printable(where)}",
        times_in_words(problem),
        seen_in_words(problem),
        decided_in_words(problem),
    ]
    console.print(Text("    " + "; ".join(filter(None, facts))))
    for symptom in problem.symptoms[:MAX_SYMPTOMS]:
        console.print(_line(symptom, names))
    if len(problem.symptoms) > MAX_SYMPTOMS:
        console.print(Text(f"      and {counted(len(problem.symptoms) - MAX_SYMPTOMS, 'more symptom')}", style="dim"))
    if known := known_causes_in_words(problem.known_causes):
        console.print(Text(f"    {printable(known)}", style="yellow"))


def _line(symptom: Symptom, names: Mapping[str, str]) -> Text:
    count = f" ×{symptom.count}" if symptom.count > 1 else ""
    place = _label(symptom.places[0], names) if symptom.places else symptom.service
    return Text.assemble(
        f"      → {printable(symptom.title)}{count}  ",
        (f"{printable(place)}: {printable(symptom.reason)}", "dim"),
    )


def _label(place: Mapping[str, Any], names: Mapping[str, str]) -> str:
    return Place.of(place, names.get(str(place["signal_id"]), str(place["signal_id"]))).label()
