"""Bounds on what one file may cost. Domain code takes a `Limits`; the settings fill it.

Each bound exists because some input without it exhausted memory or time.
"""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Defaults suit a report on one machine. Sizes in bytes."""

    max_file_bytes: int = 2048 * MIB
    """Bytes read from one file after decompression."""
    max_expanded_bytes: int = 200 * MIB
    """A compressed file may expand to this size."""
    max_expand_ratio: int = 100
    """... and to this many times its own size. Real log text compresses about 19:1; zeros about 1,028:1."""
    max_archive_members: int = 1_000
    max_har_entries: int = 100_000
    max_json_depth: int = 64
    """Path prefixes of streaming parsers grow with depth: 40 KB of '[' cost 970 MB without this."""
    max_line_bytes: int = 64 * 1024
    """Longer lines are cut; the rest of the line is skipped."""
    max_lines: int = 50_000_000
    max_message_chars: int = 4_096
    max_stack_chars: int = 16_384
    max_frames: int = 256
    max_error_body_bytes: int = 256 * 1024
    """Only this much of an error body is looked at."""
    max_read_seconds: float = 600.0
    """Wall-clock time for reading one file."""
    max_read_memory_bytes: int = 2048 * MIB
    """Memory of the process that reads a file apart from others."""
    slow_request_ms: float = 5_000.0
    """A request that succeeded and took longer is reported, if it is long for its report too."""
    max_signatures: int = 20_000
    """Unique signatures kept per report."""
    event_schemas: str | None = None
    """Folder of the JSON Schemas that events are checked against; None means those that are shipped."""
    event_rules: str | None = None
    """Table of the rules over events; None means the one that is shipped."""


DEFAULT_LIMITS = Limits()
