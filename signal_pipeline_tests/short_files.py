"""Short files that only one other file imports: each has a reason to be apart, or becomes part of its caller."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch

from signal_pipeline_tests.source_files import FILES, PACKAGE, nodes_of, text_of

SHORT = 60
"""Lines below which a file counts."""

TABLE = "a table of rows, or the rows of one subject"
ROLE = "one of several of the same form, a file each: kinds, routes, commands, pages, parts of the stack, assets"
RING = "its caller is in another room or ring, which must not hold this: SQL, Dagster, a decision on plain values"
RULE = "one rule with its reason, beside others that its caller asks in order"
STEP = "one step of reading, with its own cases, in a caller that is the order of the steps"
PURE = "a decision on plain values, tested on its own, beside a caller with processes, threads or connections"
PROCESS = "the entry point of a process, or what runs in it"

# By path below the package; the first that matches counts.
REASONS = {
    "*/kind.py": ROLE,
    "api/routes/*": ROLE,
    "api/headers.py": ROLE,
    "api/health_metrics.py": ROLE,
    "api/live_bounds.py": PURE,
    "api/parameters.py": RULE,
    "causes/*": RULE,
    "classification/compiled_patterns.py": RING,
    "classification/seen_templates.py": RING,
    "classification/single_token_pairs.py": PURE,
    "classification/word_exclusion.py": PURE,
    "clustering/algorithms.py": TABLE,
    "correlation/timing.py": TABLE,
    "defs/*": ROLE,
    "intake/event_messages.py": RING,
    "intake/reread.py": RING,
    "local/deferred_signals.py": PURE,
    "local/drop_folder_process.py": ROLE,
    "local/guardian.py": PROCESS,
    "local/restart_policy.py": PURE,
    "orchestration/cluster_checks.py": TABLE,
    "orchestration/dead_letters.py": RING,
    "orchestration/incident_results.py": RING,
    "orchestration/resources.py": ROLE,
    "orchestration/retention.py": RING,
    "orchestration/source_tags.py": RING,
    "orchestration/stage_note.py": PURE,
    "pages/admin.py": ROLE,
    "pages/signals.py": ROLE,
    "pages/*_view.py": ROLE,
    "parsing/events/schemas/formats.py": TABLE,
    "parsing/events/github.py": TABLE,
    "parsing/file_kind.py": RING,
    "parsing/har/error_members.py": TABLE,
    "parsing/har/graphql.py": STEP,
    "parsing/har/logins.py": RULE,
    "parsing/har/long_strings.py": STEP,
    "parsing/har/neighbours.py": STEP,
    "parsing/har/redirect_errors.py": RULE,
    "parsing/har/repeats.py": RULE,
    "parsing/har/unanswered.py": RULE,
    "parsing/logs/formats/*": TABLE,
    "parsing/logs/*": STEP,
    "parsing/pcap/*": STEP,
    "parsing/torn_zip.py": STEP,
    "parsing/version.py": TABLE,
    "pipeline/report_events.py": RING,
    "processes/forkserver_work.py": PROCESS,
    "processes/signals.py": RING,
    "redaction/*": STEP,
    "setting_names.py": RULE,
    "stack_traces/languages/*": TABLE,
    "stack_traces/last_words.py": TABLE,
    "stack_traces/mangled_names.py": PURE,
    "storage/*": RING,
    "traffic/summary.py": RING,
    "traffic/versions.py": TABLE,
}


@dataclass(frozen=True)
class ShortFile:
    """`path` and `importer` are below the package; `reason` is None where the table has none."""

    path: str
    importer: str
    reason: str | None


def short_files() -> list[ShortFile]:
    """Files under SHORT lines that exactly one other file imports, by path."""
    importers: dict[str, set[str]] = defaultdict(set)
    for path in FILES:
        for module in _modules_in(nodes_of(path)):
            importers[module].add(path.relative_to(PACKAGE).as_posix())
    found = []
    for path in FILES:
        name = ".".join(("signal_pipeline", *path.relative_to(PACKAGE).with_suffix("").parts))
        if path.stem[0] != "_" and text_of(path).count("\n") < SHORT and len(importers[name]) == 1:
            below = path.relative_to(PACKAGE).as_posix()
            found.append(ShortFile(below, *importers[name], _reason(below, *importers[name])))
    return found


def _reason(path: str, importer: str) -> str | None:
    reason = next((reason for pattern, reason in REASONS.items() if fnmatch(path, pattern)), None)
    return None if reason is RING and path.partition("/")[0] == importer.partition("/")[0] else reason


def _modules_in(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
