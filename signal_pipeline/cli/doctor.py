"""`signal-pipeline doctor`: what is configured, what responds, and how to fix what does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from signal_pipeline.cli.up import HomeOption

if TYPE_CHECKING:
    from signal_pipeline.local.finding import Finding

_MARKS = {"ok": "[green]ok[/green]  ", "warning": "[yellow]warn[/yellow]", "wrong": "[red]FAIL[/red]"}


def doctor(
    home: HomeOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")] = False,
) -> None:
    """Check settings and servers. Exits with code 1 when a check fails; secrets are never shown."""
    from signal_pipeline.local.checkup import examine

    findings = examine(home)
    if as_json:
        _print_json(findings)
    else:
        _print_screen(findings)
    if any(finding.state == "wrong" for finding in findings):
        raise typer.Exit(1)


def _print_json(findings: list[Finding]) -> None:
    import json
    from dataclasses import asdict

    healthy = not any(finding.state == "wrong" for finding in findings)
    typer.echo(json.dumps({"healthy": healthy, "checks": [asdict(finding) for finding in findings]}, indent=1))


def _print_screen(findings: list[Finding]) -> None:
    from rich.console import Console
    from rich.markup import escape

    console = Console(highlight=False, soft_wrap=True)
    width = max(len(finding.name) for finding in findings)
    for finding in findings:
        console.print(f"{_MARKS[finding.state]}  {finding.name:<{width}}  {escape(finding.detail)}")
        if finding.advice:
            console.print(f"      {'':<{width}}  → {escape(finding.advice)}")
