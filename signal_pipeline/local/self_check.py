"""Refusing to start on servers whose settings lose data, with the line that fixes each.

What belongs here: which findings stop a start. What does not: the checks themselves (`server_checks.py`).
"""

from __future__ import annotations

from collections.abc import Callable

from signal_pipeline.errors import SettingsInvalid
from signal_pipeline.local.finding import Finding
from signal_pipeline.local.nats_checks import check_nats
from signal_pipeline.local.postgres_checks import check_postgres
from signal_pipeline.local.server_checks import check_model, check_s3
from signal_pipeline.settings import Settings


def refuse_what_loses_data(
    settings: Settings, *, with_model: bool, on_progress: Callable[[str], None] = lambda _: None
) -> None:
    """SettingsInvalid lists all that is wrong; warnings are logged and stop nothing."""
    checks = [check_postgres, check_nats, check_s3, *([check_model] if with_model else [])]
    findings = [finding for check in checks for finding in check(settings)]
    for finding in findings:
        if finding.state == "warning":
            on_progress(f"{finding.name}: {finding.detail} ({finding.advice})")
    wrong = [finding for finding in findings if finding.state == "wrong"]
    if wrong:
        raise SettingsInvalid("refused to start, since data would be lost:\n  " + "\n  ".join(map(_line, wrong)))


def _line(finding: Finding) -> str:
    return f"{finding.name}: {finding.detail}\n    → {finding.advice}"
