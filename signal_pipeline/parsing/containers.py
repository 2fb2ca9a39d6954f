"""Opens what files come wrapped in (gzip, zstd, zip, tar) as bounded streams, one per file inside.

Archives that are cut off or damaged give what comes before the damage, and say so; those that expand absurdly
are refused. What the files inside hold is not looked at, beyond one more compression in a zip.
"""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BufferedReader
from pathlib import Path
from typing import Any, BinaryIO

from signal_pipeline.errors import PartialReason, RejectionCode, SignalRejected
from signal_pipeline.limits import MIB, Limits
from signal_pipeline.parsing.byte_stream import BUFFER_BYTES, Budget, ByteStream, Pieces, buffered
from signal_pipeline.parsing.decompress import gunzipped, unzstd
from signal_pipeline.parsing.tar_archive import is_tar, tar_members
from signal_pipeline.parsing.torn_zip import torn_members

_ENCRYPTED = 0x1
_CLUTTER = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")  # what file managers add to a zip

# First bytes, container.
MAGIC = (
    (b"\x1f\x8b", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
)
SUPPORTED = ("plain", "gzip", "zstd", "zip", "tar")
HEAD_BYTES = 512
_ZIP_END_BYTES = 22
_LONGEST_ZIP_END = _ZIP_END_BYTES + 65_535
_MAX_DIRECTORY_BYTES = 16 * MIB


@dataclass(frozen=True)
class Member:
    """One file out of a container (a name of SUPPORTED). Read `stream` to its end before asking for the next one.

    `name` is the path inside an archive, as written there and not redacted; None when there is no archive.
    `size` is its bytes after decompression, None when not known.
    """

    stream: BufferedReader[Any]
    container: str = "plain"
    name: str | None = None
    size: int | None = None

    @property
    def problem(self) -> PartialReason | None:
        """Why the data ended before its time; known once `stream` has ended."""
        raw = self.stream.raw
        return raw.problem if isinstance(raw, ByteStream) else None


@dataclass(frozen=True)
class BadMember:
    """A file in an archive that cannot be opened: encrypted, an archive itself, a link.

    Without a name it tells of the archive: cut off, or with more files than are read.
    """

    name: str | None
    reason: PartialReason = PartialReason.BAD_MEMBER


def container_of(head: bytes) -> str:
    """The wrapping that the first bytes (HEAD_BYTES for a tar) tell of: a name of MAGIC, tar, or plain."""
    return next((name for magic, name in MAGIC if head.startswith(magic)), "tar" if is_tar(head) else "plain")


def open_members(path: Path, limits: Limits) -> Iterator[Member | BadMember]:
    """The files in `path`, which is itself the only one when it is not wrapped.

    Raises SignalRejected: TOO_LARGE, EXPAND_RATIO (also while a stream is read), BAD_ARCHIVE, UNSUPPORTED_KIND.
    OSError when the file cannot be opened.
    """
    with io.BufferedReader(io.FileIO(path), BUFFER_BYTES) as file:
        size = path.stat().st_size
        container = container_of(file.peek(HEAD_BYTES))
        if container not in SUPPORTED:
            raise SignalRejected(RejectionCode.UNSUPPORTED_KIND, 0)
        if size > limits.max_file_bytes:
            raise SignalRejected(RejectionCode.TOO_LARGE)
        budget = Budget(size, limits)
        match container:
            case "plain":
                yield Member(file, size=size)
            case "zip":
                yield from _named_apart(_zip_members(file, budget, limits))
            case "tar":
                yield from _named_apart(_tar_members(file, limits, budget))
            case _:
                stream = buffered(ByteStream(_decompressed(container, file), budget))
                yield from _unwrapped(stream, container, budget, limits)


def _unwrapped(
    stream: BufferedReader[Any], container: str, budget: Budget, limits: Limits
) -> Iterator[Member | BadMember]:
    """What a compressed file holds: a file, the same compressed twice, or a tar."""
    within = container_of(stream.peek(HEAD_BYTES))
    if within in ("gzip", "zstd"):  # compressed by the program and again by the one that sent it
        stream = buffered(ByteStream(_decompressed(within, stream), budget))
        within = container_of(stream.peek(HEAD_BYTES))
    match within:
        case "plain":
            yield Member(stream, container)
        case "tar":
            yield from _named_apart(_tar_members(stream, limits, budget))
        case _:
            raise SignalRejected(RejectionCode.BAD_ARCHIVE)


def _decompressed(container: str, source: BinaryIO) -> Pieces:
    return gunzipped(source) if container == "gzip" else unzstd(source)


def _named_apart(members: Iterator[Member | BadMember]) -> Iterator[Member | BadMember]:
    """Archives may hold a name twice; evidence must not mean either."""
    times: Counter[str] = Counter()
    for member in members:
        if member.name is None:
            yield member
            continue
        times[member.name] += 1
        again = times[member.name]
        yield member if again == 1 else replace(member, name=f"{member.name} ({again})")


def _zip_members(file: BufferedReader[Any], budget: Budget, limits: Limits) -> Iterator[Member | BadMember]:
    end = _zip_end(file)
    archive = None if end.directory_bytes > _MAX_DIRECTORY_BYTES else _listed(file)
    if archive is None:
        # The list of members is at the end of a zip: when that is cut off, the members still stand one by one.
        file.seek(0)
        torn = torn_members(file, limits.max_archive_members)
        while True:
            try:
                name, pieces = next(torn)
            except StopIteration as last:
                yield BadMember(None, last.value)
                return
            yield _opened(name, pieces, budget, None, "zip")
    with archive:
        infos = [info for info in archive.infolist() if not info.is_dir() and not _is_clutter(info.filename)]
        for info in infos[: limits.max_archive_members]:
            if stat.S_ISLNK(info.external_attr >> 16):
                yield BadMember(info.filename, PartialReason.LINK_MEMBER)
            elif info.flag_bits & _ENCRYPTED:
                yield BadMember(info.filename)
            else:
                yield _opened(info.filename, _unzipped(archive, info), budget, info.file_size, "zip")
        if len(infos) > limits.max_archive_members:
            yield BadMember(None, PartialReason.TOO_MANY_MEMBERS)
        if end.has_tail:
            yield BadMember(None, PartialReason.TRAILING_DATA)


def _listed(file: BufferedReader[Any]) -> zipfile.ZipFile | None:
    try:
        return zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None


@dataclass(frozen=True)
class _ZipEnd:
    """`directory_bytes`: a directory of millions of empty members would fill the memory before the first of them is
    looked at. `has_tail`: bytes follow that are not the archive's comment.
    """

    directory_bytes: int
    has_tail: bool


def _zip_end(file: BufferedReader[Any]) -> _ZipEnd:
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - _LONGEST_ZIP_END))
    end = file.read()
    file.seek(0)
    at = end.rfind(b"PK\x05\x06")
    if at < 0 or len(end) < at + _ZIP_END_BYTES:
        return _ZipEnd(0, has_tail=False)
    comment = int.from_bytes(end[at + 20 : at + 22], "little")
    directory = int.from_bytes(end[at + 12 : at + 16], "little")
    return _ZipEnd(min(directory, size), has_tail=len(end) > at + _ZIP_END_BYTES + comment)


def _tar_members(stream: BufferedReader[Any], limits: Limits, budget: Budget) -> Iterator[Member | BadMember]:
    count = 0
    for member in tar_members(stream):
        if isinstance(member, PartialReason):
            yield BadMember(None, member)
        elif member.content is None:
            yield BadMember(member.name, PartialReason.LINK_MEMBER)
        elif not _is_clutter(member.name):
            count += 1
            if count > limits.max_archive_members:
                yield BadMember(None, PartialReason.TOO_MANY_MEMBERS)
                return
            yield _opened(member.name, member.content, budget, member.size, "tar")


def _opened(name: str, pieces: Pieces, budget: Budget, size: int | None, archive: str) -> Member | BadMember:
    stream = buffered(ByteStream(pieces, None if archive == "tar" else budget))
    container = container_of(stream.peek(HEAD_BYTES))
    if container == "plain":
        return Member(stream, archive, name, size)
    if container in ("gzip", "zstd"):
        nested = buffered(ByteStream(_decompressed(container, stream), budget))
        if container_of(nested.peek(HEAD_BYTES)) == "plain":
            return Member(nested, archive, name)
    return BadMember(name)


def _is_clutter(name: str) -> bool:
    return name.startswith(_CLUTTER) or name.rpartition("/")[2].startswith((*_CLUTTER, "._"))


def _unzipped(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Pieces:
    try:
        with archive.open(info) as source:
            while piece := source.read(BUFFER_BYTES):
                yield piece
    except EOFError:
        return PartialReason.TRUNCATED
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError):
        return PartialReason.BAD_MEMBER
    return None
