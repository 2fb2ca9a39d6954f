"""The route of a URL: its path with what varies masked, and the names of its query.

What is readable stays: `2fa-verification`, `s3-presigned-url` and `oauth2` are names that hold digits. Ids and hashes
are told by how they are made, piece by piece; in the name of a file the name stays and its hash goes.
Digits that stand alone never matter, so that `/users/7` and `/users/12345` are one route.
"""

from __future__ import annotations

import functools
import itertools
import re

import polars as pl

ROUTE_VERSION = "2026-11-30"
# Changelog
# 2026-11-30  readable segments stay, hashes of files go and their names stay, the host of a network error
# 2026-11-22.2  requests that a log tells of
# 2026-11-22  first rules

ID = "{id}"
_TOKEN = re.compile(r"<[A-Z][A-Z0-9_]*(?::[^>/]*)?>")
_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_SCHEME_AND_HOST = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?://[^/?#]*)?")
_PIECES = re.compile(r"([-_.~:,;=+@!$()|]+)")
_FILE = re.compile(r".*[A-Za-z0-9_~-]\.([a-z][a-z0-9]{0,9})")
_IDS = re.compile(r"\{id\}(?:[-_.~:,;=+@!$()|]+\{id\})+")
_VERSION = re.compile(r"v[0-9]{1,3}(?:\.[0-9]{1,3}){0,2}")
_DIGITS = re.compile(r"[0-9]+")
_CAMEL = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_WORD = re.compile(r"[A-Za-z]{2,}")
_HEX = re.compile(r"[0-9a-f]{6,}|[0-9A-F]{6,}")
_CODE = re.compile(r"[A-Za-z]{1,5}_[A-Za-z0-9]{14,}")
_VOWELS = frozenset("aeiouyAEIOUY")
_ONSETS = frozenset((
    "bl", "br", "ch", "cl", "cr", "dr", "dw", "fl", "fr", "gh", "gl", "gn", "gr", "kn", "kl", "kr", "ph", "pl", "pr",
    "ps", "qu", "rh", "sc", "sch", "scr", "sh", "shr", "sk", "sl", "sm", "sn", "sp", "spl", "spr", "sq", "st", "str",
    "sv", "sw", "th", "thr", "tr", "ts", "tw", "wh", "wr",
))  # fmt: skip
_CODAS = frozenset((
    "ct", "ft", "ld", "lf", "lk", "ll", "lm", "lp", "lt", "mb", "mp", "nd", "ng", "nk", "nt", "pt", "rd", "rk", "rl",
    "rm", "rn", "rp", "rs", "rt", "sk", "sp", "ss", "st", "th", "ck", "cks", "ch", "sh", "gh", "ght", "tch", "nch",
    "rch", "lts", "nds", "ngs", "nks", "nts", "rds", "rks", "rms", "rns", "rts", "sts", "ths", "tts", "ff", "gg",
    "pp", "tt", "zz", "bs", "cs", "ds", "fs", "gs", "hs", "ks", "ls", "ms", "ns", "ps", "ts", "ws", "rst", "rld",
    "lth", "nth", "xt", "lds", "cts", "pts", "mps", "lls", "sks", "rth", "ntx",
))  # fmt: skip
_HASHED_SUFFIXES = frozenset((
    "js", "mjs", "cjs", "css", "wasm", "pdb", "dll", "dat", "map", "woff", "woff2", "ttf", "svg", "png", "jpg",
    "jpeg", "webp", "avif", "ico", "json", "gz", "br",
))  # fmt: skip
_SHORT_WORDS = frozenset((
    "a", "i", "to", "of", "on", "in", "by", "id", "my", "is", "at", "or", "ui", "db", "up", "go", "no", "as", "js", "v",
))  # fmt: skip
_LONG = 40
_MAX_SEGMENTS = 64


def route(url: pl.Expr) -> pl.Expr:
    """Path with ids masked, and the sorted query names: "/users/{id}/orders?page&sort"."""
    return url.map_batches(_routes, return_dtype=pl.String)


def _routes(urls: pl.Series) -> pl.Series:
    distinct = urls.unique()
    known = {url: route_of(url or "") for url in distinct.to_list()}
    return pl.Series(urls.name, [known[url] for url in urls.to_list()], dtype=pl.String)


@functools.lru_cache(maxsize=65_536)
def route_of(url: str) -> str:
    """The route of one URL; "/" for none."""
    scheme = _SCHEME_AND_HOST.match(url)
    rest = (url[scheme.end() :] if scheme else url).partition("#")[0]
    path, _, query = rest.partition("?")
    segments = path.partition(";")[0].split("/")
    masked = "/".join(masked_segment(segment) for segment in segments[:_MAX_SEGMENTS])
    names = sorted({name for part in query.split("&") if (name := part.partition("=")[0])})
    return (masked or "/") + (f"?{'&'.join(names)}" if names else "")


@functools.lru_cache(maxsize=65_536)
def masked_segment(segment: str) -> str:
    """One segment of a path, with its ids and hashes as {id}."""
    if not segment or (segment.isalpha() and len(segment) < 16) or _VERSION.fullmatch(segment):
        return segment
    if _CODE.fullmatch(segment) and any(c.isdigit() for c in segment):
        prefix = segment.partition("_")[0]
        return f"{prefix}_{ID}" if _CODE.fullmatch(segment) and not _TOKEN.search(segment) else ID
    file = _FILE.fullmatch(segment)
    if "%" in segment:
        return f"{ID}.{file[1]}" if file else ID
    text = _UUID.sub(ID, _TOKEN.sub(ID, segment))
    if len(text) >= _LONG and not file and not text.replace(".", "").isalpha():
        return ID
    pieces = _PIECES.split(text)
    last = len(pieces) - 1
    is_only_name = last == 2 and len(pieces[0]) == 8 and any(map(str.isdigit, pieces[0]))
    masked = [
        piece
        if place % 2 or piece == ID or (file and place == last)
        else _masked_piece(piece, (place > 0 or is_only_name) and bool(file), file)
        for place, piece in enumerate(pieces)
    ]
    joined = _IDS.sub(ID, "".join(masked))
    words = _WORD.search(joined.replace(ID, "") if not file else joined.rpartition(".")[0].replace(ID, ""))
    if ID in joined and not words:
        return f"{ID}.{file[1]}" if file else ID
    return joined


def _masked_piece(piece: str, behind_name: bool, file: re.Match[str] | None) -> str:
    """`piece` is without separators. After the name of a file a hash is more likely than a word."""
    if piece.isdigit():
        return ID
    digits = sum(map(str.isdigit, piece))
    if behind_name and file is not None and file[1] in _HASHED_SUFFIXES and _is_hash(piece, digits):
        return ID
    if not digits:
        return ID if len(piece) >= 16 and not _readable(piece) else piece
    if _is_opaque(piece, digits):
        return ID
    return _DIGITS.sub(lambda run: ID if len(run[0]) >= 4 else run[0], piece) if digits >= 4 else piece


def _is_opaque(piece: str, digits: int) -> bool:
    """Letters and digits in turns, hex, or letters that make no words around digits."""
    if _HEX.fullmatch(piece):
        return digits >= 2 or len(piece) >= 10
    turns = sum(a.isdigit() != b.isdigit() for a, b in itertools.pairwise(piece))
    if turns >= 3 and len(piece) >= 6:
        return True
    if turns >= 2 and digits >= 4:
        return True
    return len(piece) >= 10 and not _readable(piece)


def _is_hash(piece: str, digits: int) -> bool:
    if len(piece) < 6 or len(piece) > 64:
        return False
    if _HEX.fullmatch(piece) and digits:
        return True
    if digits:
        return len(piece) >= 8 and (_is_opaque(piece, digits) or not _readable(piece) or _mixed(piece))
    return 8 <= len(piece) <= 24 and not _readable(piece)


def _mixed(piece: str) -> bool:
    """Digits among letters of both cases, not in front of or after a name."""
    inside = piece.strip("0123456789")
    return any(c.isdigit() for c in inside) and not piece.islower()


def _readable(piece: str) -> bool:
    """Made of pieces that can be spoken: camel case and acronyms of up to five letters among them."""
    words = _CAMEL.findall(piece)
    return bool(words) and all(_is_word(word) for word in words) and sum(map(len, words)) * 3 >= len(piece) * 2


def _is_word(word: str) -> bool:
    if word.isupper():
        return len(word) <= 5
    if len(word) < 3:
        return word.lower() in _SHORT_WORDS
    lowered = word.lower()
    start = next((i for i, c in enumerate(lowered) if c in _VOWELS), None)
    if start is None:
        return False
    end = max(i for i, c in enumerate(lowered) if c in _VOWELS)
    onset, coda = lowered[:start], lowered[end + 1 :]
    fine_edges = (len(onset) < 2 or onset in _ONSETS) and (len(coda) < 2 or coda in _CODAS)
    return fine_edges and not re.search(r"[^aeiouy]{5}", lowered)
