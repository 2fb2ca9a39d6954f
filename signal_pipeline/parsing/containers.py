"""Opens what files come wrapped in (gzip, zstd, zip) as bounded streams, one per file inside.

Archives that are cut off or damaged give what comes before the damage, and say so; those that expand absurdly
are refused. What the files inside hold is not looked at, beyond one more compression in a zip.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import Any, BinaryIO

from signal_pipeline.errors import PartialReason, RejectionCode, SignalRejected
from signal_pipeline.limits import Limits
from signal_pipeline.parsing.byte_stream import BUFFER_BYTES, Budget, ByteStream, Pieces, buffered
from signal_pipeline.parsing.decompress import gunzipped, unzstd
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
SUPPORTED = ("plain", "gzip", "zstd", "zip")


@dataclass(frozen=True)
class Member:
    """One file out of a container (plain, gzip, zstd, zip). Read `stream` to its end before asking for the next one.

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
    """A file in an archive that cannot be opened: encrypted, an archive itself, beyond the count, cut off."""

    name: str | None
    reason: PartialReason = PartialReason.BAD_MEMBER


def container_of(head: bytes) -> str:
    """The wrapping that the first bytes tell of: a name of MAGIC, or plain."""
    return next((name for magic, name in MAGIC if head.startswith(magic)), "plain")


def open_members(path: Path, limits: Limits) -> Iterator[Member | BadMember]:
    """The files in `path`, which is itself the only one when it is not wrapped.

    Raises SignalRejected: TOO_LARGE, EXPAND_RATIO (also while a stream is read), BAD_ARCHIVE, UNSUPPORTED_KIND.
    OSError when the file cannot be opened.
    """
    with io.BufferedReader(io.FileIO(path), BUFFER_BYTES) as file:
        size = path.stat().st_size
        container = container_of(file.peek(16))
        if container not in SUPPORTED:
            raise SignalRejected(RejectionCode.UNSUPPORTED_KIND, 0)
        if size > limits.max_file_bytes:
            raise SignalRejected(RejectionCode.TOO_LARGE)
        budget = Budget(size, limits)
        match container:
            case "plain":
                yield Member(file, size=size)
            case "zip":
                yield from _zip_members(file, budget, limits)
            case _:
                stream = buffered(ByteStream(_decompressed(container, file), budget))
                if container_of(stream.peek(16)) != "plain":
                    raise SignalRejected(RejectionCode.BAD_ARCHIVE)  # an archive in an archive
                yield Member(stream, container)


def _decompressed(container: str, source: BinaryIO) -> Pieces:
    return gunzipped(source) if container == "gzip" else unzstd(source)


def _zip_members(file: BufferedReader[Any], budget: Budget, limits: Limits) -> Iterator[Member | BadMember]:
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        # The list of members is at the end of a zip: when that is cut off, the members still stand one by one.
        file.seek(0)
        for name, pieces in torn_members(file, limits.max_archive_members):
            yield _opened(name, pieces, budget, None)
        yield BadMember(None, PartialReason.TRUNCATED)
        return
    with archive:
        infos = [info for info in archive.infolist() if not info.is_dir() and not _is_clutter(info.filename)]
        for count, info in enumerate(infos):
            if count >= limits.max_archive_members or info.flag_bits & _ENCRYPTED:
                yield BadMember(info.filename)
            else:
                yield _opened(info.filename, _unzipped(archive, info), budget, info.file_size)


def _opened(name: str, pieces: Pieces, budget: Budget, size: int | None) -> Member | BadMember:
    stream = buffered(ByteStream(pieces, budget))
    container = container_of(stream.peek(16))
    if container == "plain":
        return Member(stream, "zip", name, size)
    if container in ("gzip", "zstd"):
        nested = buffered(ByteStream(_decompressed(container, stream), budget))
        if container_of(nested.peek(16)) == "plain":
            return Member(nested, "zip", name)
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
