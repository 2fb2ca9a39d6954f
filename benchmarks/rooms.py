"""How many files one thing passes, and which short files serve one other alone: `python -m benchmarks.rooms [--short]`.

A log line, a HAR entry and a cluster: the files whose functions run while one of each is made. A report's id: the files
that have a function with the parameter `report_id`. Tables and classes that are only read do not count.
"""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np

from signal_pipeline_tests.short_files import SHORT, short_files
from signal_pipeline_tests.source_files import FILES, PACKAGE, nodes_of

LINE = b"2026-03-01 10:00:01,250 ERROR [worker-1] shop.Orders - Cannot save order 1007: database is locked\n"
ENTRY = (
    b'{"log":{"version":"1.2","creator":{"name":"WebInspector","version":"1"},"entries":[{"startedDateTime":'
    b'"2026-03-01T10:00:01.240Z","time":62,"request":{"method":"POST","url":"http://shop.example/api/orders",'
    b'"headers":[]},"response":{"status":500,"statusText":"","headers":[],"content":{"size":9,"mimeType":'
    b'"application/json","text":"{\\"error\\": \\"database is locked\\"}"}},"timings":{"wait":60}}]}}'
)


def files_run(work: Callable[[], object]) -> list[str]:
    """The files of the package whose functions run, by their paths below it."""
    found: set[str] = set()

    def note(frame: FrameType, event: str, _: Any) -> None:
        if event == "call" and frame.f_code.co_name != "<module>":
            found.add(frame.f_code.co_filename)

    work()  # What runs once in a process, such as compiling patterns, is not part of the way.
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return sorted(str(Path(one).relative_to(PACKAGE)) for one in found if one.startswith(str(PACKAGE)))


def read(content: bytes) -> None:
    from signal_pipeline.classification.classify import classify_entries
    from signal_pipeline.parsing.signal_reader import read_signal
    from signal_pipeline.redaction.redactor import Redactor

    path = Path(f"/proc/self/fd/{_file(content)}")
    frames = [classify_entries(frame) for frame in read_signal(path, redactor=Redactor(b"k" * 32))]
    assert sum(frame.height for frame in frames) == 1


def _file(content: bytes) -> int:
    number = os.memfd_create("signal")
    os.write(number, content)
    return number


def cluster() -> None:
    from signal_pipeline.clustering.cluster import cluster_signatures

    vectors = np.eye(3, 384, dtype=np.float32)
    same = {"frequencies": [3, 2, 1], "error_types": ["GenericError"] * 3, "exception_classes": [None] * 3}
    cluster_signatures(vectors, templates=["disk a full", "disk b full", "c"], hashes=["a", "b", "c"], **same)


def with_parameter(name: str) -> list[str]:
    """Files with a function that takes this parameter."""
    found = []
    for path in FILES:
        functions = [node for node in nodes_of(path) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
        if any(one.arg == name for node in functions for one in (*node.args.args, *node.args.kwonlyargs)):
            found.append(str(path.relative_to(PACKAGE)))
    return found


def main() -> None:
    ways = {
        "a log line": files_run(lambda: read(LINE)),
        "a HAR entry": files_run(lambda: read(ENTRY)),
        "a cluster": files_run(cluster),
        "a report's id": with_parameter("report_id"),
    }
    for thing, files in ways.items():
        rooms = sorted({one.partition("/")[0] for one in files})
        print(f"{thing}: {len(files)} files in {len(rooms)} rooms ({', '.join(rooms)})")
    short = short_files()
    print(f"files under {SHORT} lines that one file alone imports: {len(short)}")
    if "--short" in sys.argv:
        for row in short:
            print("  ", " | ".join((row.path, row.importer, row.reason or "no reason")))


if __name__ == "__main__":
    main()
