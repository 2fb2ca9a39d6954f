"""Plants generated secrets in logs and HARs: every position, in several encodings, values random from a seed.

A fifth of the positions is held out: it is not looked at while rules are written, and its recall is told apart; so are
the positions of `unseen`. Each position has random values of its own, so a new one changes none of the others.
"""

from __future__ import annotations

import base64
import json
import random
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

from signal_pipeline_tests.redaction.canaries import ENCODINGS as COMMON_ENCODINGS
from signal_pipeline_tests.redaction.canaries import Canary
from signal_pipeline_tests.redaction.planted import containers, positions, unseen, values
from signal_pipeline_tests.redaction.planted.positions import Position

SEEDS = (201, 202, 203, 204, 205)
UNSEEN = "unseen"
"""The kind of the positions in `unseen`."""
_HELD_OUT = 5
_STAMP = "2026-03-01 10:00:{second:02d},100 ERROR app.core - "
_CRI = "2026-03-01T10:00:{second:02d}.100000000Z stderr F "
_SYSLOG = "Mar  1 10:00:{second:02d} web1 app[411]: "
_DOCKER = "2026-03-01T10:00:{second:02d}.100000000Z "

ENCODINGS: dict[str, Callable[[str], str]] = {
    **COMMON_ENCODINGS,
    "percent_lower": lambda text: "".join(f"%{byte:02x}" for byte in text.encode()),
    "url": lambda text: quote(text, safe=""),
    "double_url": lambda text: quote(quote(text, safe=""), safe=""),
    "hex": lambda text: text.encode().hex(),
    "hex_upper": lambda text: text.encode().hex().upper(),
    "base32": lambda text: base64.b32encode(text.encode()).decode(),
    "base64_url": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    "base64_utf16": lambda text: base64.b64encode(text.encode("utf-16-le")).decode(),
    "deflate_base64": lambda text: base64.b64encode(zlib.compress(text.encode())).decode(),
}


@dataclass(frozen=True)
class Planted:
    """One planted secret: the text it stands in (perhaps several lines), and whether its position is held out."""

    canary: Canary
    text: str
    is_held_out: bool

    @property
    def group(self) -> str:
        """known, held out or unseen."""
        return UNSEEN if self.canary.secret == UNSEEN else "held out" if self.is_held_out else "known"


def all_positions() -> list[Position]:
    """Every row of the tables."""
    families = {
        "prose": positions.PROSE,
        "command": positions.COMMANDS,
        "protocol": positions.PROTOCOLS,
        "sql": positions.SQL,
        "trace": positions.TRACES,
        "structure": positions.STRUCTURES,
        "table": containers.TABLES,
        "literal": containers.LITERALS,
        "setting": containers.SETTINGS,
        "connection": containers.CONNECTIONS,
    }
    rows = [Position(kind, template) for kind, templates in families.items() for template in templates]
    rows += unseen_positions()
    rows += [Position("place", template, make) for template, make in positions.PLACES]
    rows += [
        Position(kind, around, make)
        for number, (kind, make) in enumerate((*values.NATIONAL_IDS.items(), *values.PHONES.items()))
        for around in _two_of(positions.AROUND_PHONES if kind.startswith("phone") else positions.AROUND_IDS, number)
    ]
    return rows + [Position(kind, f"{name}: §", make) for kind, (name, make) in values.NAMED_IDS.items()]


def unseen_positions() -> list[Position]:
    """The rows of `unseen`."""
    families = (unseen.TABLES, unseen.LITERALS, unseen.SETTINGS, unseen.CONNECTIONS, unseen.TALK)
    rows = [Position(UNSEEN, template) for templates in families for template in templates]
    return rows + [Position(UNSEEN, f"{name}: §", make) for name, make in unseen.PHONES.items()]


def _two_of(rows: tuple[str, ...], number: int) -> tuple[str, str]:
    return rows[number % len(rows)], rows[(number + 1) % len(rows)]


def is_held_out(template: str) -> bool:
    """One position of five, by its wording alone."""
    return zlib.crc32(template.encode()) % _HELD_OUT == 0


def planted(seed: int) -> Iterator[Planted]:
    """Each position once in plain and once in one encoding, addresses in disguise, and keys of many lines."""
    names = list(ENCODINGS)
    for row in all_positions():
        yield _plant(seed, row, "plain")
        if "\n" not in row.template:
            yield _plant(seed, row, names[(zlib.crc32(row.template.encode()) + seed) % len(names)])
    yield from _pairs(seed)
    yield from _addresses(seed)


def _stream(*place: object) -> random.Random:
    """The random numbers of one place."""
    return random.Random("\0".join(map(str, place)))


def _plant(seed: int, row: Position, encoding: str) -> Planted:
    value = row.make(_stream(seed, row.kind, row.template, encoding))
    text = row.template.replace("§", value)
    if encoding != "plain":
        text = ENCODINGS[encoding if len(text) >= 24 else "base64" if encoding == "base64_url" else encoding](text)
    shown = text if encoding not in ("plain", "url", "double_url", "percent_lower") else value
    return Planted(
        Canary(row.kind, row.template, encoding, value, shown),
        _around(encoding, text),
        row.kind != UNSEEN and is_held_out(row.template),
    )


def _around(encoding: str, text: str) -> str:
    return text if encoding == "plain" else f"body {text} refused"


def _pairs(seed: int) -> Iterator[Planted]:
    """`password=...` in each encoding, in three forms."""
    for encoding, encode in ENCODINGS.items():
        for form in ("password=§", '{"token":"§"}', "user=alice&passwd=§&x=1"):
            value = values.password(_stream(seed, encoding, form))
            text = encode(form.replace("§", value))
            yield Planted(Canary("pair", form, encoding, value, text), f"payload={text} was refused", False)


def _addresses(seed: int) -> Iterator[Planted]:
    for kind, form in positions.ADDRESSES:
        value = values.address(_stream(seed, kind, form))
        user, _, rest = value.partition("@")
        host, _, top = rest.partition(".")
        text = form.format(user=user, host=host, top=top)
        yield Planted(Canary("address", kind, "plain", user, text), f"bounced: {text} unknown", is_held_out(form))


def key_blocks(seed: int) -> Iterator[tuple[str, str, list[str]]]:
    """Name, text and lines to look for of private keys: PEM, PuTTY, SSH, PGP."""
    rng = random.Random(seed)

    def lines(count: int, size: int = 64) -> list[str]:
        full = [values.run(rng, values.ALNUM + "+/", size) for _ in range(count)]
        return [*full, values.run(rng, values.ALNUM, 22) + "=="]

    for name in ("RSA PRIVATE KEY", "PRIVATE KEY", "OPENSSH PRIVATE KEY", "EC PRIVATE KEY"):
        body = lines(4)
        yield name, "\n".join((f"-----BEGIN {name}-----", *body, f"-----END {name}-----")), body
    public, private = lines(2), lines(3)
    putty = (
        "PuTTY-User-Key-File-3: ssh-rsa", "Encryption: none", "Comment: alice", f"Public-Lines: {len(public)}", *public,
        f"Private-Lines: {len(private)}", *private, f"Private-MAC: {values.run(rng, values.HEX, 64)}",
    )  # fmt: skip
    yield "putty", "\n".join(putty), private
    short = [values.run(rng, values.ALNUM.lower(), 6) + "=" for _ in range(3)]
    body = [*lines(2, 32), *short]
    yield "short lines", "\n".join(("-----BEGIN PRIVATE KEY-----", *body, "-----END PRIVATE KEY-----")), body


def log_files(seed: int) -> dict[str, tuple[bytes, list[Planted]]]:
    """Whole logs by name: what is planted, in prose lines with a stamp, as JSON records, with prefixes of containers."""
    rows = list(planted(seed))
    files = {
        "stamped": _log(rows, _STAMP, every=False),
        "every_line": _log([row for row in rows if "\n" in row.text], _STAMP, every=True),
        "cri": _log(rows, _CRI, every=True),
        "syslog": _log([row for row in rows if "\n" in row.text], _SYSLOG, every=True),
        "json": "".join(
            json.dumps({"time": f"2026-03-01T10:00:{n % 60:02d}Z", "level": "error", "msg": row.text}) + "\n"
            for n, row in enumerate(rows)
        ),
    }
    whole = {name: (text.encode(), rows) for name, text in files.items()}
    keys = [
        Planted(Canary("key", name, "plain", line, line), "", False)
        for name, _, body in key_blocks(seed)
        for line in body
    ]
    blocks = "\n".join(f"loaded\n{text}\ndone" for _, text, _ in key_blocks(seed))
    for name, prefix in {"cri": _CRI, "syslog": _SYSLOG, "docker": _DOCKER, "stamped": _STAMP}.items():
        text = "".join(prefix.format(second=n % 60) + line + "\n" for n, line in enumerate(blocks.split("\n")))
        whole[f"keys_{name}"] = (text.encode(), keys)
    return whole


def _log(rows: list[Planted], prefix: str, *, every: bool) -> str:
    out = []
    for number, row in enumerate(rows):
        stamp = prefix.format(second=number % 60)
        out.append(stamp + (row.text.replace("\n", "\n" + stamp) if every else row.text) + "\n")
    return "".join(out)


def har_file(seed: int) -> tuple[bytes, list[Planted]]:
    """A HAR: what is planted stands in bodies of failed responses; in paths, hosts and query names of URLs."""
    rows = list(planted(seed))
    entries = [_entry("https://shop.example.com/api/orders", json.dumps({"error": {"message": r.text}})) for r in rows]
    urls = [p for p in positions.PLACES if (p[0].startswith("https://") or re.search(r"\s(?:/|https://)", p[0]))]
    for template, make in urls:
        value = make(_stream(seed, "har", template))
        found = re.search(r"(?:https://\S+|/\S+)", template.replace("§", value))
        assert found is not None
        url = found[0] if found[0].startswith("http") else f"https://shop.example.com{found[0]}"
        rows.append(Planted(Canary("url", template, "har", value, value), url, is_held_out(template)))
        entries.append(_entry(url, "{}"))
    log = {"version": "1.2", "creator": {"name": "x", "version": "1"}, "pages": [], "entries": entries}
    return json.dumps({"log": log}).encode(), rows


def _entry(url: str, body: str) -> dict[str, object]:
    return {
        "startedDateTime": "2026-03-01T10:00:00.000Z",
        "time": 3.0,
        "request": {
            "method": "POST", "url": url, "httpVersion": "HTTP/1.1", "headers": [], "queryString": [], "cookies": [],
            "headersSize": -1, "bodySize": 0,
        },
        "response": {
            "status": 500, "statusText": "Internal Server Error", "httpVersion": "HTTP/1.1", "headers": [], "cookies": [],
            "content": {"size": len(body), "mimeType": "application/json", "text": body}, "redirectURL": "",
            "headersSize": -1, "bodySize": -1,
        },
        "cache": {},
        "timings": {"send": 1, "wait": 1, "receive": 1},
    }  # fmt: skip
