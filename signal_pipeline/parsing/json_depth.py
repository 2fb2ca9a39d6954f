"""Where the brackets of a JSON byte stream are and how deep they nest, found block by block with numpy.

No JSON value is decoded here and nothing is kept but the state at the end of a block. Streaming JSON
parsers pay for depth (40 KB of '[' cost one of them 970 MB), so depth is known before any of them runs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Bits = npt.NDArray[np.uint8]
"""One bit per byte of a block, the first byte in the lowest bit."""

_QUOTE, _BACKSLASH, _OPENING, _CLOSING = b'"'[0], b"\\"[0], b"{"[0], b"}"[0]
_CASE_BIT = 0x20  # what "[" and "{", and "]" and "}", differ in; "{" and "}" differ in one bit more

# For each byte of eight bits: the parity of every bit and those below it.
_PREFIX_PARITY = bytes(sum((bits & ((2 << at) - 1)).bit_count() % 2 << at for at in range(8)) for bits in range(256))


@dataclass(frozen=True)
class BracketBlock:
    """The brackets outside strings of one block of bytes.

    `positions` are offsets in the block, `opens` tells opening from closing ones, `levels` is the depth of
    the container that the bracket opens or closes (the root is 1). `first_quote` is the offset of the first
    quote that opens or closes a string, or the length of the block; `last_quote` is the last one, or -1.
    """

    positions: npt.NDArray[np.int64]
    opens: npt.NDArray[np.bool_]
    levels: npt.NDArray[np.int64]
    first_quote: int
    last_quote: int


def hold_back_escape(block: bytes) -> tuple[bytes, bytes]:
    """`block` split so that its first part does not end between a backslash and what it escapes."""
    run = len(block) - len(block.rstrip(b"\\"))
    return (block[:-1], b"\\") if run % 2 else (block, b"")


class BracketScanner:
    """Scans a JSON byte stream block by block. Blocks must be cut with `hold_back_escape`.

    `depth` and `in_string` hold at the end of the last block. Works on any bytes: what is not JSON yields
    brackets that do not match, which is for the caller to notice.
    """

    def __init__(self) -> None:
        self.depth = 0
        self.in_string = False

    def scan(self, block: bytes) -> BracketBlock:
        data = np.frombuffer(block, dtype=np.uint8)
        quotes = np.packbits(data == _QUOTE, bitorder="little")
        if b"\\" in block:
            quotes = _unescaped(quotes, np.packbits(data == _BACKSLASH, bitorder="little"))
        folded = data | np.uint8(_CASE_BIT)
        folded -= np.uint8(_OPENING)
        folded &= np.uint8(0xFF ^ (_CLOSING - _OPENING))
        brackets = np.packbits(folded == 0, bitorder="little")
        brackets &= ~self._inside_strings(quotes)
        marked = np.unpackbits(brackets, count=len(block), bitorder="little")
        positions = np.flatnonzero(marked.view(np.bool_))
        opens = (data[positions] | _CASE_BIT) == _OPENING
        levels = np.cumsum(np.where(opens, 1, -1), dtype=np.int64)
        levels += self.depth
        if levels.size:
            self.depth = int(levels[-1])
        levels[~opens] += 1
        bits = _as_int(quotes)
        first = (bits & -bits).bit_length() - 1 if bits else len(block)
        return BracketBlock(positions, opens, levels, first, bits.bit_length() - 1)

    def _inside_strings(self, quotes: Bits) -> Bits:
        """Bits of the bytes inside strings: the parity of the quotes up to each byte."""
        inside = np.frombuffer(bytearray(quotes.tobytes().translate(_PREFIX_PARITY)), dtype=np.uint8)
        odd = inside >> 7
        before = np.cumsum(odd, dtype=np.uint8)  # only the lowest bit counts, so it may wrap around
        before -= odd
        before += self.in_string
        before &= 1
        inside ^= np.negative(before)  # all bits of a byte that begins inside a string
        self.in_string = bool(inside[-1] >> 7) if len(inside) else self.in_string
        return inside


def _unescaped(quotes: Bits, backslashes: Bits) -> Bits:
    """The quotes that do not come right after an odd run of backslashes.

    Adding the first bit of each run to the runs carries to the byte after each: where that bit is even and the
    carry odd, or the other way round, the run is odd. Whole blocks are one integer here, so this costs little.
    """
    runs = _as_int(backslashes)
    even = int.from_bytes(b"\x55" * (len(backslashes) + 1), "little")
    starts = runs & ~(runs << 1)
    after_even = (runs + (starts & even)) & ~runs
    after_odd = (runs + (starts & ~even)) & ~runs
    escaped = (after_even & ~even) | (after_odd & even)
    kept = _as_int(quotes) & ~escaped
    return np.frombuffer(kept.to_bytes(len(quotes), "little"), dtype=np.uint8)


def _as_int(bits: Bits) -> int:
    return int.from_bytes(bits.tobytes(), "little")


def exceeds_depth(data: bytes, limit: int) -> bool:
    """Whether the JSON text `data` nests deeper than `limit`; linear time, bounded memory, decodes nothing."""
    if data.count(b"[") + data.count(b"{") <= limit:
        return False
    levels = BracketScanner().scan(data).levels
    return bool(levels.size) and int(levels.max()) > limit
