"""`signal-pipeline map`: a picture of the signatures, coloured by group."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, cast
from uuid import UUID

import typer

from signal_pipeline.cli.output import JsonOption, console, opened_platform, print_json
from signal_pipeline.reports.signature_map import POINTS, catalog_map, report_map

METHODS = ("auto", "umap", "pca")


def map_command(
    output: Annotated[Path, typer.Option("--output", "-o", help="PNG file that is written.")] = Path("map.png"),
    report: Annotated[UUID | None, typer.Option(help="This report's clusters instead of the whole catalog.")] = None,
    method: Annotated[str, typer.Option(help="umap, pca, or auto: UMAP where it is installed and worth it.")] = "auto",
    points: Annotated[int, typer.Option(min=2, max=20_000, help="The most frequent signatures, so many.")] = POINTS,
    as_json: JsonOption = False,
) -> None:
    """Draw the signatures on a plane: what means the same lies together."""
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
        typer.echo("Error: there is no signature to draw", err=True)
        raise typer.Exit(1)
    output.write_bytes(drawn.png)
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
        console().print(f"{output}: {drawn.signatures} signatures in {drawn.groups} groups ({drawn.note})")
