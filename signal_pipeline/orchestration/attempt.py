"""What surrounds the body of every asset: the lease is held while it works, and its faults are told apart.

Exception texts are never passed on unless they are ours: others quote the values they choke on, and Dagster would copy
them into its event log.
"""

from __future__ import annotations

import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import dagster as dg

from signal_pipeline.errors import SignalPipelineError, Superseded, TransientError
from signal_pipeline.logs import bound
from signal_pipeline.orchestration.tags import lease_of
from signal_pipeline.steps.failure import record_failure
from signal_pipeline.steps.platform import Platform
from signal_pipeline.storage.intake import Lease, advance, begin, hold

# Only for runs that a person started; a leased attempt is retried through the intake table.
RETRIES_WITHIN_RUN = 3
RETRY_SECONDS = 2.0


@contextmanager
def attempt(context: dg.AssetExecutionContext, platform: Platform, *, progress: int) -> Iterator[None]:
    """Hold the run's lease, if it has one, and turn whatever goes wrong into a recorded, classified failure.

    `progress` (0 to 100) is reached when the body ends well.
    """
    lease = lease_of(context.run.tags)
    try:
        with bound(run_id=context.run.run_id), _held(lease, platform, context.run.run_id):
            yield
        if lease is not None:
            with platform.database.transaction() as connection:
                advance(connection, lease, progress)
    except dg.Failure:
        raise
    except Superseded as error:
        raise dg.Failure(str(error), allow_retries=False) from None
    except TransientError as error:
        if lease is None:
            raise dg.RetryRequested(max_retries=RETRIES_WITHIN_RUN, seconds_to_wait=RETRY_SECONDS) from error
        _record(platform, lease, type(error).__name__, str(error), transient=True)
        raise dg.Failure(f"{error} (tried again later)", allow_retries=False) from None
    except SignalPipelineError as error:
        _record(platform, lease, type(error).__name__, str(error), transient=False)
        raise dg.Failure(str(error), allow_retries=False) from None
    except Exception as error:  # noqa: BLE001  the outermost edge: recorded with its place, without its text
        where = _place_of(error)
        transient = isinstance(error, OSError | MemoryError)
        _record(platform, lease, "internal_error", f"{type(error).__name__} at {where}", transient=transient)
        raise dg.Failure(f"internal error: {type(error).__name__} at {where}", allow_retries=False) from None


@contextmanager
def _held(lease: Lease | None, platform: Platform, run_id: str) -> Iterator[None]:
    """Extend the lease from a thread, so that a long step keeps it and a killed one loses it."""
    if lease is None:
        yield
        return
    seconds = platform.settings.lease_seconds
    with platform.database.transaction() as connection:
        begin(connection, lease, run_id, seconds)
    stop = threading.Event()
    lost = threading.Event()

    def beat() -> None:
        while not stop.wait(seconds / 4):
            try:
                with platform.database.transaction() as connection:
                    hold(connection, lease, seconds)
            except Superseded:
                lost.set()
                return
            except TransientError:
                continue  # the lease outlasts three missed beats

    thread = threading.Thread(target=beat, name="lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
    if lost.is_set():
        raise Superseded(f"attempt {lease.attempt} at request {lease.intake_id} was taken over or cancelled")


def _record(platform: Platform, lease: Lease | None, reason: str, detail: str, *, transient: bool) -> None:
    """Failing to record is no new failure: the lease then runs out and the reconciler records it."""
    if lease is None:
        return
    with suppress(SignalPipelineError), platform.database.transaction() as connection:
        record_failure(connection, platform.settings, lease, reason=reason, detail=detail, transient=transient)


def _place_of(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "signal_pipeline" in frame.filename] or frames
    return " < ".join(f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in reversed(ours[-4:])) or "unknown place"
