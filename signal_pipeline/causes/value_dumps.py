"""Lines that only give the value of a register, a flag or an address, as hardware and kernels write after a crash: a
detail of what went wrong, and never why.
"""

from __future__ import annotations

import re2

from signal_pipeline.causes.phrase import Phrase, any_of

MAX_TEXT_CHARS = 300

VALUE_DUMPS: tuple[Phrase, ...] = (
    Phrase("flag", r"^[\w ()=,./:-]{2,60}\.{3,60} ?[0-9]{1,10}$", "machine check enable..............0"),
    Phrase("register", r"(?i)^[\w -]{2,40}: 0x[0-9a-f]{1,16}$", "exception syndrome register: 0x00800000"),
    Phrase("registers", r"(?i)^(?:[a-z]\w{1,7}[=:](?:0x)?[0-9a-f]{4,16}[ ,]{0,2}){1,12}$", "r24=0x00a0c1d8"),
)  # fmt: skip
_ANY = re2.compile(any_of(VALUE_DUMPS))


def is_value_dump(message: str) -> bool:
    return len(message) <= MAX_TEXT_CHARS and bool(_ANY.search(message))
