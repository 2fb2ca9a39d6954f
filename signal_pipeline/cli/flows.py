"""`signal-pipeline flows`: the conversations in a report's captures, and what is worth a look in them."""

from __future__ import annotations

import sys
from typing import Annotated, Any
from uuid import UUID

import typer

from signal_pipeline.cli.output import JsonOption, console, opened_platform, print_json
from signal_pipeline.printable import printable

SHOWN = 50


def flows(
    report: Annotated[UUID, typer.Argument(help="The report's id, as submit printed it.")],
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Write all flows as CSV with the columns of CICFlowMeter to standard output.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Show the flows of a report's captures and the alerts about them."""
    from signal_pipeline.reports.network import flow_features, flow_rows, report_network
    from signal_pipeline.reports.overview import report_status
    from signal_pipeline.traffic.flows import flow_meter_table

    with opened_platform() as platform:
        status = report_status(platform.database, report)
        files = {str(file.signal_id): str(file.name) for file in status.files}
        network = report_network(platform, report, files)
        with_features = flow_features(platform, report) if as_csv else None
    if network is None:
        console().print("the entries of the report are not available yet")
        raise typer.Exit(1)
    if with_features is not None:
        flow_meter_table(with_features).write_csv(sys.stdout.buffer)
    elif as_json:
        print_json({"flows": flow_rows(network.flows, 0, network.flows.height), "alerts": network.alerts()})
    else:
        _show(flow_rows(network.flows, 0, SHOWN), network.flows.height, network.alerts())


def _show(rows: list[dict[str, Any]], total: int, alerts: list[dict[str, Any]]) -> None:
    from rich.table import Table

    table = Table("flow", "from", "to", "service", "state", "out", "in", "failed")
    for row in rows:
        ends = (f"{row[end]}:{row[f'{end}_port']}" if row[f"{end}_port"] else row[end] for end in ("source", "target"))
        sent, received = f"{row['bytes_out']} B", f"{row['bytes_in']} B"
        likely = f" (like {row['likely_protocol']})" if row["likely_protocol"] else ""
        service = f"{row['service'] or row['protocol']}{likely}"
        cells = (row["number"], *ends, service, row["state"] or "", sent, received)
        table.add_row(*(printable(str(cell)) for cell in cells), " ".join(row["failures"]))
    console().print(table)
    if total > len(rows):
        console().print(f"{total - len(rows)} more; --csv or --json shows all")
    for alert in alerts:
        console().print(printable(f"{alert['severity']}: {alert['sentence']}"), markup=False)
