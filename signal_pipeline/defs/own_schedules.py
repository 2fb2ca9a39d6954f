"""Schedules of a person's own (SCHEDULES_FILE), as schedules of Dagster: with a switch, a history and ticks in the UI.

Annotations are not postponed here: Dagster reads the type of `context` when it decorates.
"""

import logging

import dagster as dg

from signal_pipeline.defs.schedules import update_catalog
from signal_pipeline.errors import SettingsInvalid
from signal_pipeline.operations.schedule_file import OwnSchedule, ScheduleFile, read_schedules
from signal_pipeline.orchestration.scheduled_work import ScheduledConfig, do_scheduled
from signal_pipeline.platform.platform import Platform
from signal_pipeline.settings import load_settings

logger = logging.getLogger(__name__)


@dg.op(description="The schedule's action: cluster again, delete, or process what is due.")
def do_what_is_scheduled(
    context: dg.OpExecutionContext, platform: dg.ResourceParam[Platform], config: ScheduledConfig
) -> None:
    context.log.info(do_scheduled(platform, config.row(), context.run.run_id))


@dg.job(description="Started by schedules of SCHEDULES_FILE; can be started by hand as well.")
def scheduled_work() -> None:
    do_what_is_scheduled()


def own_schedules() -> list[dg.ScheduleDefinition]:
    """One for each entry that can be used. An entry that is wrong is logged and left out: a typing error in this file
    must not stop the processing of reports. `signal-pipeline doctor` names it too."""
    found = _file()
    for sentence in found.wrong:
        logger.error("SCHEDULES_FILE: %s", sentence)
    return [_definition(name, row) for name, row in found.schedules.items()]


def _file() -> ScheduleFile:
    try:
        path = load_settings().schedules_file
    except SettingsInvalid:
        return ScheduleFile({}, [])  # said by the first that needs them
    try:
        return read_schedules(path)
    except SettingsInvalid as error:
        return ScheduleFile({}, [str(error)])


def _definition(name: str, row: OwnSchedule) -> dg.ScheduleDefinition:
    values = row.model_dump(exclude={"cron", "timezone", "enabled"}, exclude_none=True, exclude_defaults=True)
    config = dg.RunConfig({"do_what_is_scheduled": ScheduledConfig(**values)})
    is_catalog = row.action == "catalog"
    return dg.ScheduleDefinition(
        name=f"own_{name}",
        job=update_catalog if is_catalog else scheduled_work,
        run_config=None if is_catalog else config,
        cron_schedule=row.cron,
        execution_timezone=row.timezone,
        default_status=dg.DefaultScheduleStatus.RUNNING if row.enabled else dg.DefaultScheduleStatus.STOPPED,
        description=f"From SCHEDULES_FILE: {', '.join(f'{key} {value}' for key, value in values.items())}.",
    )
