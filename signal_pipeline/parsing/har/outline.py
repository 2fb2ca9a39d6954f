"""Finds the entries of a HAR in a stream of UTF-8 blocks, without decoding any of them.

Knows the shapes HARs come in: one document, several one after another (NDJSON), a list of documents, bare
entries, any of them wrapped in a function call. What an entry means is not known here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

import numpy as np
import numpy.typing as npt

from signal_pipeline.errors import RejectionCode, SignalRejected
from signal_pipeline.limits import MIB, Limits
from signal_pipeline.parsing.har.cut_json import closed
from signal_pipeline.parsing.har.document_path import DocumentPath, Role
from signal_pipeline.parsing.har.entry import Entry
from signal_pipeline.parsing.har.long_strings import LongStringCutter
from signal_pipeline.parsing.json_depth import BracketScanner

MAX_ENTRY_BYTES = 16 * MIB
BEGINNING_MEMBERS = frozenset(("_webSocketMessages",))
"""Of these, when they are long, the beginning is kept."""
KEPT_MEMBERS = frozenset(Entry.__struct_encode_fields__) - BEGINNING_MEMBERS
MAX_SKELETON_BYTES = 16 * MIB


class Found(Enum):
    ENTRY = "entry"
    BAD_ENTRY = "bad entry"  # nests too deep or is too long: its bytes are not handed out
    PRODUCER = "producer"  # the object log.creator or log.browser
    DOCUMENT = "document"  # a document begins; what came before stays
    RESTART = "restart"  # a repeated key: what this document gave so far no longer counts


@dataclass(frozen=True)
class Finding:
    """`offset` and `length` are bytes in the stream; `raw` may be shorter, with long strings `cut`."""

    what: Found
    raw: bytes = b""
    offset: int = 0
    length: int = 0
    cut: bool = False


@dataclass
class _Entry:
    """The entry being collected; `refused` when it nests too deep or is too long, `skipping` within a member."""

    offset: int
    raw: bytearray = field(default_factory=bytearray)
    cut: bool = False
    refused: bool = False
    skipping: bool = False


class HarOutline:
    """Feed blocks in order; at the end `unfinished` means that the stream was cut off.

    `skeleton` is all that is not an entry, with a 0 in place of each entry: the document's own JSON.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._scanner = BracketScanner()
        self._strings = LongStringCutter()
        self._base = 0
        self._block = b""
        self._drop = (0, 0)
        self._entry: _Entry | None = None
        self._document_start = 0
        self._producer_start = 0
        self.path = DocumentPath()
        self.skeleton = bytearray()
        self.skeleton_full = False
        self.bare_entries = 0
        self.deep_entries = 0
        self.other_documents = 0
        self.overran = False

    @property
    def unfinished(self) -> bool:
        return not self.overran and (self._scanner.depth > 0 or self._scanner.in_string)

    def feed(self, block: bytes) -> Iterator[Finding]:
        """What is found in the next block.

        Raises SignalRejected: JSON_DEPTH for depth outside entries, NOT_HAR for a bracket that closes nothing, unless
        entries came before it: then nothing that follows is looked at (`overran`).
        """
        if self.overran:
            return
        began_inside = self._scanner.in_string
        brackets = self._scanner.scan(block)
        self._block = block
        self._drop = self._strings.drop(block, brackets, self._base, began_inside, self._scanner.in_string)
        deep = brackets.positions[brackets.levels > self._limits.max_json_depth]
        near = brackets.levels <= self.path.deepest + 1
        at, member = 0, -1
        for position, opens, level in zip(
            brackets.positions[near].tolist(),
            brackets.opens[near].tolist(),
            brackets.levels[near].tolist(),
            strict=True,
        ):
            if level > self.path.deepest + 1:
                continue
            if self._entry is not None:
                if level > self.path.deepest:
                    member = position if opens else -1
                    at = at if opens else self._end_skip(at, position)
                elif not opens:
                    yield self._finish_entry(self._entry, at, position + 1, deep)
                    deep = deep[deep > position]
                    at, member = position + 1, -1
                continue
            if level > self.path.deepest:
                continue
            if self._ends_before(deep, position, level):
                self._keep_skeleton(at, position)
                return
            if opens:
                self._keep_skeleton(at, position)
                at = position
                yield from self._open(position, level)
            else:
                self._keep_skeleton(at, position + 1)
                at = position + 1
                yield from self._close(position, level)
        self._end_block(at, member, deep)

    def _end_skip(self, at: int, position: int) -> int:
        """Where the entry goes on to be kept after one of its members has ended at `position`."""
        if self._entry is None or not self._entry.skipping:
            return at
        self._entry.skipping = False
        return position + 1

    def _end_block(self, at: int, member: int, deep: npt.NDArray[np.int64]) -> None:
        """`member` is where a member of the entry opened that goes on in the next block, or -1."""
        end = len(self._block)
        entry = self._entry
        if entry is not None:
            key = self.path.key(self._block, member) if member >= 0 else None
            if member >= 0 and key not in KEPT_MEMBERS:
                # A long list, such as WebSocket messages, is not collected.
                self._keep_entry(entry, at, member, bool(deep.size))
                entry.raw += closed(self._block[member:end]) if key in BEGINNING_MEMBERS else b"0"
                entry.skipping = True
            else:
                self._keep_entry(entry, at, at if entry.skipping else end, bool(deep.size))
        else:
            self._ends_before(deep, end, 1)
            self._keep_skeleton(at, end)
        self._base += end
        self.path.remember(self._block)

    def _ends_before(self, deep: npt.NDArray[np.int64], position: int, level: int) -> bool:
        """True when a bracket outside entries closes nothing that is open, and nothing more is to be looked at."""
        if deep.size and deep[0] < position:
            raise SignalRejected(RejectionCode.JSON_DEPTH, self._base + int(deep[0]))
        if level < 1 and (self.path.entries or self.bare_entries):
            self.overran = True
        elif level < 1:
            raise SignalRejected(RejectionCode.NOT_HAR, self._base + position)
        return self.overran

    def _open(self, position: int, level: int) -> Iterator[Finding]:
        match self.path.open(self._block, position, level):
            case Role.ENTRY:
                self._entry = _Entry(self._base + position)
            case Role.PRODUCER:
                self._producer_start = len(self.skeleton)
            case Role.DOCUMENT:
                self._document_start = len(self.skeleton)
                yield Finding(Found.DOCUMENT, offset=self._base + position)
            case Role.REPEATED:
                yield Finding(Found.RESTART, offset=self._base + position)

    def _close(self, position: int, level: int) -> Iterator[Finding]:
        role, log_seen = self.path.close(self._block[position], level)
        end = self._base + position + 1
        if role is Role.PRODUCER and not self.skeleton_full:
            yield Finding(Found.PRODUCER, bytes(self.skeleton[self._producer_start :]))
        elif role is Role.DOCUMENT and not log_seen:
            raw = bytes(self.skeleton[self._document_start :])
            if b'"request"' in raw and not self.skeleton_full:
                self.bare_entries += 1
                self.skeleton[self._document_start :] = b"0"
                yield Finding(Found.ENTRY, raw, end - len(raw), len(raw))
            else:
                self.other_documents += 1

    def _finish_entry(self, entry: _Entry, at: int, end: int, deep: npt.NDArray[np.int64]) -> Finding:
        too_deep = bool(deep.size) and int(deep[0]) < end
        whole = not entry.raw and not entry.refused and not too_deep and self._drop[1] <= at
        if not whole:
            self._keep_entry(entry, at, end, too_deep)
        raw = self._block[at:end] if whole else bytes(entry.raw)
        self._entry = None
        self.skeleton += b"0"
        self.path.entries += 1
        length = self._base + end - entry.offset
        if entry.refused:
            return Finding(Found.BAD_ENTRY, b"", entry.offset, length)
        return Finding(Found.ENTRY, raw, entry.offset, length, entry.cut)

    def _keep_entry(self, entry: _Entry, start: int, end: int, too_deep: bool) -> None:
        entry.cut |= self._append(entry.raw, start, end)
        self.deep_entries += too_deep
        if too_deep or entry.refused or len(entry.raw) > MAX_ENTRY_BYTES:
            entry.refused = True
            entry.raw.clear()

    def _keep_skeleton(self, start: int, end: int) -> None:
        if self.skeleton_full:
            return
        self._append(self.skeleton, start, end)
        self.skeleton_full = len(self.skeleton) > MAX_SKELETON_BYTES

    def _append(self, buffer: bytearray, start: int, end: int) -> bool:
        """Adds block[start:end] without the part to drop; True when something was left out."""
        drop_start, drop_end = max(self._drop[0], start), min(self._drop[1], end)
        if drop_start >= drop_end:
            buffer += self._block[start:end]
            return False
        buffer += self._block[start:drop_start]
        buffer += self._block[drop_end:end]
        return True
