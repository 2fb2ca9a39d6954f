"""Reads one HAR as a stream: blocks, entries, facts, redacted frames. The order of the steps, and what is noted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import polars as pl

from signal_pipeline.errors import PartialReason, RejectionCode, SignalRejected
from signal_pipeline.fault_isolation import UNEXPECTED, is_expected, tell_fault
from signal_pipeline.limits import Limits
from signal_pipeline.parsing.har.entry import decode_entry
from signal_pipeline.parsing.har.facts import Facts, facts_of
from signal_pipeline.parsing.har.frame import FrameBuilder, Place
from signal_pipeline.parsing.har.outline import Finding, Found, HarOutline
from signal_pipeline.parsing.har.producer import UNKNOWN, producer_family
from signal_pipeline.parsing.har.shape import check_shape, unwrap_head
from signal_pipeline.parsing.har.utf8_blocks import BLOCK_BYTES, json_encoding, utf8_blocks
from signal_pipeline.parsing.outcome import OutcomeNotes
from signal_pipeline.redaction.redactor import Redactor

# Flags that make the file's outcome partial, and the reason each gives.
_REASONS = {
    "bad_utf8": PartialReason.ENCODING_REPLACED,
    "bad_status": PartialReason.BAD_VALUES,
    "bad_timing": PartialReason.BAD_VALUES,
    "bad_json": PartialReason.BAD_VALUES,
    "bad_shape": PartialReason.BAD_VALUES,
    "body_dropped": PartialReason.BODY_DROPPED,
    "text_capped": PartialReason.TEXT_CAPPED,
    "url_capped": PartialReason.TEXT_CAPPED,
}


def read_har(
    stream: BinaryIO, *, size_hint: int | None, redactor: Redactor, limits: Limits, notes: OutcomeNotes
) -> Iterator[pl.DataFrame]:
    """Frames of the PARSED columns without ids; `notes` is complete at the end.

    Memory is bounded by one entry with its strings cut, not by the file. Raises SignalRejected: EMPTY, NOT_HAR,
    HAR_SHAPE, JSON_DEPTH, TOO_MANY_ENTRIES; frames that came before then do not count.
    """
    head = stream.read(BLOCK_BYTES)
    if not head.strip(b"\x00 \t\r\n"):
        raise SignalRejected(RejectionCode.EMPTY)
    if size_hint is not None and size_hint > limits.max_file_bytes:
        raise SignalRejected(RejectionCode.TOO_LARGE)
    yield from _HarReading(redactor, limits, notes).frames(stream, head)


class _HarReading:
    """The state of reading one HAR."""

    def __init__(self, redactor: Redactor, limits: Limits, notes: OutcomeNotes) -> None:
        self._limits = limits
        self._notes = notes
        self._outline = HarOutline(limits)
        self._builder = FrameBuilder(redactor, limits)
        self._offsets_known = True
        self._index = 0
        self._yielded = 0
        self._document_index = 0
        self._document_rows = 0
        self._document_yielded = 0
        notes.format = UNKNOWN

    def frames(self, stream: BinaryIO, head: bytes) -> Iterator[pl.DataFrame]:
        encoding = json_encoding(head)
        self._offsets_known = encoding == "utf-8"
        first = b""
        for block in utf8_blocks(stream, head, encoding):
            if not first:
                first = block = unwrap_head(block)  # noqa: PLW2901  the same block without its wrapping
            for finding in self._outline.feed(block):
                self._note(finding)
                if self._builder.full:
                    yield self._take()
        self._notes.reasons |= check_shape(self._outline, first)
        if self._notes.units and not self._notes.understood:
            self._refuse()
        if len(self._builder):
            yield self._take()

    def _refuse(self) -> None:
        """Not one entry could be read: what the file is then depends on why."""
        if PartialReason.INTERNAL_ERROR in self._notes.reasons:
            raise SignalRejected(RejectionCode.INTERNAL_ERROR)
        if self._outline.deep_entries:
            raise SignalRejected(RejectionCode.JSON_DEPTH)
        if not self._outline.path.entries_found or self._outline.path.bare_log:
            raise SignalRejected(RejectionCode.HAR_SHAPE)

    def _take(self) -> pl.DataFrame:
        frame, capped, lost = self._builder.take(self._notes.format or UNKNOWN, self._yielded)
        self._notes.reasons |= {PartialReason.TEXT_CAPPED} if capped else set()
        if lost:
            self._notes.reasons.add(PartialReason.INTERNAL_ERROR)
            self._notes.entries -= lost
            self._notes.understood -= lost
        self._yielded += frame.height
        return frame

    def _note(self, finding: Finding) -> None:
        match finding.what:
            case Found.ENTRY | Found.BAD_ENTRY:
                self._entry(finding)
            case Found.PRODUCER:
                family = producer_family(finding.raw)
                if self._notes.format == UNKNOWN:
                    self._notes.format = family
            case Found.DOCUMENT:
                self._document_index = self._index
                self._document_rows = len(self._builder)
                self._document_yielded = self._yielded
            case Found.RESTART:
                self._restart(finding)

    def _entry(self, finding: Finding) -> None:
        notes = self._notes
        notes.units += 1
        if notes.units > self._limits.max_har_entries:
            raise SignalRejected(RejectionCode.TOO_MANY_ENTRIES, notes.units)
        index, self._index = self._index, self._index + 1
        facts = self._kept(finding, index) if finding.what is Found.ENTRY else None
        if facts is None:
            notes.reasons.add(PartialReason.BAD_ENTRIES)
            return
        notes.understood += 1
        notes.entries += 1
        for flag in facts.flags:
            if flag in _REASONS:
                notes.reasons.add(_REASONS[flag])
            elif flag.startswith("bad_time"):
                notes.reasons.add(PartialReason.BAD_VALUES)

    def _kept(self, finding: Finding, index: int) -> Facts | None:
        """The facts of an entry, which the builder has now; None when it is none, or when we fail at it."""
        try:
            entry, flags = decode_entry(finding.raw)
            flags += ["long_text_cut"] if finding.cut else []
            facts = facts_of(entry, flags, self._limits)
            if facts is not None:
                offset, length = (finding.offset, finding.length) if self._offsets_known else (None, None)
                self._builder.add(facts, Place(index, offset, length))
        except ValueError:
            return None
        except UNEXPECTED as error:
            if is_expected(error):
                raise
            tell_fault("reading a HAR entry", error)
            self._notes.reasons.add(PartialReason.INTERNAL_ERROR)
            return None
        return facts

    def _restart(self, finding: Finding) -> None:
        """A repeated `log` or `entries`: the last one counts. Once rows were handed out that cannot be kept."""
        if self._yielded > self._document_yielded:
            raise SignalRejected(RejectionCode.HAR_SHAPE, finding.offset)
        gone = self._builder.drop_from(self._document_rows)
        self._notes.entries -= gone
        self._notes.understood -= gone
        self._notes.units -= gone
        self._notes.reasons.add(PartialReason.BAD_VALUES)
        self._index = self._document_index
