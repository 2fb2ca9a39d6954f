"""How long after a dependency went down the API says so: in health, in readiness and in the metrics; and how long its
answers take when Postgres is gone.

On the embedded stack, with the usual settings. Each server is first frozen (SIGSTOP: it takes calls and says nothing),
then ended (SIGKILL). Metrics are read by a client of their own, so that nobody's question to health can help.

    python -m benchmarks.dependencies
"""

from __future__ import annotations

import json
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.result import Figure, write_result
from signal_pipeline.local.api_process import ApiProcess
from signal_pipeline.local.ports import random_ports
from signal_pipeline.local.preparation import prepare_servers
from signal_pipeline.local.stack import LocalStack
from signal_pipeline.processes.termination import wait_until
from signal_pipeline_tests.frozen import frozen

# The last two are needed: without one of them nothing is ready, so that is said for the first of the two that ends.
SERVERS = {"nats": "nats", "s3": "object_store", "postgres": "postgres"}
LONGEST_SECONDS = 60.0


def asked(url: str) -> tuple[int, bytes, float]:
    began = time.monotonic()
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return answer.status, answer.read(), time.monotonic() - began
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read(), time.monotonic() - began


def says(base: str, name: str, *, up: bool) -> dict[str, Callable[[], bool]]:
    """By place, whether it says now that this dependency is up, or down."""
    is_needed = name != "nats"
    return {
        "metrics": lambda: f'dependency_up{{dependency="{name}"}} {float(up)}'.encode() in asked(f"{base}/metrics")[1],
        "health": lambda: json.loads(asked(f"{base}/health")[1])["dependencies"].get(name, {}).get("is_up") is up,
        "readiness": lambda: asked(f"{base}/health/ready")[0] == (503 if is_needed and not up else 200),
    }


def seconds_until_said(
    base: str, name: str, *, up: bool, meanwhile: Callable[[], None] = lambda: None
) -> dict[str, float]:
    began, found = time.monotonic(), {}

    def wait(place: str, is_said: Callable[[], bool]) -> None:
        while not is_said() and time.monotonic() - began < LONGEST_SECONDS:
            time.sleep(0.2)
        found[place] = time.monotonic() - began

    threads = [threading.Thread(target=wait, args=item) for item in says(base, name, up=up).items()]
    for thread in threads:
        thread.start()
    meanwhile()
    for thread in threads:
        thread.join()
    return found


def warm(base: str) -> None:
    """The API has open connections, as it does when it is used."""
    threads = [threading.Thread(target=asked, args=(f"{base}/v1/reports",)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def answers_without_postgres(base: str) -> list[float]:
    """Six requests one after the other, then sixteen at once."""
    took = [asked(f"{base}/v1/reports")[2] for _ in range(6)]
    threads = [threading.Thread(target=lambda: took.append(asked(f"{base}/v1/reports")[2])) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return took


@contextmanager
def serving(folder: Path) -> Iterator[tuple[LocalStack, str]]:
    """A stack without Dagster, and an API over it as a process of its own; its address."""
    with LocalStack(folder / "stack", with_dagster=False, ports=random_ports(), environment={}) as stack:
        prepare_servers(stack.settings(), lambda _: None)
        api = ApiProcess(stack.folder.run, random_ports()["api"], stack.environment())
        command = api.prepare()
        with (folder / "api.log").open("wb") as log:
            process = subprocess.Popen(
                command.argv, cwd=command.folder, env=dict(command.environment), stdout=log, stderr=log
            )
            try:
                wait_until(api.is_ready, 60)
                yield stack, f"http://127.0.0.1:{api.port}"
            finally:
                process.terminate()
                process.wait()


def main() -> None:
    said: dict[str, dict[str, float]] = {}
    answers: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as (stack, base):

        def asking(how: str, part: str) -> Callable[[], None]:
            """What is asked while it is waited for: of Postgres alone, whose absence everybody meets."""
            return lambda: answers.update({how: answers_without_postgres(base)} if part == "postgres" else {})

        for part, name in SERVERS.items():
            seconds_until_said(base, name, up=True)
            warm(base)
            with frozen(stack.part(part).pid):
                said[f"{part} frozen"] = seconds_until_said(base, name, up=False, meanwhile=asking("frozen", part))
            said[f"{part} goes on"] = seconds_until_said(base, name, up=True)
        for part, name in SERVERS.items():
            warm(base)
            stack.part(part).stop()
            said[f"{part} ended"] = seconds_until_said(base, name, up=False, meanwhile=asking("ended", part))
    for what, places in said.items():
        print(f"{what:<20}", "  ".join(f"{place} {seconds:5.1f} s" for place, seconds in places.items()))
    for what, took in answers.items():
        print(f"Postgres {what}: first answer {took[0]:.2f} s, slowest of {len(took)} {max(took):.2f} s")
    down = [max(places.values()) for what, places in said.items() if not what.endswith("goes on")]
    firsts = max(took[0] for took in answers.values())
    write_result(
        "dependencies",
        {
            "dependency down until all three say so": Figure(max(down), 15.0, "lower", "s"),
            "first answer without Postgres": Figure(firsts, 2.0, "lower", "s"),
            "slowest answer without Postgres": Figure(max(map(max, answers.values())), 2.0, "lower", "s"),
        },
    )


if __name__ == "__main__":
    main()
