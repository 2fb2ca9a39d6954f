"""`signal-pipeline init`: prepare external servers, once per installation or upgrade."""

from __future__ import annotations

from signal_pipeline.cli.output import console


def init() -> None:
    """Create or upgrade tables, streams and the bucket on the configured servers. Safe to repeat.

    `up` and `demo` do this on their own; `init` is for external servers. Servers that could lose data are refused.
    """
    from signal_pipeline.local.discovery import settings_for_cli
    from signal_pipeline.local.preparation import prepare_servers
    from signal_pipeline.local.self_check import refuse_what_loses_data

    settings = settings_for_cli()
    prepare_servers(settings, console().print)
    refuse_what_loses_data(settings, with_model=False, on_progress=console().print)
