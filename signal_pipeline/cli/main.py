"""`signal-pipeline`: the table of commands. Each is in its own file beside this one."""

from __future__ import annotations

from typing import Annotated

import typer

from signal_pipeline.cli.lazy_group import LazyCommand, lazy_group

COMMANDS = (
    LazyCommand("up", "signal_pipeline.cli.up", "up", "Start everything on this machine; Ctrl-C stops it."),
    LazyCommand("down", "signal_pipeline.cli.down", "down", "Stop the local stack; --purge also deletes its data."),
    LazyCommand("init", "signal_pipeline.cli.init", "init", "Prepare external servers: tables, streams, bucket."),
    LazyCommand("demo", "signal_pipeline.cli.demo", "demo", "Start everything and process a sample report."),
    LazyCommand("submit", "signal_pipeline.cli.submit", "submit", "Submit files as one bug report."),
    LazyCommand(
        "watch", "signal_pipeline.cli.watch", "watch", "Watch a folder and submit the files that appear in it."
    ),
    LazyCommand("status", "signal_pipeline.cli.status", "status", "Show a report's progress."),
    LazyCommand("parse", "signal_pipeline.cli.parse", "parse", "Parse one file; needs no server."),
    LazyCommand("events", "signal_pipeline.cli.events", "app", "Check business events, and judge stored ones again."),
    LazyCommand("report", "signal_pipeline.cli.report", "report", "Write a report's page as one HTML file."),
    LazyCommand("flows", "signal_pipeline.cli.flows", "flows", "Show the flows of a report's captures, and alerts."),
    LazyCommand("problems", "signal_pipeline.cli.problems", "problems", "Show what went wrong in a report, and why."),
    LazyCommand("clusters", "signal_pipeline.cli.clusters", "clusters", "Show the clusters of a report."),
    LazyCommand(
        "recluster",
        "signal_pipeline.cli.recluster",
        "recluster_command",
        "Cluster reports again with other settings; --dry-run only shows the changes.",
    ),
    LazyCommand(
        "reread",
        "signal_pipeline.cli.reread",
        "reread_command",
        "Read reports again with this version; --stale selects those read by another one.",
    ),
    LazyCommand("cancel", "signal_pipeline.cli.cancel", "cancel", "Cancel pending or running work for a report."),
    LazyCommand(
        "delete", "signal_pipeline.cli.delete", "delete", "Delete a report permanently and show what was removed."
    ),
    LazyCommand("publish", "signal_pipeline.cli.publish", "publish_command", "Publish held clusterings."),
    LazyCommand("diff", "signal_pipeline.cli.diff", "diff_command", "Compare two clusterings of a report."),
    LazyCommand("explain", "signal_pipeline.cli.explain", "explain_command", "Show why a signature is in its cluster."),
    LazyCommand("search", "signal_pipeline.cli.search", "search_command", "Search errors by meaning and by keyword."),
    LazyCommand("catalog", "signal_pipeline.cli.catalog", "app", "List and update the problems across all reports."),
    LazyCommand("map", "signal_pipeline.cli.map", "map_command", "Draw the signatures, coloured by group."),
    LazyCommand("verdict", "signal_pipeline.cli.verdict", "app", "Record what people know about problems."),
    LazyCommand("healthy", "signal_pipeline.cli.healthy", "healthy", "Mark a report as healthy."),
    LazyCommand(
        "dead-letters", "signal_pipeline.cli.dead_letters", "app", "List and replay messages and reports that failed."
    ),
    LazyCommand(
        "work", "signal_pipeline.cli.work", "app", "Process what is due, follow a report, clean up, show the state."
    ),
    LazyCommand("tokens", "signal_pipeline.cli.tokens", "app", "Create, list and revoke API tokens."),
    LazyCommand("doctor", "signal_pipeline.cli.doctor", "doctor", "Check settings and servers and suggest fixes."),
)

app = typer.Typer(
    name="signal-pipeline",
    help="Bug reports in, clustered problems out.",
    cls=lazy_group(COMMANDS),
    no_args_is_help=True,
    # A rich traceback shows local variables, and they may hold passwords and report data.
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(version("signal-pipeline"))
        raise typer.Exit


@app.callback()
def root(
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Bug reports in, clustered problems out."""
