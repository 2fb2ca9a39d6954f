"""The tables' patterns, compiled before they are used: RE2 does that at the first use, in each process for itself."""

from __future__ import annotations

from signal_pipeline.classification import error_detection, error_rules, exception_class, stated_cause, template
from signal_pipeline.text_shapes import short_column

PATTERNS = (
    *(*error_detection.PATTERNS, *error_rules.PATTERNS, *exception_class.PATTERNS),
    *(*stated_cause.PATTERNS, *template.PATTERNS),
)
"""What the texts of a small report are searched for."""
_EXAMPLE = "2026-03-01T10:00:00Z ERROR [worker-7] java.net.ConnectException: connect to db-1:5432 timed out (HTTP 503)"


def compile_patterns() -> None:
    """For all processes that are forked from this one."""
    short_column.compile_patterns(PATTERNS, _EXAMPLE)
