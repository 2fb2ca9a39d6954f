"""A mixed log as a fleet writes it into one file: stretches of application text with stack traces, JSON lines, access
logs, syslog, logfmt and nginx errors. Seeded. No line is copied: times, ids, hosts, addresses, users and numbers are
drawn again for each, and the words of the messages come from some hundred texts.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path

Draw = Callable[[], str]


def write_mixed_log(path: Path, lines: int) -> None:
    """Some 130 bytes a line."""
    with path.open("w", encoding="utf-8") as file:
        written: list[str] = []
        for number, line in enumerate(mixed_lines(random.Random(20260301))):
            if number == lines:
                break
            written.append(line)
            if len(written) == 50_000:
                file.write("\n".join(written) + "\n")
                written.clear()
        file.write("".join(f"{line}\n" for line in written))


def mixed_lines(rng: random.Random) -> Iterator[str]:
    """Lines without end."""
    source = _Source(rng)
    kinds = (source.text, source.text, source.text, source.json, source.json, source.access, source.syslog)
    rare = (source.logfmt, source.nginx)
    while True:
        stretch = rng.choice(rare) if rng.random() < 0.08 else rng.choice(kinds)
        for _ in range(rng.randint(50, 400)):
            yield from stretch()


_WORDS = (
    "cart",
    "order",
    "payment",
    "invoice",
    "user",
    "stock",
    "search",
    "mail",
    "report",
    "session",
    "price",
    "image",
)
_NAMES = (
    "ada",
    "grace",
    "alan",
    "linus",
    "barbara",
    "edsger",
    "donald",
    "margaret",
    "ken",
    "dennis",
    "deploy",
    "backup",
)
_CLASSES = tuple(
    f"com.{company}.{room}.{word.title()}{kind}"
    for company, room in (("shop", "web"), ("shop", "core"), ("acme", "billing"))
    for word in _WORDS
    for kind in ("Service", "Controller", "Repository")
)  # fmt: skip
_INFO = (
    "{word} {id} of customer {id} was saved in {small} ms", "finished batch {id} of {mid} rows in {small} ms",
    "GET /api/v2/{word}/{id} took {small} ms", "cache hit ratio {small}.{small} % over {mid} requests",
    "connection to {ip}:{port} established", "user {name} signed in from {ip}", "loaded {mid} {word} entries from {path}",
    "scheduled job {word}-sync-{mid} for {date} {clock}", "queue depth {mid}, consumers {few}, lag {small} ms",
    "published {few} events to topic {word}-events partition {few} offset {id}", "session {uuid} started",
    "replaced blob {hex} ({mid} bytes)", "retry {few} of {few} for {word} {id}", "health check ok: db={few}ms mq={few}ms",
    "configuration reloaded, {few} keys changed", "sent mail to {name}@example.com about {word} {id}",
    "heap {mid}M of {mid}M used, {small} classes unloaded", "worker {few} idle for {small} s", "{word} index rebuilt",
    "accepted upload {path} of {id} bytes from {ip}", "feature flag {word}.beta is on for {mid} accounts",
    "thread pool {word}-pool: active {few}, queued {small}", "token refreshed for client {hex8}", "{word} {id} -> {word} {id}",
    "compacted segment {mid} of {word}-log in {small} ms", "leader election for {word}-{few} took {small} ms",
    "flushed {mid} metrics", "rolled over to {path}", "subscribed to {word}.changes with {few} workers", "done",
    "rebalancing {few} partitions of {word}-events", "{word} {id}: state changed from NEW to PAID", "warmed up in {mid} ms",
    "checksum of {path} matches", "skipping {word} {id}: nothing changed", "evicted {mid} entries from {word} cache",
    "GET /{word}s/{id}/history 200 {small}ms", "committed offset {id} for {word}-events-{few}", "listening on port {port}",
    "fetched {mid} rows of table {word}s in {few} pages", "connection pool {word}: {few} in use, {few} idle, {few} waiting",
    "moved {few} {word}s to the archive", "resolved {host} to {ip}", "gc pause {small} ms, freed {mid} MB", "starting up",
    "exchange rate EUR/USD set to 1.{mid}", "template {word}.html rendered in {small} ms", "{mid} {word}s due on {date}",
    "lock {word}-{id} acquired after {small} ms", "lock {word}-{id} released", "snapshot {id} of shard {few} written",
    "customer {id} changed address", "discount of {few} % applied to {word} {id}", "label printed for parcel {id}",
    "polling {host} every {few} s", "received {mid} bytes in {few} chunks", "{word} import: line {mid} of {mid}", "ping {ip} {small} ms",
)  # fmt: skip
_WARN = (
    "slow query ({small}{few}0 ms): select * from {word}s where id = {id}", "{word} {id} not found, using default",
    "rate limit reached for {ip}: {mid} requests in {few} s", "disk {path} is {small} % full", "deprecated call to {word}()",
    "response of {ip}:{port} took {mid} ms, more than {small} ms", "certificate of {host} expires in {few} days",
)  # fmt: skip
_ERROR = (
    "{word} {id} failed: connection to {ip}:{port} refused", "could not write {path}: No space left on device",
    "request {uuid} timed out after {mid} ms", "HTTP 503 from http://{host}/{word}/{id}", "duplicate key {id} in {word}s",
    "cannot parse {word} {id}: unexpected token at line {mid}", "deadlock detected while updating {word} {id}",
    "authentication failed for user {name} from {ip}", "upstream {host}:{port} answered 502", "out of stock: {word} {id}",
)  # fmt: skip
_EXCEPTIONS = (
    ("java.net.ConnectException", "Connection refused"), ("java.lang.NullPointerException", "Cannot invoke \"{word}\""),
    ("java.sql.SQLException", "ORA-00060: deadlock detected"), ("java.io.IOException", "Broken pipe"),
    ("java.util.concurrent.TimeoutException", "{mid} ms elapsed"), ("java.lang.IllegalStateException", "{word} {id} is closed"),
)  # fmt: skip
_AGENTS = (
    "Mozilla/5.0 (X11; Linux x86_64; rv:{few}{few}.0) Gecko/20100101 Firefox/{few}{few}.0", "curl/8.{few}.{few}",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/1{few}{few}.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_{few} like Mac OS X) AppleWebKit/605.1.15", "kube-probe/1.{few}", "okhttp/4.{few}",
)  # fmt: skip
_URLS = (
    "/{word}s/{id}?page={few}", "/static/{word}.{hex8}.js", "/api/v2/{word}s/{id}/items", "/", "/healthz", "/search?q={word}",
    "/api/v1/{word}s?limit={small}&offset={mid}", "/img/{word}/{id}.png", "/{word}/{uuid}",
)  # fmt: skip
_SYSLOG = (
    ("sshd", "Accepted publickey for {name} from {ip} port {port} ssh2"), ("sshd", "Failed password for {name} from {ip} port {port} ssh2"),
    ("sshd", "Disconnected from user {name} {ip} port {port}"), ("CRON", "({name}) CMD (/usr/local/bin/{word}-cleanup --days {few})"),
    ("systemd", "Started Session {id} of user {name}."), ("systemd", "{word}.service: Consumed {small}.{small}s CPU time."),
    ("kernel", "[{id}.{id}] eth{few}: link up, {mid} Mbps"), ("postfix/smtpd", "connect from {host}[{ip}]"),
    ("dhclient", "DHCPACK of {ip} from {ip}"), ("dockerd", "level=info msg=\"ignoring event\" container={hex64}"),
)  # fmt: skip
_NGINX = (
    "connect() failed (111: Connection refused) while connecting to upstream, client: {ip}, server: {host}, request: \"GET /{word}/{id} HTTP/1.1\"",
    "open() \"/usr/share/nginx/html/{word}/{id}.png\" failed (2: No such file or directory), client: {ip}, server: {host}",
    "upstream timed out (110: Connection timed out) while reading response header from upstream, client: {ip}",
)  # fmt: skip


@cache
def _pieces(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """What comes before the first name in braces, and each name with what follows it."""
    first, *rest = text.split("{")
    return first, tuple((piece.partition("}")[0], piece.partition("}")[2]) for piece in rest)


def _stacks() -> list[tuple[str, ...]]:
    """Some hundred ways to fail, each with the methods that it passes; line numbers differ from build to build."""
    rng = random.Random(7)
    stacks = []
    for _ in range(120):
        classes = [rng.choice(_CLASSES) for _ in range(rng.randint(1, 7))]
        places = [f"{name}.{rng.choice(_WORDS)}({name.rsplit('.', 1)[1]}.java" for name in classes]
        stacks.append((rng.choice(_ERROR), *rng.choice(_EXCEPTIONS), *places))
    return stacks


_STACKS = _stacks()


class _Source:
    """Draws lines of each kind."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._second = 0
        below = self._below

        def choice(many: Sequence[str]) -> str:
            return many[int(rng.random() * len(many))]

        paths = [f"/var/lib/{word}/{name}" for word in _WORDS for name in _NAMES]
        self._draws: dict[str, Draw] = {
            "word": lambda: choice(_WORDS), "name": lambda: choice(_NAMES), "path": lambda: f"{choice(paths)}/{below(10**5)}.dat",
            "id": lambda: str(below(10 ** (1 + below(7)))), "mid": lambda: str(below(10_000)), "small": lambda: str(below(900)),
            "few": lambda: str(below(10)), "port": lambda: str(1024 + below(60_000)), "uuid": self._uuid,
            "ip": lambda: f"{10 + below(190)}.{below(256)}.{below(256)}.{below(256)}", "hex": lambda: f"{rng.getrandbits(160):040x}",
            "hex8": lambda: f"{rng.getrandbits(32):08x}", "hex64": lambda: f"{rng.getrandbits(256):064x}",
            "host": lambda: f"{choice(_WORDS)}-{below(40)}.prod.example.com", "clock": self._clock, "date": self._date,
        }  # fmt: skip

    def _below(self, bound: int) -> int:
        return int(self._rng.random() * bound)

    def _uuid(self) -> str:
        digits = f"{self._rng.getrandbits(128):032x}"
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"

    def _fill(self, texts: tuple[str, ...]) -> str:
        """One of the texts with every name in braces drawn by itself."""
        draws = self._draws
        first, rest = _pieces(texts[int(self._rng.random() * len(texts))])
        return first + "".join([draws[name]() + after for name, after in rest])

    def _clock(self) -> str:
        self._second += self._rng.random() < 0.3
        second = self._second
        return f"{second // 3600 % 24:02d}:{second // 60 % 60:02d}:{second % 60:02d}"

    def _date(self) -> str:
        return f"2026-03-{1 + self._second // 86_400 % 28:02d}"

    def text(self) -> list[str]:
        rng = self._rng
        draw = rng.random()
        level, texts = ("INFO ", _INFO) if draw < 0.85 else ("WARN ", _WARN) if draw < 0.97 else ("ERROR", _ERROR)
        head = (
            f"{self._date()} {self._clock()},{self._below(1000):03d} {level} [{rng.choice(_WORDS)}-{self._below(16)}]"
        )
        name = rng.choice(_CLASSES)
        error, kind, text, *places = rng.choice(_STACKS)
        line = f"{head} {name} - {self._fill((error,) if level == 'ERROR' else texts)}"
        if level != "ERROR" or rng.random() < 0.3:
            return [line]
        frames = [f"\tat {place}:{self._below(600)})" for place in places]
        return [
            line,
            f"{kind}: {self._fill((text,))}",
            *frames,
            "\tat java.base/java.lang.Thread.run(Thread.java:1583)",
        ]

    def json(self) -> list[str]:
        draw = self._rng.random()
        level, texts = ("info", _INFO) if draw < 0.85 else ("warn", _WARN) if draw < 0.95 else ("error", _ERROR)
        message = self._fill(texts).replace('"', "'")
        return [
            f'{{"time": "{self._date()}T{self._clock()}.{self._below(1000):03d}Z", "level": "{level}", "logger":'
            f' "{self._rng.choice(_WORDS)}s", "msg": "{message}", "trace_id": "{self._rng.getrandbits(128):032x}"}}'
        ]

    def access(self) -> list[str]:
        rng, draw = self._rng, self._draws
        status = rng.choice((200, 200, 200, 200, 200, 200, 304, 301, 404, 500, 503))
        return [
            f"{draw['ip']()} - - [{1 + self._second // 86_400 % 28:02d}/Mar/2026:{self._clock()} +0000]"
            f' "{rng.choice(("GET", "GET", "GET", "POST"))} {self._fill(_URLS)} HTTP/1.1" {status} {self._below(90_000)}'
            f' "-" "{self._fill(_AGENTS)}"'
        ]

    def syslog(self) -> list[str]:
        program, text = self._rng.choice(_SYSLOG)
        pid = "" if program == "kernel" else f"[{self._below(30_000)}]"
        day = 1 + self._second // 86_400 % 28
        return [f"Mar {day:2d} {self._clock()} web-{self._below(40)} {program}{pid}: {self._fill((text,))}"]

    def logfmt(self) -> list[str]:
        return [
            f"ts={self._date()}T{self._clock()}.{self._below(1000):03d}Z level=info caller={self._rng.choice(_WORDS)}.go:{self._below(500)}"
            f' msg="{self._fill(_INFO)}" duration={self._below(900)}ms'
        ]

    def nginx(self) -> list[str]:
        date = self._date().replace("-", "/")
        return [
            f"{date} {self._clock()} [error] {self._below(30_000)}#{self._below(9)}: *{self._below(10**6)} {self._fill(_NGINX)}"
        ]
