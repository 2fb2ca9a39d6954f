"""A Work whose children do what their payload says, and leave traces in the folder that it names."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path


class ToyWork:
    """Payload: {"folder": ..., "name": ..., "do": "end" | "wait" | "stubborn" | "raise" | "exit"}."""

    def __init__(self) -> None:
        self.preloaded: list[int] = []

    def preload(self) -> None:
        self.preloaded.append(os.getpid())

    def run(self, payload: str) -> int:
        order = json.loads(payload)
        folder, name = Path(order["folder"]), order["name"]
        if order["do"] == "stubborn":
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
        (folder / f"{name}.started").write_text(json.dumps({"pid": os.getpid(), "preloaded": self.preloaded}))
        if order["do"] == "raise":
            raise RuntimeError("the work went wrong")
        if order["do"] == "exit":
            sys.exit(5)
        while order["do"] in ("wait", "stubborn") and not (folder / f"{name}.go").exists():
            time.sleep(0.02)
        (folder / f"{name}.done").write_text("")
        return 0

    def after_death(self, payload: str, exit_code: int | None) -> int:
        order = json.loads(payload)
        draft = Path(order["folder"]) / f"{order['name']}.draft"
        draft.write_text(str(exit_code))
        draft.rename(draft.with_suffix(".reaped"))
        return 0


WORK = ToyWork()
