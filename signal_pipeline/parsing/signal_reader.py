"""Reads one file of a report: hash, unwrap, sniff, parse, outcome. How each kind is parsed is in its own folder."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from signal_pipeline.errors import PartialReason, RejectionCode, SignalRejected
from signal_pipeline.fault_isolation import UNEXPECTED, is_expected, tell_fault
from signal_pipeline.limits import DEFAULT_LIMITS, Limits
from signal_pipeline.parsing.containers import BadMember, Member, open_members
from signal_pipeline.parsing.har.clean_text import cleaned
from signal_pipeline.parsing.kinds import HEAD_BYTES, UNKNOWN, kind_named, sniff
from signal_pipeline.parsing.outcome import OutcomeNotes, SignalOutcome
from signal_pipeline.parsing.signal_kind import SignalKind, Source
from signal_pipeline.redaction.redactor import Redactor
from signal_pipeline.schemas import PARSED

MAX_NAME_CHARS = 200
_HASH_BLOCK = 1024 * 1024
_OS_ERRORS = {FileNotFoundError: RejectionCode.NOT_FOUND, PermissionError: RejectionCode.FORBIDDEN}
_MEMBER_REASONS = {RejectionCode.INTERNAL_ERROR: PartialReason.INTERNAL_ERROR}


def read_signal(
    path: Path,
    *,
    redactor: Redactor,
    limits: Limits = DEFAULT_LIMITS,
    kind: str | None = None,
    name: str | None = None,
    report_id: str | None = None,
    signal_id: str | None = None,
) -> SignalReading:
    """The entries of one file as frames of exactly `schemas.PARSED`, in bounded memory.

    `kind` (a name of `kinds.KINDS`) is what the sender calls it and `name` its file name if `path` has another one;
    content decides over both. Never raises for bad input: see `SignalReading.outcome`.
    """
    return SignalReading(path, redactor, limits, kind, name or path.name, report_id, signal_id)


class SignalReading(Iterator[pl.DataFrame]):
    """Iterate to the end, then ask for `outcome`. When that is `failed`, the frames do not count: discard them."""

    def __init__(
        self,
        path: Path,
        redactor: Redactor,
        limits: Limits,
        kind: str | None,
        name: str,
        report_id: str | None,
        signal_id: str | None,
    ) -> None:
        self._path = path
        self._redactor = redactor
        self._limits = limits
        self._hint = kind
        self._name = name
        self._ids = {"report_id": report_id, "signal_id": signal_id}
        self._counts_before = dict(redactor.counts)
        self._members: list[OutcomeNotes] = []
        self._failures: list[tuple[str, RejectionCode]] = []
        self._bad_members: set[PartialReason] = set()
        self._ordinal = 0
        self._kind = named.name if (named := kind_named(kind)) is not None else UNKNOWN
        self._outcome: SignalOutcome | None = None
        self._frames = self._read()
        self.sha256: str | None = None

    @property
    def outcome(self) -> SignalOutcome:
        """What became of the file. RuntimeError before the last frame was taken."""
        if self._outcome is None:
            raise RuntimeError("the outcome of a file is known when all its frames have been read")
        return self._outcome

    def __next__(self) -> pl.DataFrame:
        return next(self._frames)

    def _read(self) -> Iterator[pl.DataFrame]:
        try:
            self.sha256 = _sha256(self._path)
            for member in open_members(self._path, self._limits):
                if isinstance(member, BadMember):
                    self._bad_members.add(member.reason)
                else:
                    yield from self._read_member(member)
        except SignalRejected as rejected:
            self._outcome = self._failed(rejected.code)
            return
        except OSError as error:
            code = next((code for kind, code in _OS_ERRORS.items() if isinstance(error, kind)), None)
            self._outcome = self._failed(code or RejectionCode.RESOURCE)
            return
        except UNEXPECTED as error:
            if is_expected(error):
                raise
            tell_fault(f"reading a file of kind {self._kind}", error)
            self._outcome = self._failed(RejectionCode.INTERNAL_ERROR)
            return
        self._outcome = self._finish()

    def _read_member(self, member: Member) -> Iterator[pl.DataFrame]:
        """The frames of one member. A member of an archive that is refused leaves the others standing."""
        notes = OutcomeNotes(kind=UNKNOWN)
        start = self._ordinal
        try:
            kind = self._kind_of(member)
            notes.kind = self._kind = kind.name
            source = Source(member.stream, member.size, self._redactor, self._limits, notes)
            for frame in kind.read(source):
                ready = self._conform(frame, kind, member, start)
                self._ordinal += ready.height
                yield ready
        except SignalRejected as rejected:
            stops_all = rejected.code in (RejectionCode.EXPAND_RATIO, RejectionCode.TOO_LARGE)
            if member.name is None or stops_all or self._ordinal > start:
                raise
            self._failures.append((notes.kind, rejected.code))
            return
        except UNEXPECTED as error:
            if is_expected(error) or isinstance(error, OSError) or (member.name is None and self._ordinal == start):
                raise
            tell_fault(f"reading a file of kind {notes.kind}", error)
            if self._ordinal == start:
                self._failures.append((notes.kind, RejectionCode.INTERNAL_ERROR))
                return
            notes.entries = self._ordinal - start
            notes.reasons.add(PartialReason.INTERNAL_ERROR)
        if member.problem is not None:
            notes.reasons.add(member.problem)
        self._members.append(notes)

    def _kind_of(self, member: Member) -> SignalKind:
        """The kind that the content asks for."""
        name = member.name or self._name
        hint = self._hint if member.name is None else None
        try:
            return sniff(member.stream.peek(HEAD_BYTES)[:HEAD_BYTES], _without_wrapping(name), hint)
        except SignalRejected:
            self._drain(member)
            raise

    def _drain(self, member: Member) -> None:
        """What is nothing readable may still be a bomb, or an archive with nothing whole in it."""
        if member.container == "plain":
            return
        got = 0
        while block := member.stream.read(_HASH_BLOCK):
            got += len(block)
        if not got and member.problem is not None:
            raise SignalRejected(RejectionCode.BAD_ARCHIVE)

    def _conform(self, frame: pl.DataFrame, kind: SignalKind, member: Member, start: int) -> pl.DataFrame:
        """The frame with the columns that only this level knows; entries of all members are numbered through."""
        inside = None if member.name is None else self._redactor.file_name(cleaned(member.name)[0], MAX_NAME_CHARS)
        known = {**self._ids, "signal_sha256": self.sha256, "member": inside, "kind": kind.name}
        own = pl.col("role") if "role" in frame.columns else pl.lit(None, dtype=pl.String())
        return PARSED.conform(
            frame.with_columns_seq(
                *(pl.lit(value, dtype=pl.String()).alias(column) for column, value in known.items()),
                own.fill_null(kind.role).alias("role"),
                pl.col("ordinal") + start,
            )
        )

    def _failed(self, code: RejectionCode) -> SignalOutcome:
        kind = next((notes.kind for notes in self._members), self._kind)
        return SignalOutcome.failed(kind, code)

    def _finish(self) -> SignalOutcome:
        """One outcome for all members; a file none of whose members could be read has failed."""
        if not self._members:
            return SignalOutcome.failed(*self._nothing_read())
        total = merged(self._members)
        total.reasons |= self._bad_members
        total.reasons |= {_MEMBER_REASONS.get(code, PartialReason.BAD_MEMBER) for _, code in self._failures}
        before = self._counts_before
        total.redactions = {
            rule: count - before.get(rule, 0)
            for rule, count in self._redactor.counts.items()
            if count > before.get(rule, 0)
        }
        return total.finish()

    def _nothing_read(self) -> tuple[str, RejectionCode]:
        """The kind, and why no member could be read: empty ones may be followed by others that were not looked at."""
        kind, code = next(
            (failure for failure in self._failures if failure[1] != RejectionCode.EMPTY),
            self._failures[0] if self._failures else (UNKNOWN, RejectionCode.EMPTY),
        )
        if self._bad_members and not self._failures:
            code = RejectionCode.BAD_ARCHIVE
        is_cut = PartialReason.TOO_MANY_MEMBERS in self._bad_members and code == RejectionCode.EMPTY
        return kind, RejectionCode.TOO_MANY_MEMBERS if is_cut else code


def merged(members: list[OutcomeNotes]) -> OutcomeNotes:
    """The notes of several files as those of one: sums, all reasons, kind and format of the largest."""
    if len(members) == 1:
        return members[0]
    largest = max(members, key=lambda notes: notes.entries)
    formats = [notes.format for notes in sorted(members, key=lambda notes: -notes.entries) if notes.format]
    other = next((name for name in formats if name != largest.format), largest.runner_up)
    return OutcomeNotes(
        kind=largest.kind,
        format=largest.format,
        runner_up=other,
        understood=sum(notes.understood for notes in members),
        units=sum(notes.units for notes in members),
        entries=sum(notes.entries for notes in members),
        lines=sum(notes.lines for notes in members),
        reasons={reason for notes in members for reason in notes.reasons},
    )


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb", buffering=0) as file:
        while block := file.read(_HASH_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _without_wrapping(name: str) -> str:
    """The name without the suffix of a compression: app.log.gz is app.log."""
    lowered = name.lower()
    return next((name[: -len(suffix)] for suffix in (".gz", ".zst", ".zip") if lowered.endswith(suffix)), name)
