"""The most memory that this process has held since it began."""

from __future__ import annotations

import resource
import sys
from pathlib import Path


def peak_mb() -> float:
    """On Linux from /proc: `ru_maxrss` would carry over from the process that started this one."""
    if sys.platform == "linux":
        status = Path("/proc/self/status").read_text(encoding="ascii")
        return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
