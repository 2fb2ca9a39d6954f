"""What the world does after deaths: clients send what never got through, time passes, the product works on.

In this process, for tests that kill processes of their own; with the whole stack the product does all of it by itself.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from reliability.broker import Broker, broker_state
from reliability.client import Client
from reliability.corpus import item
from reliability.in_process import Line
from reliability.passing_time import run_out

LONGEST_SECONDS = 60.0


def send_the_rest(line: Line, client: Client, source: str, numbers: Sequence[int]) -> None:
    """What is not there was never sent, or died with its client."""
    with line.platform.database.transaction() as connection:
        there = {row[0] for row in connection.execute("select title from reports where source = %s", (source,))}
    for number in numbers:
        if item(number).name not in there:
            client.produce(item(number))


def work_until_quiet(line: Line) -> Broker:
    """Time passes until nothing is open; what the broker says then."""
    deadline = time.monotonic() + LONGEST_SECONDS
    while True:
        with line.platform.database.transaction() as connection:
            run_out(connection)
        line.work_off()
        broker = broker_state(line.platform.settings)
        with line.platform.database.transaction() as connection:
            row = connection.execute(
                "select count(*) from intake where state not in ('COMPLETED', 'DEAD', 'CANCELLED')"
            ).fetchone()
        if row == (0,) and not broker.pending and not broker.unacknowledged:
            return broker
        if time.monotonic() > deadline:
            raise RuntimeError(f"still open after {LONGEST_SECONDS:.0f} s: {row} requests, {broker}")
        time.sleep(0.1)
