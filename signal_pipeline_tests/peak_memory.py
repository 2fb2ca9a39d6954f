"""The highest resident memory of this process since its program began."""

from __future__ import annotations

import re
import resource
import sys
from pathlib import Path


def peak_mb() -> int:
    """MiB. On Linux `ru_maxrss` would hold the peak of the process that started this one as well."""
    if sys.platform == "darwin":
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024 // 1024
    found = re.search(r"^VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"), re.MULTILINE)
    assert found is not None
    return int(found[1]) // 1024
