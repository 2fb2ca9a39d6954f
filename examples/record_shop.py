"""Record the example shop with a real browser: HAR, console log, server log, capture, events and what caused what.

    python examples/record_shop.py                                      the sample report of the package
    python examples/record_shop.py --scenario payment-down --out DIR    one scenario, for one visitor
    python examples/record_shop.py --list

Needs Chromium (set CHROMIUM to its path when it is not on the PATH), and for the capture the right to capture (root on
Linux). Nothing leaves the machine.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import sys
import sysconfig
import tempfile
import time
from pathlib import Path
from typing import Any

from shop_recording import scenarios
from shop_recording.browser import Page, browse, chromium
from shop_recording.capture import captured
from shop_recording.console_log import console_records, export
from shop_recording.ground_truth import Recorded, Step, ground_truth
from shop_recording.har import exchanges, har
from shop_recording.processes import EXAMPLES, ShopProcesses

SAMPLE_REPORT = EXAMPLES.parent / "signal_pipeline" / "local" / "sample_report"


async def record(names: list[str], visitors: tuple[scenarios.Visitor, ...], out: Path, program: str) -> None:
    """Play the scenarios for each visitor and write the files."""
    with (
        tempfile.TemporaryDirectory(prefix="shop-", ignore_cleanup_errors=True) as folder,
        ShopProcesses(Path(folder)) as shop,
        captured(shop.payment_port) as capture,
    ):
        async with browse(program, shop.port, Path(folder) / "profile", seed=1) as page:
            steps = []
            for visitor in visitors:
                stage = scenarios.Stage(page, shop, visitor)
                for scenario in (scenarios.OPENING, *(scenarios.BY_NAME[name] for name in names)):
                    begin, began = len(page.devtools.events), time.time()
                    await scenario.run(stage)
                    steps.append(
                        Step(scenario, visitor.name, begin, len(page.devtools.events), began, ended=time.time())
                    )
            browser = (await page.devtools.send("Browser.getVersion"))["product"]
            log, business = (path.read_text(encoding="utf-8") for path in (shop.log, shop.events))
    write(out, page, steps, Recorded(as_deployed(log), business, capture), browser)


def write(out: Path, page: Page, steps: list[Step], recorded: Recorded, browser: str) -> None:
    events = page.devtools.events
    console = console_records(events)
    truth = ground_truth(steps, exchanges(events), console, recorded)
    out.mkdir(parents=True, exist_ok=True)
    files = {
        "shop.har": json.dumps(har(events, page.bodies, browser), indent=1, ensure_ascii=False) + "\n",
        "browser-console.log": export(console),
        "server.log": recorded.log,
        "events.ndjson": recorded.events,
        "scenarios.json": one_line_per_fact(truth),
    }
    for name, text in files.items():
        (out / name).write_text(text, encoding="utf-8")
    if recorded.capture is None:
        print("This process may not capture packets: network.pcap is left out.", file=sys.stderr)
    else:
        (out / "network.pcap").write_bytes(recorded.capture.as_pcap())


def one_line_per_fact(truth: dict[str, Any]) -> str:
    """JSON that reads well in a diff: each request, console message and log record on its own line."""
    text = json.dumps(truth, indent=1)
    fact = re.compile(r"\{\n\s+(\"(?:entry_index|line|flow)\"[^{}]*)\}")
    return fact.sub(lambda found: "{" + " ".join(found[1].split()) + "}", text) + "\n"


def as_deployed(server_log: str) -> str:
    """The log with the paths that tracebacks have on a server instead of those of this machine."""
    stdlib = sysconfig.get_path("stdlib")
    return server_log.replace(str(EXAMPLES), "/srv").replace(stdlib, "/usr/lib/python3")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenario", nargs="+", choices=sorted(scenarios.BY_NAME), metavar="NAME", default=[])
    parser.add_argument("--out", type=Path, default=SAMPLE_REPORT, help="folder for the files")
    parser.add_argument("--list", action="store_true", help="show the scenarios")
    arguments = parser.parse_args()
    if arguments.list:
        for scenario in scenarios.SCENARIOS:
            print(f"{scenario.name:20} {scenario.error_type or 'no error':20} {scenario.fault}")
        return 0
    program = chromium()
    if program is None:
        print("No Chromium found: install it or set CHROMIUM to its path.", file=sys.stderr)
        return 1
    names = arguments.scenario or list(scenarios.BY_NAME)
    visitors = scenarios.VISITORS[:1] if arguments.scenario else scenarios.VISITORS
    asyncio.run(record(names, visitors, arguments.out, program))
    print(f"Recorded {len(names)} scenarios into {arguments.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
