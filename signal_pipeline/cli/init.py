"""`signal-pipeline init`: prepares servers that exist, once per installation or upgrade."""

from __future__ import annotations

from signal_pipeline.cli.output import console


def init() -> None:
    """Create or upgrade what the servers of the environment need: tables, streams, bucket. Safe to repeat.

    `up` and `demo` do this by themselves; it is for servers that run elsewhere.
    """
    from signal_pipeline.local.discovery import settings_for_cli
    from signal_pipeline.local.preparation import prepare_servers

    prepare_servers(settings_for_cli(), console().print)
