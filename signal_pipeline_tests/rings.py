"""The three rings: which rooms of the package are in which, and the order within the second."""

from __future__ import annotations

DOMAIN = {
    "text_shapes", "parsing", "stack_traces", "redaction", "classification", "embedding", "clustering", "correlation",
    "causes", "event_rules", "traffic", "schemas", "frame_schema", "errors", "limits", "frames", "crashpoints",
    "evidence", "fault_isolation", "plural", "printable",
}  # fmt: skip
EDGES = {
    "storage", "messaging", "platform", "catalog", "intake", "operations", "pipeline", "reports", "pages", "api", "cli",
    "processes", "local", "logs", "settings", "setting_names", "setting_rules", "work_order",
}  # fmt: skip
# The order within the second ring: a room imports rooms of the rows above its own only. `local` starts the servers
# and is asked by the command line alone; `logs`, `settings`, `setting_names`, `setting_rules`, `work_order` are below
# all of them.
EDGE_ORDER = (
    {"storage", "processes"},
    {"messaging"},
    {"platform"},
    {"catalog", "intake", "operations"},
    {"pipeline"},
    {"reports"},
    {"pages", "orchestration", "local"},
    {"api", "defs"},
    {"cli"},
)
ORCHESTRATION = {"orchestration", "defs", "definitions"}
RING = {**dict.fromkeys(DOMAIN, 1), **dict.fromkeys(EDGES, 2), **dict.fromkeys(ORCHESTRATION, 3)}
