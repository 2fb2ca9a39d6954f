"""How the pipeline is: healthy, degraded or unhealthy, and why. Judged from numbers; asking for them is apart."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

import psycopg
from nats.aio.client import Client

from signal_pipeline.errors import SignalPipelineError
from signal_pipeline.messaging.connection import run
from signal_pipeline.platform.platform import Platform
from signal_pipeline.plural import counted
from signal_pipeline.settings import Settings
from signal_pipeline.storage.dagster_database import heartbeat_age
from signal_pipeline.storage.database import mapped_errors
from signal_pipeline.storage.measures import Activity, Queue, activity, queue

State = Literal["healthy", "degraded", "unhealthy"]
WINDOW_SECONDS = 3600.0
# Above these something is wrong, though work goes on.
LONGEST_LAG_SECONDS = 300.0
LARGEST_FAILING_SHARE = 0.25
FEWEST_FOR_A_SHARE = 4
OLDEST_HEARTBEAT_SECONDS = 90.0
LONGEST_ANSWER_SECONDS = 4.0
# Without these nothing can be taken in, or nothing be processed.
NEEDED = ("postgres", "object_store")


@dataclass(frozen=True)
class Dependency:
    """`detail` says what is wrong when it is not up; `seconds` is how long the answer took."""

    is_up: bool
    seconds: float
    detail: str = ""


@dataclass(frozen=True)
class Health:
    """A judgement of one moment. `is_known` is False where that moment is not now, or has not come yet."""

    state: State
    reasons: list[str]
    dependencies: Mapping[str, Dependency]
    queue: Queue | None
    activity: Activity | None
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    is_known: bool = True

    @property
    def is_ready(self) -> bool:
        """Whether reports can be accepted; unknown counts as no."""
        return self.is_known and all(self.dependencies[name].is_up for name in NEEDED if name in self.dependencies)

    def is_down(self, name: str) -> bool:
        """Whether the last check found it down; False before the first check."""
        return name in self.dependencies and not self.dependencies[name].is_up


def check_dependencies(platform: Platform) -> Health:
    """Ask everything once, all at the same time, and wait for seconds only."""
    settings = platform.settings
    numbers: list[tuple[Queue, Activity]] = []
    dependencies = _answers(
        {
            "postgres": lambda: _asked(lambda: numbers.append(_numbers(settings))),
            "object_store": lambda: _asked(platform.objects.answers),
            "nats": lambda: _asked(lambda: run(settings, _ping)),
            "dagster": lambda: _dagster(settings),
        }
    )
    is_counted = dependencies["postgres"].is_up and numbers
    return judge(dependencies, *(numbers[0] if is_counted else (None, None)))


def judge(dependencies: Mapping[str, Dependency], waiting: Queue | None, recent: Activity | None) -> Health:
    """Pure."""
    reasons = [f"{name} is down: {found.detail}" for name, found in dependencies.items() if not found.is_up]
    is_down = any(name in dependencies and not dependencies[name].is_up for name in NEEDED)
    if waiting is not None:
        if waiting.lag_seconds > LONGEST_LAG_SECONDS:
            reasons.append(f"the oldest report has waited for {waiting.lag_seconds:.0f} s")
        if waiting.dead_letters:
            reasons.append(f"{counted(waiting.dead_letters, 'dead letter')} to review")
    if recent is not None:
        ended = recent.completed + recent.failed
        if ended >= FEWEST_FOR_A_SHARE and recent.failed / ended > LARGEST_FAILING_SHARE:
            reasons.append(f"{recent.failed} of {ended} attempts failed within the last hour")
    state: State = "unhealthy" if is_down else "degraded" if reasons else "healthy"
    return Health(state, reasons, dependencies, waiting, recent)


def _answers(questions: Mapping[str, Callable[[], Dependency]]) -> dict[str, Dependency]:
    pool = ThreadPoolExecutor(len(questions), thread_name_prefix="health")
    asked = {name: pool.submit(question) for name, question in questions.items()}
    wait(asked.values(), timeout=LONGEST_ANSWER_SECONDS)
    pool.shutdown(wait=False)
    late = Dependency(False, LONGEST_ANSWER_SECONDS, f"no response within {LONGEST_ANSWER_SECONDS:.0f} s")
    return {name: answer.result() if answer.done() else late for name, answer in asked.items()}


def _asked(question: Callable[[], None]) -> Dependency:
    began = time.monotonic()
    try:
        question()
    except SignalPipelineError as error:
        return Dependency(False, time.monotonic() - began, str(error))
    return Dependency(True, time.monotonic() - began)


async def _ping(client: Client) -> None:
    await client.flush(timeout=2)


def _numbers(settings: Settings) -> tuple[Queue, Activity]:
    """Over a connection of its own: an exhausted pool does not mean a dead server."""
    options = f"-c statement_timeout={LONGEST_ANSWER_SECONDS * 1000:.0f} -c timezone=UTC"
    with mapped_errors(), psycopg.connect(settings.database_url, connect_timeout=2, options=options) as connection:
        return queue(connection), activity(connection, WINDOW_SECONDS)


def _dagster(settings: Settings) -> Dependency:
    """The daemon has no port; its heartbeats in its database show that it runs."""
    began = time.monotonic()
    try:
        age = heartbeat_age(settings.dagster_database_url, 2)
    except psycopg.Error as error:
        return Dependency(False, time.monotonic() - began, f"its database did not respond ({type(error).__name__})")
    if age is None or age > OLDEST_HEARTBEAT_SECONDS:
        last = "none so far" if age is None else f"the last was {age:.0f} s ago"
        return Dependency(False, time.monotonic() - began, f"no heartbeat from the daemon ({last})")
    return Dependency(True, time.monotonic() - began)
