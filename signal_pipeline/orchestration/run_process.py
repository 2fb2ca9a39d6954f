"""A Dagster run in a child of the fork server: what `dagster api execute_run` does, without its imports."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pkgutil import walk_packages
from typing import TYPE_CHECKING

from signal_pipeline.classification.compiled_patterns import compile_patterns
from signal_pipeline.embedding.locate import preload
from signal_pipeline.errors import SignalPipelineError
from signal_pipeline.orchestration.polars_threads import choose_in_this_process
from signal_pipeline.orchestration.run_end import is_ended_by_dagster, process_ended
from signal_pipeline.orchestration.run_limits import limit_this_process
from signal_pipeline.parsing.logs.recognise import compile_matchers
from signal_pipeline.processes.signals import signals_seen
from signal_pipeline.redaction.redactor import compile_rules
from signal_pipeline.settings import load_settings

if TYPE_CHECKING:
    import dagster as dg
    from dagster._grpc.types import ExecuteRunArgs

logger = logging.getLogger(__name__)

# Imported late by those who need them.
PRELOADED_MODULES = (
    "dagster._cli.api",
    "dagster._core.executor.in_process",
    "encodings.idna",
    "numpy.ma",
    "psycopg2.extras",
    "signal_pipeline.definitions",
    "upath.implementations.local",
    "watchdog.observers.polling",
    "zstandard",
)
# Without what only the command line, the local servers and the export of the model need.
PRELOADED_PACKAGES = (
    "catalog",
    "classification",
    "clustering",
    "correlation",
    "defs",
    "intake",
    "operations",
    "orchestration",
    "parsing",
    "pipeline",
    "platform",
    "redaction",
    "reports",
    "stack_traces",
    "storage",
    "text_shapes",
)


class RunProcess:
    """The Work (see processes/forkserver_work.py) that `ForkServerRunLauncher` asks for.

    A payload is Dagster's serialized ExecuteRunArgs.
    """

    def preload(self) -> None:
        """Everything that a run imports and compiles, and the model. No library's thread may be at work afterwards."""
        import boto3

        for module in (*PRELOADED_MODULES, *_own_modules()):
            import_module(module)
        # botocore reads its description of S3 from JSON, once per process.
        boto3.client("s3", region_name="us-east-1", aws_access_key_id="none", aws_secret_access_key="none")
        try:
            settings = load_settings()
            if settings.embedding_runtime == "onnx":
                preload(settings.model_dir, settings.embedding_model)
        except SignalPipelineError as error:
            logger.warning("without a loaded model: %s", error)
        compile_rules()
        compile_matchers()
        compile_patterns()
        _run_first_queries()

    def run(self, payload: str) -> int:
        from dagster._cli.api import _execute_run_command_body
        from dagster._utils.interrupts import capture_interrupts

        choose_in_this_process()
        # Dagster listens to SIGINT and, from its command line's entry point on, to SIGTERM alike.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with signals_seen() as seen, capture_interrupts(), _instance_and_args(payload) as (instance, args):
            run = instance.get_run_by_id(args.run_id)
            limit_this_process(run.tags if run else {})
            # The command itself also keeps every event in memory, serialized, for a caller that it does not have.
            code = _execute_run_command_body(
                args.run_id,
                instance,
                write_stream_fn=lambda _: None,
                set_exit_code_on_failure=args.set_exit_code_on_failure or False,
            )
        if signal.SIGTERM in seen:
            _give_back(payload)
        return code

    def after_death(self, payload: str, exit_code: int | None) -> int:
        """The run's process is gone; a run that had not ended has failed by it."""
        import dagster as dg

        with _instance_and_run(payload) as (instance, run):
            if run is None or run.is_finished:
                return 0
            how = process_ended(run, exit_code)
            if run.status == dg.DagsterRunStatus.CANCELING:
                instance.report_run_canceled(run, how)
            else:
                instance.report_run_failed(run, how)
        return 0


def _give_back(payload: str) -> None:
    """The process was told to stop, not the run: what it had in progress is due again at once, and no failure.

    Wherever in the run the signal came, between two steps as well; within a step the step has done it already.
    """
    from signal_pipeline.orchestration.tags import batch_of
    from signal_pipeline.platform.platform import Platform
    from signal_pipeline.storage.batches import release

    with _instance_and_run(payload) as (instance, run):
        batch_id = None if run is None else batch_of(run.tags)
        # The reconciler judges what Dagster ended: cancelled by a person, or failed since it exceeded its time.
        if run is None or batch_id is None or is_ended_by_dagster(instance, run.run_id):
            return
        with Platform(load_settings()) as platform, platform.database.transaction() as connection:
            release(connection, batch_id)


@contextmanager
def _instance_and_args(payload: str) -> Iterator[tuple[dg.DagsterInstance, ExecuteRunArgs]]:
    import dagster as dg
    from dagster._grpc.types import ExecuteRunArgs
    from dagster._serdes import deserialize_value

    args = deserialize_value(payload, ExecuteRunArgs)
    assert args.instance_ref is not None
    with dg.DagsterInstance.from_ref(args.instance_ref) as instance:
        yield instance, args


@contextmanager
def _instance_and_run(payload: str) -> Iterator[tuple[dg.DagsterInstance, dg.DagsterRun | None]]:
    with _instance_and_args(payload) as (instance, args):
        yield instance, instance.get_run_by_id(args.run_id)


def _own_modules() -> Iterator[str]:
    for package in PRELOADED_PACKAGES:
        found = import_module(f"signal_pipeline.{package}")
        for module in walk_packages(found.__path__, f"{found.__name__}."):
            yield module.name


def _run_first_queries() -> None:
    """What Dagster asks of its database's tables it asks once, here. No connection stays."""
    import dagster as dg

    from signal_pipeline.orchestration.pooled_storage import close_connections

    if "DAGSTER_HOME" not in os.environ:
        return
    try:
        with dg.DagsterInstance.get() as instance:
            instance.get_run_records(limit=1)
            instance.get_asset_records([dg.AssetKey("clusters")])
    except Exception as error:  # noqa: BLE001  only slower without; the runs will say what is wrong
        logger.warning("could not read Dagster's tables: %s", type(error).__name__)
    close_connections()


RUN_PROCESS = RunProcess()
