"""Identifiers that are no secret wherever they stand unnamed: UUIDs, machine words, hashes in their known places.

They look like key material to the gate, and in logs of services every line holds some. The gate asks its
question about runs of characters on a text without them. Nothing is masked or kept here, and every other
question of the gate is asked on the text itself.
"""

from __future__ import annotations

from signal_pipeline.redaction.rules.blobs import HASH_PLACE
from signal_pipeline.redaction.rules.kept import RUNS

_UUID = r"[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}"
_BORDER = r"([^A-Za-z0-9+/_=.-]|$)"

Part = int | str
Known = tuple[tuple[str, tuple[Part, ...]], ...]
"""Pattern and what is left of a match: group numbers and texts."""

KNOWN_IDS: Known = (
    (next(row.pattern for row in RUNS if row.name == "checksum_line"), (" ",)),
    (rf"\breq-{_UUID}(?: [0-9a-f]{{32}}){{1,2}}{_BORDER}", (1,)),
    (rf"({HASH_PLACE})[0-9a-f]{{16,64}}{_BORDER}", (1, 2)),
    # Keys of vendors hold UUIDs too, but after a prefix of another form or one that the gate knows.
    (rf"((?:^|[^A-Za-z0-9_.~%$-])(?:[a-z]{{3,10}}-)?){_UUID}\b|\b0[xX][0-9A-Fa-f]{{1,16}}\b", (1,)),
)
"""For the question about runs."""

KNOWN_NUMBERS: Known = (
    # The address that stands for all of a machine's, as Java writes it, with a port: nine parts, so no other address.
    (r"(^|[^0-9A-Za-z:.])(?:0:){8}[0-9]{2,5}\b", (1,)),
    # Lengths that no account number has. A letter stays, so that what is around still looks as it did.
    (rf"({HASH_PLACE})(?:[0-9a-f]{{32}}|[0-9a-f]{{40}}|[0-9a-f]{{64}}){_BORDER}", (1, "u", 2)),
    (rf"((?:^|[^A-Za-z0-9_.~%$-])(?:req-)?){_UUID}\b", (1, "u")),
)
"""For the question about shapes."""
