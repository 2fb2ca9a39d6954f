"""Which HTTP request a record speaks of: from its columns where the reader filled them, else from its message.

A table of wordings. What follows from a mention is decided in links.py.
"""

from __future__ import annotations

import polars as pl

_METHOD = "GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS"
# A path has a slash at its beginning or follows a host; what follows ? and # is not part of it.
_PLACE = r"(?:https?://[^\s/\"'<>]+)?/[^\s\"'?#,;)\]]*"

REQUEST = rf"\b(?:{_METHOD})\b[\s:\"']{{1,3}}{_PLACE}"
"""`GET /cart`, `"POST https://shop.example/cart HTTP/1.1"`, `PUT: /a`."""

WORDINGS: tuple[tuple[str, str, str], ...] = (
    # name, pattern with one group, example
    ("method", rf"\b({_METHOD})\b[\s:\"']{{1,3}}(?:https?://|/)", "Unhandled exception in POST /api/orders"),
    ("place", rf"\b(?:{_METHOD})\b[\s:\"']{{1,3}}({_PLACE})", "Unhandled exception in POST /api/orders"),
    ("path", r"(?:^|[\s\"'(=])((?:https?://[^\s/\"'<>]+)?/[A-Za-z0-9_.~%-][^\s\"'?#,;)\]]*)",
     "Rejected /me"),
    ("status", rf"{REQUEST}[^\s]*(?: HTTP/[0-9.]+)?\"?(?: ->| -| =>|:)? ?(?:status[=: ]{{1,2}})?([1-5][0-9][0-9])\b",
     "POST /api/orders 500 264 ms"),
    ("status", r"(?i)\b(?:status(?: code)?(?: of)?|responded with|http|code)[ =:]{1,3}([1-5][0-9][0-9])\b",
     "the server responded with a status of 404 (Not Found)"),
    ("status",
     r"\b([45][0-9][0-9]) (?:Bad|Unauthorized|Forbidden|Not|Method|Conflict|Gone|Too|Internal|Service|Gateway)\b",
     "ApiError: 504 Gateway Timeout"),
    ("milliseconds", rf"{REQUEST}.{{0,80}}?\b([0-9]{{1,9}}(?:\.[0-9]{{1,6}})?) ?ms\b", "POST /api/orders 500 264 ms"),
    ("seconds", rf"{REQUEST}.{{0,80}}?\b([0-9]{{1,6}}\.[0-9]{{1,9}}) ?s(?:ec(?:onds)?)?\b", "GET /a 200 in 0.264 s"),
)  # fmt: skip

_VARIABLE = r"/(?:[0-9]+|[0-9a-fA-F]{8,}|[0-9a-fA-F-]{36}|<[^/>]*>|\{[^/}]*\}|:[A-Za-z_]\w*)/"
_HOST = r"^[A-Za-z][A-Za-z0-9+.-]*://([^/?#]+)"


def with_mentions(entries: pl.DataFrame) -> pl.DataFrame:
    """`entries` (columns of PARSED) with `m_method`, `m_host`, `m_path`, `m_route`, `m_status`, `m_ms`, null where
    nothing is said. `m_route` is the path with its variable parts as `{}`.
    """
    text = pl.col("message").str.slice(0, 2_000)
    said = {
        name: pl.coalesce([text.str.extract(pattern, 1) for kind, pattern, _ in WORDINGS if kind == name])
        for name in ("method", "place", "path", "status", "milliseconds", "seconds")
    }
    place = pl.coalesce("url", said["place"], said["path"])
    found = entries.with_columns(
        m_method=pl.coalesce("method", pl.when(pl.col("url").is_null()).then(said["method"])),
        m_host=place.str.extract(_HOST, 1).str.to_lowercase(),
        m_path=_path(place),
        m_status=pl.coalesce("status", said["status"].cast(pl.Int32(), strict=False)),
        m_ms=pl.coalesce(
            "duration_ms",
            said["milliseconds"].cast(pl.Float64(), strict=False),
            said["seconds"].cast(pl.Float64(), strict=False) * 1000,
        ),
    )
    return found.with_columns(m_route=route_of(pl.col("m_path")))


def _path(place: pl.Expr) -> pl.Expr:
    path = place.str.replace(r"^[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*", "").str.extract(r"^([^?#]*)", 1)
    trimmed = path.str.strip_chars_end("/.:")
    return pl.when(path.is_not_null()).then(pl.when(trimmed == "").then(pl.lit("/")).otherwise(trimmed))


def route_of(path: pl.Expr) -> pl.Expr:
    """Each segment between slashes of its own, since neighbours would share one."""
    apart = pl.concat_str(path.str.replace_all("/", "//", literal=True), pl.lit("/"))
    shared = apart.str.replace_all(_VARIABLE, "/{}/").str.replace_all("//", "/", literal=True)
    return pl.when(path == "/").then(path).otherwise(shared.str.strip_suffix("/"))
