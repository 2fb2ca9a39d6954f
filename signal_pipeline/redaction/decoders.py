"""Which runs of characters may be an encoded text, and what decodes each kind. Nothing is decoded or masked here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from signal_pipeline.redaction.compiled_rows import compiled
from signal_pipeline.redaction.encodings import (
    from_base32,
    from_base64,
    from_base85,
    from_hex,
    from_numbers,
    from_wide_hex,
)
from signal_pipeline.redaction.rules.shapes import (
    BASE32_TEXT,
    BASE85_RUN,
    BASE85_TEXT,
    ENCODED_RUN,
    HEX_CHARACTER,
    HEX_TEXT,
    NUMBERED_BYTE,
    NUMBERED_TEXT,
    WIDE_HEX_TEXT,
)

Decode = Callable[[str], str | None]

_KINDS: tuple[tuple[str, str, Decode], ...] = (
    (HEX_TEXT, f"{HEX_CHARACTER}{{10,}}", from_hex),
    (BASE32_TEXT, r"[A-Z2-7]{16,}={0,6}", from_base32),
    (ENCODED_RUN, r"[A-Za-z0-9+/_-]{12,}={0,2}", from_base64),
    (WIDE_HEX_TEXT, r"(?:[2-7][0-9A-Fa-f]00){6,}|(?:00[2-7][0-9A-Fa-f]){6,}", from_wide_hex),
    (NUMBERED_TEXT, rf"{NUMBERED_BYTE}(?:(?:, ?| ){NUMBERED_BYTE}){{7,}}", from_numbers),
    (BASE85_TEXT, BASE85_RUN, from_base85),
)

DECODERS: tuple[tuple[Any, Any, Decode], ...] = tuple(
    (compiled(gate), compiled(run), decode) for gate, run, decode in _KINDS
)
"""What a text must show for runs of this kind to be looked for, the runs, and what decodes one."""

ANY_ENCODED = compiled("|".join(f"(?:{gate})" for gate, _, _ in _KINDS))
"""What every text has for which one of them asks."""
