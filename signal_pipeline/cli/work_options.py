"""The options with which a command says how a request is to be processed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import typer

from signal_pipeline.work_order import WorkOrder, parse_work_order

KindOption = Annotated[str | None, typer.Option("--kind", help="Kind of work: the queue to put the request in.")]
PriorityOption = Annotated[
    str | None, typer.Option("--priority", help="interactive, normal or backfill: what is processed first.")
]
NotBeforeOption = Annotated[
    datetime | None,
    typer.Option(
        "--not-before",
        formats=["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M"],
        help="Do not start before this time; without a zone, local time.",
    ),
]
DependsOnOption = Annotated[
    list[UUID] | None, typer.Option("--depends-on", help="Wait until this report is completed; repeatable.")
]
ConfigOption = Annotated[
    str | None,
    typer.Option("--config", help='Settings of the steps as JSON: {"clusters": {"similarity_threshold": 0.2}}.'),
]


def chosen_order(
    kind: str | None,
    priority: str | None,
    not_before: datetime | None,
    depends_on: Sequence[UUID] | None,
    config: str | None,
) -> WorkOrder | None:
    """None when none of the options was given. WorkOrderInvalid names the option's field."""
    fields: dict[str, Any] = {"kind": kind, "priority": priority}
    if not_before is not None:
        fields["not_before"] = not_before if not_before.tzinfo else not_before.astimezone()
    if depends_on:
        fields["depends_on"] = [str(report) for report in depends_on]
    if config is not None:
        try:
            fields["config"] = json.loads(config)
        except ValueError:
            raise typer.BadParameter("--config is not JSON") from None
    given = {name: value for name, value in fields.items() if value is not None}
    return parse_work_order(given) if given else None
