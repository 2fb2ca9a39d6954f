"""How right the reading is: templates, signatures, frames, fields, formats, and the line that broke a build.

Each subject has a module of its own; this one runs them. Run: python -m benchmarks.signatures
"""

from __future__ import annotations

from benchmarks.result import write_result
from benchmarks.signatures_builds import build_logs
from benchmarks.signatures_callers import statements_by_caller
from benchmarks.signatures_formats import formats_and_levels, har_fields
from benchmarks.signatures_statements import statements
from benchmarks.signatures_templates import templates, templates_of_unseen_systems
from benchmarks.signatures_traces import browser_frames, crashes


def main() -> None:
    write_result(
        "signatures",
        {
            **templates(),
            **templates_of_unseen_systems(),
            **statements(),
            **statements_by_caller(),
            **crashes(),
            **browser_frames(),
            **har_fields(),
            **build_logs(),
            **formats_and_levels(),
        },
    )


if __name__ == "__main__":
    main()
