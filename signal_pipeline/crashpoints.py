"""Named places where a test kills the process: CRASHPOINT=<name>:<n> sends SIGKILL at the n-th pass. Else nothing.

Recovery is only proved by dying at the worst moments, and those are between two lines of our own code.
"""

from __future__ import annotations

import os
import signal
from itertools import count

# Every place that a report passes; a test dies at each of them, at its first and its second pass.
CRASHPOINTS = (
    "after_object_put",
    "after_intake_commit",
    "before_ack",
    "after_ack",
    "after_lease",
    "after_assign",
    "after_fetch",
    "after_parse",
    "after_classify",
    "after_embed",
    "mid_signatures",
    "after_signatures",
    "after_frame_rename",
    "after_publish",
    "before_completion",
    "after_completion",
)
# The same for business events.
EVENT_CRASHPOINTS = ("before_events_commit", "after_events_commit")

_wanted, _, _pass = os.environ.get("CRASHPOINT", "").partition(":")
_passes = count(1)


def crashpoint(name: str) -> None:
    """Die here, if the environment says so."""
    if name == _wanted and next(_passes) == int(_pass or 1):
        os.kill(os.getpid(), signal.SIGKILL)
