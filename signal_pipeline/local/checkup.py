"""The checks behind `doctor`: each asks one thing of the running system and says what to do about it.

What belongs here: the order of the checks and what they stand on. What does not: the checks of a server
(`server_checks.py`), and how findings are shown.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from signal_pipeline.errors import RulesInvalid, SchemaInvalid, SettingsInvalid, SignalPipelineError
from signal_pipeline.local.addresses import without_login
from signal_pipeline.local.discovery import running_stack, settings_for_cli
from signal_pipeline.local.finding import Finding, ok, warning, wrong
from signal_pipeline.local.server_checks import SERVER_CHECKS
from signal_pipeline.local.state import RunRecord, StateFolder, state_home
from signal_pipeline.operations.schedule_file import read_schedules
from signal_pipeline.operations.work_limits import read_limits
from signal_pipeline.plural import counted
from signal_pipeline.settings import Settings


def examine(home: Path | None = None) -> list[Finding]:
    """All findings, in the order in which to fix them. Without settings nothing else can be asked."""
    stack = running_stack(home)
    first = _stack_finding(stack, home)
    try:
        settings = settings_for_cli(home)
    except SettingsInvalid as error:
        return [first, wrong("settings", str(error), "start `signal-pipeline up`, or see .env.example")]
    findings = [first, _settings_finding(settings), *_schedule_findings(settings), *_limit_findings(settings)]
    findings += _event_findings(settings)
    for name, check in SERVER_CHECKS:
        try:
            findings += check(settings)
        except SignalPipelineError as error:
            findings.append(wrong(name, str(error), _advice(name, stack)))
    return [*findings, *_dagster_findings(stack, home), *_api_findings(stack)]


def _stack_finding(stack: RunRecord | None, home: Path | None) -> Finding:
    place = home or state_home()
    if stack is None:
        return warning(
            "local stack", f"none runs in {place}", "start one with `signal-pipeline up`, unless yours is elsewhere"
        )
    dead = [name for name, identity in stack.parts.items() if not identity.is_alive()]
    if dead:
        return warning("local stack", f"in {place}; being started again: {', '.join(dead)}", f"see {place}/logs")
    if not stack.ready:
        return warning("local stack", f"in {place}; it is still starting", "wait until `up` prints ready")
    return ok("local stack", f"in {place}: {', '.join(stack.parts)}")


def _schedule_findings(settings: Settings) -> list[Finding]:
    if settings.schedules_file is None:
        return []
    try:
        found = read_schedules(settings.schedules_file)
    except SettingsInvalid as error:
        return [wrong("schedules", str(error), "see `Schedules of your own` in docs/team.md")]
    if found.wrong:
        return [wrong("schedules", "; ".join(found.wrong), f"edit {settings.schedules_file}, then reload the location")]
    now = datetime.now(UTC)
    times = [
        f"{name} {row.next_times(now, 1)[0]:%Y-%m-%d %H:%M %Z}{'' if row.enabled else ' (enabled = false)'}"
        for name, row in found.schedules.items()
    ]
    return [ok("schedules", f"next: {', '.join(times)}" if times else "the file has none")]


def _limit_findings(settings: Settings) -> list[Finding]:
    if settings.work_limits_file is None:
        return []
    try:
        found = read_limits(settings.work_limits_file)
    except SettingsInvalid as error:
        return [wrong("work limits", str(error), "nothing is limited until it is fixed; see docs/team.md")]
    return [ok("work limits", f"for {', '.join(found.kinds) or 'no kind'}; {counted(len(found.sizes), 'pod size')}")]


def _event_findings(settings: Settings) -> list[Finding]:
    """Of schemas and rules of one's own; those that are shipped have tests."""
    if settings.event_schemas is None and settings.event_rules is None:
        return []
    from signal_pipeline.parsing.events.checks import event_checks

    own = [None if path is None else str(path) for path in (settings.event_schemas, settings.event_rules)]
    try:
        checks = event_checks(*own)
    except (RulesInvalid, SchemaInvalid) as error:
        return [
            wrong("business events", str(error), "events wait with the broker until it is fixed; see docs/events.md")
        ]
    checks.schemas.compile_all()
    if unusable := checks.schemas.problems:
        named = "; ".join(f"{path}: {why}" for path, why in sorted(unusable.items())[:5])
        return [wrong("business events", named, "fix these schemas, or no event is checked against them")]
    return [ok("business events", f"{counted(len(checks.schemas), 'schema')}, {counted(len(checks.rules), 'rule')}")]


def _settings_finding(settings: Settings) -> Finding:
    shown = {
        "similarity_threshold": settings.similarity_threshold,
        "min_samples_cluster": settings.min_samples_cluster,
        "cluster_algorithm": settings.cluster_algorithm,
        "max_concurrent_tasks": settings.max_concurrent_tasks,
        "log_level": settings.log_level,
        "db_username": settings.db_username,
        "db_password": "***",
        "dagster_db_username": settings.dagster_login[0],
        "dagster_db_password": "***",
        "s3_access_key": "***",
        "s3_secret_key": "***",
        "redaction_key": "***",
    }
    return ok("settings", ", ".join(f"{name}={value}" for name, value in shown.items()))


def _dagster_findings(stack: RunRecord | None, home: Path | None) -> list[Finding]:
    if stack is None or stack.dagster_url is None:
        return []
    from signal_pipeline.local.dagster_processes import code_server_address, code_server_serves, webserver_answers

    ui, code = stack.ports["dagster_webserver"], code_server_address(StateFolder(home or state_home()))
    return [
        ok("dagster UI", f"{stack.dagster_url}. {without_login(stack.environment, stack.dagster_url)}")
        if webserver_answers(ui)
        else wrong("dagster UI", f"{stack.dagster_url} does not respond", "see logs/webserver.log in the state folder"),
        ok("dagster code", "definitions are loaded")
        if code_server_serves(code)
        else wrong("dagster code", "the code server does not serve", "see logs/code_server.log in the state folder"),
    ]


def _api_findings(stack: RunRecord | None) -> list[Finding]:
    if stack is None or "api" not in stack.parts:
        return []
    from signal_pipeline.local.api_process import api_answers

    port = stack.ports["api"]
    place = f"http://127.0.0.1:{port}"
    if not api_answers(port):
        return [wrong("api", f"{place} does not respond", "see logs/api.log in the state folder")]
    if not api_answers(port, "/health/ready"):
        return [warning("api", f"{place} cannot accept reports now", f"see {place}/health for the reasons")]
    return [ok("api", place)]


def _advice(name: str, stack: RunRecord | None) -> str:
    if stack is not None and name in stack.parts:
        return f"see logs/{name}.log in the state folder"
    return "check the address in the settings, and that the server runs; `signal-pipeline up` starts one"
