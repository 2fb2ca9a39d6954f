"""A Dagster run in a child of the warm process: what `dagster api execute_run` does, without its imports."""

from __future__ import annotations

import logging
import signal
from contextlib import suppress
from importlib import import_module

from signal_pipeline.embedding.locate import preload
from signal_pipeline.errors import SignalPipelineError
from signal_pipeline.settings import load_settings

logger = logging.getLogger(__name__)

WARM_MODULES = (
    "dagster._cli.api",
    "signal_pipeline.orchestration.pooled_storage",
    "signal_pipeline.definitions",
)


class RunProcess:
    """The Work (see warm/work.py) that `WarmRunLauncher` asks for. A payload is Dagster's serialized ExecuteRunArgs."""

    def warm_up(self) -> None:
        """Everything that a run imports, and the model; no thread of a library may be at work afterwards."""
        import boto3

        for module in WARM_MODULES:
            import_module(module)
        # botocore reads its description of S3 from JSON, once per process.
        boto3.client("s3", region_name="us-east-1", aws_access_key_id="none", aws_secret_access_key="none")
        try:
            settings = load_settings()
            preload(settings.model_dir, settings.embedding_model, settings.embedding_runtime)
        except SignalPipelineError as error:
            logger.warning("without a loaded model: %s", error)

    def run(self, payload: str) -> int:
        from dagster._cli.api import execute_run_command

        # Dagster listens to SIGINT and, from its command line's entry point on, to SIGTERM alike.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        execute_run_command.main([payload], prog_name="dagster api execute_run", standalone_mode=False)
        return 0

    def mourn(self, payload: str, exit_code: int | None) -> int:
        """The run's process is gone; a run that had not ended has failed by it."""
        import dagster as dg
        from dagster._grpc.types import ExecuteRunArgs
        from dagster._serdes import deserialize_value

        args = deserialize_value(payload, ExecuteRunArgs)
        if args.instance_ref is None:
            return 1
        with dg.DagsterInstance.from_ref(args.instance_ref) as instance:
            run = instance.get_run_by_id(args.run_id)
            if run is None or run.is_finished:
                return 0
            how = "ended for an unknown reason" if exit_code is None else _in_words(exit_code)
            if run.status == dg.DagsterRunStatus.CANCELING:
                instance.report_run_canceled(run, f"the run's process {how}")
            else:
                instance.report_run_failed(run, f"the run's process {how}")
        return 0


def _in_words(exit_code: int) -> str:
    if exit_code < 0:
        with suppress(ValueError):
            return f"was ended by {signal.Signals(-exit_code).name}"
    return f"ended with {exit_code}"


RUN_PROCESS = RunProcess()
