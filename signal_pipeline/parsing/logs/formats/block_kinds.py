"""Reports of several lines that are one record although each line reads like one: of test runners, build tools,
databases, kernels and programs that died. blocks_of_lines.py says which lines of a file they are.

Patterns are matched from the beginning of what a line says after the header of its logger, and take linear time.
"""

from __future__ import annotations

from signal_pipeline.parsing.logs.formats.block_kind import BlockKind, NoteKind
from signal_pipeline.parsing.logs.formats.block_kinds_builds import BUILD_KINDS
from signal_pipeline.parsing.logs.formats.block_kinds_crashes import CRASH_KINDS
from signal_pipeline.parsing.logs.formats.block_kinds_dumps import DUMP_KINDS

BLOCK_KINDS: tuple[BlockKind, ...] = (*BUILD_KINDS, *CRASH_KINDS, *DUMP_KINDS)
"""The first row that matches a line decides."""

NOTE_KINDS: tuple[NoteKind, ...] = (
    NoteKind(
        "postgres",
        r"^.{0,200}?\b((?:DETAIL|HINT|QUERY|CONTEXT|STATEMENT|LOCATION|BACKTRACE):  .*)$",
        "2024-03-01 10:00:00.123 UTC [7] STATEMENT:  SELECT 1",
    ),
    NoteKind(
        "logcat",
        r"^.{0,80}\bReactNativeJS\b[^:]{0,20}: (|This error is located at:|\s+(?:in|at) [A-Z].*)$",
        "E/ReactNativeJS( 1234):     in Cart (at App.js:12)",
    ),
    NoteKind(
        "level-bracket",
        r"^\[ERROR\] ?(|-> \[Help [0-9]+\].*"
        r"|To see the full stack trace .*|Re-run Maven .*|For more information about the errors.*|\[He"
        r"lp [0-9]+\].*"
        r"|COMPILATION ERROR ?:\s*|Tests run: [0-9]+, Failures: [0-9]+, Errors: [0-9]+(?:, Skipped: [0-9]+)?\s*"
        r"|Please refer to .*|After correcting the problems.*|  mvn .*)$",
        "[ERROR] [Help 1] http://cwiki.apache.org/confluence/display/MAVEN/MojoExecutionException",
    ),
)
