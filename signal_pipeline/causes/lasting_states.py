"""States of a service that last: what needs it meanwhile fails, in ways that name it at best. Also warnings tell them.

Resources that were used up are in `exhaustion`; here is what stops, does not start, or refuses work.
"""

from __future__ import annotations

import polars as pl
import re2

from signal_pipeline.causes.exhaustion import exhausted_resource
from signal_pipeline.causes.phrase import Phrase, any_of

MAX_TEXT_CHARS = 2_000
MAX_WARNINGS = 2_000


LASTING_STATES: tuple[Phrase, ...] = (
    Phrase("stopped",
           r"\bshut(?:ting)? ?down\b|\bshutdown\b|\bkilled process\b|\bbug report start\b"
           r"|\b(?:exiting|terminating)\b|\bgoing down\b"
           r"|\bevict(?:ed|ing) (?:the )?(?:pod|container|node)\b|\b(?:pod|container|node)\b.{0,80}\bevicted\b"
           r"|\bstopping (?:server|service|broker|node)\b",
           "Shutdown broker because all log dirs have failed"),
    Phrase("not_started",
           r"\b(?:failed to|could not|cannot|can t|unable to) (?:boot|mount|attach or mount|pull image|bind"
           r"|listen)\b"
           r"|\b(?:failed to|could not|cannot|can t|unable to) start (?:the )?(?:server|service|daemon|container"
           r"|application|listener|worker|web server|component|bean|broker)\b|\bapplication run failed\b"
           r"|\b(?:server|service|daemon|container|application|broker) (?:failed to|could not|cannot) start\b"
           r"|\bimagepullbackoff\b|\bback off pulling image\b"
           r"|\berrimagepull\b|\bmountvolume setup failed\b|\bcreatecontainerconfigerror\b"
           r"|\bfailed ?scheduling\b|\bnodes are available\b|\binsufficient (?:cpu|memory|disk)\b",
           'MountVolume.SetUp failed for volume "settings" : configmap "cart-v2" not found'),
    Phrase("starved", r"\blow on resource\b|\bmemory resource limit alarm\b|\bdisk resource limit alarm\b"
           r"|\bpublishers will be blocked\b|\bdisk (?:space )?(?:is )?(?:almost )?full\b|\bstarvation\b"
           r"|\b(?:free )?(?:disk )?space is (?:insufficient|low|exhausted)\b",
           "The node was low on resource: ephemeral-storage"),
    Phrase("crashed", r"\bgot signal #|\bsegmentation fault\b|\bsegfault\b|\bcore dumped\b"
           r"|\bterminated due to an unhandled exception\b|\ball goroutines are asleep\b",
           "mysqld got signal 11 ; Most likely, you have hit a bug"),
    Phrase("demoted", r"\bno longer (?:the )?(?:primary|leader|master)\b|\bstepp(?:ing|ed) down\b"
           r"|\blost (?:the )?(?:leadership|quorum)\b|\bread ?only mode\b|\bnot enough replicas\b",
           "server mongo-1:27017 is no longer primary, reason: stepping down after heartbeat timeout"),
)  # fmt: skip
"""Patterns for normalised text (`statements.normalised`)."""
_ANY = re2.compile(any_of(LASTING_STATES))
# Begins of the words above, in text as it was written: a filter in front of the patterns.
_MAYBE = (
    r"(?i)shut|kill|exiting|terminating|evict|going down|stopping|failed|could not|cannot|can't|unable|pull|mount|start"
    r"|schedul|available|insufficient|low on|alarm|blocked|full|longer|stepp|lost|read.?only|replicas|space|memory|open"
    r"|threads?|connections|clients|exhausted|quota|address|expired|leak|down|master|saving|max.children|workers?\b"
    r"|certificate|private.key|servfail|plugin/errors|signal|segfault|core dumped|unhandled|compilation|build.fail"
)


def tells_lasting_state(text: str) -> bool:
    """Of a normalised text."""
    head = text[:MAX_TEXT_CHARS]
    return bool(_ANY.search(head)) or exhausted_resource(head) is not None


def maybe_lasting(rows: pl.DataFrame) -> pl.DataFrame:
    """The warnings among `rows` that may tell one, and lines that have no level."""
    quiet = (pl.col("level") == "warning") | pl.col("level").is_null()
    found = rows.filter(~pl.col("is_error") & quiet & pl.col("status").is_null())
    return found.filter(pl.col("message").str.slice(0, MAX_TEXT_CHARS).str.contains(_MAYBE)).head(MAX_WARNINGS)
