"""Which service an entry is of, and which hosts its text names."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import re2

_SUFFIXES = re2.compile(r"(?i)(?:\.(?:gz|zst|zip|log|txt|out|err|json|jsonl|har|ndjson|[0-9]{1,3}))+$")
_POD = re2.compile(r"-[0-9a-f]{6,10}-[0-9a-z]{5}(?:_.*)?$")
_HOST = re2.compile(
    r"(?i)\b(?:https?|grpc|amqps?|postgres(?:ql)?|mysql|redis|mongodb|tcp|nats|kafka|ws|wss)://"
    r"(?:[^/\s@\"']{1,80}@)?([a-z][\w.-]{1,100})(?::\d{1,5})?"
)
_HOST_PORT = re2.compile(
    r"(?i)(?:^|[\s(\[=\"'/,])([a-z][a-z0-9-]{2,60}(?:\.[a-z0-9-]{1,60}){0,6}):(\d{2,5})(?:$|[\s)\]\"'/,;:])"
)
_UNIT = re2.compile(r"(?i)(?:^|[\s(\[\"'])([a-z][a-z0-9-]{2,60})(?:@[^\s.]{1,60})?\.service(?:$|[\s:,;)\]\"'])")
_LOCAL = ("localhost", "ip6-localhost")
MAX_HOSTS = 8


def service_of(row: Mapping[str, Any], file_name: str) -> str:
    """The name of the row's file without its endings and without a pod's; of an archive the member's.

    Several services in one file are told by component where its lines name one each; that is for the reader to have
    found out (`component`), and is used when the file's own name says nothing (`stdout`, `all`).
    """
    name = (row["member"] or file_name).replace("\\", "/").rpartition("/")[2]
    stem = _POD.sub("", _SUFFIXES.sub("", name))
    if (stem.lower() in _NAMELESS or _NUMBERED.match(stem)) and row["component"]:
        return str(_POD.sub("", row["component"]))
    return stem or name


_NAMELESS = frozenset(
    (
        "stdout", "stderr", "all", "log", "logs", "output", "console", "combined", "docker", "compose", "journal",
        "syslog", "messages", "merged", "events", "kube-events", "kubectl", "export", "",
    )
)  # fmt: skip
_NUMBERED = re2.compile(r"(?i)^(?:attachment|file|log|upload|document|untitled|part|image|download)[-_ ]?[0-9]{0,6}$")
_SOURCE_FILES = (".java", ".py", ".go", ".js", ".ts", ".rb", ".php", ".cs", ".rs", ".cpp", ".c", ".kt")


def hosts_named(text: str, own_url: str | None) -> tuple[str, ...]:
    """Hosts in URLs and `host:port` pairs, and units of systemd, in lower case; none of them this machine."""
    found = [host.lower() for host in _HOST.findall(own_url or "")] + [host.lower() for host in _HOST.findall(text)]
    found += [host.lower() for host, _ in _HOST_PORT.findall(text)] + [unit.lower() for unit in _UNIT.findall(text)]
    hosts = dict.fromkeys(host for host in found if host not in _LOCAL and not host.endswith(_SOURCE_FILES))
    return tuple(hosts)[:MAX_HOSTS]


def same_service(host: str, service: str) -> bool:
    """Whether a host name is that of a service: `ts-order-service.shop.svc:80` is `ts-order-service`."""
    first = host.partition(".")[0]
    name = service.lower()
    return len(first) >= 3 and (first == name or name.startswith((f"{first}-", f"{first}_", f"{first}.")))


def blamed_service(hosts: Sequence[str], own: str, failing: Collection[str]) -> str | None:
    """The service that a failed connection leads to, where that service itself tells of no failure; None otherwise."""
    others = [host for host in hosts if not same_service(host, own) and not _ADDRESS.match(host)]
    if not others or any(same_service(others[0], service) for service in failing):
        return None
    return others[0].partition(".")[0]


_ADDRESS = re2.compile(r"^(?:[0-9.]+|\[?[0-9a-f:]+\]?|ip)$")
