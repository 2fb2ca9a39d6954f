"""`signal-pipeline map`: a picture of the signatures, coloured by group."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, cast
from uuid import UUID

import typer

from signal_pipeline.cli.output import JsonOption, console, opened_platform, print_json
from signal_pipeline.plural import counted
from signal_pipeline.reports.signature_map import POINTS, catalog_map, report_map

METHODS = ("auto", "umap", "pca")


def map_command(
    output: Annotated[Path, typer.Option("--output", "-o", help="The SVG file to write.")] = Path("map.svg"),
    report: Annotated[
        UUID | None, typer.Option(help="Draw this report's clusters instead of the whole catalog.")
    ] = None,
    method: Annotated[
        str, typer.Option(help="umap, pca or auto (UMAP where it is installed and there are enough signatures).")
    ] = "auto",
    points: Annotated[
        int, typer.Option(min=2, max=20_000, help="Draw at most this many signatures, the most frequent first.")
    ] = POINTS,
    as_json: JsonOption = False,
) -> None:
    """Draw the signatures on a plane; similar ones are close together."""
    if method not in METHODS:
        raise typer.BadParameter(f"--method is one of {', '.join(METHODS)}")
    chosen = cast(Literal["auto", "umap", "pca"], method)
    with opened_platform() as platform:
        try:
            drawn = catalog_map(platform, chosen, points) if report is None else report_map(platform, report, chosen)
        except ModuleNotFoundError as error:
            typer.echo(f"Error: {error}", err=True)
            raise typer.Exit(1) from None
    if drawn is None:
        typer.echo("Error: there are no signatures to draw", err=True)
        raise typer.Exit(1)
    output.write_text(drawn.svg, encoding="utf-8")
    if as_json:
        print_json(
            {
                "file": str(output),
                "signatures": drawn.signatures,
                "groups": drawn.groups,
                "method": drawn.method,
                "note": drawn.note,
            }
        )
    else:
        console().print(
            f"{output}: {counted(drawn.signatures, 'signature')} in {counted(drawn.groups, 'group')} ({drawn.note})"
        )
