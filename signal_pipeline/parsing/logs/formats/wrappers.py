"""What container runtimes, CI services and multiplexers put before each line of another log. The inside is
read by the other rows.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Wrapper:
    """A prefix. `pattern` has the groups prefix (all of it) and, where known, time, component and partial.

    `escaped` says that the inside is a JSON string. `share` of the lines must have the prefix for it to count.
    """

    name: str
    pattern: str
    example: str
    stamp: str | None = None
    escaped: bool = False
    share: float = 0.5


WRAPPERS: tuple[Wrapper, ...] = (
    Wrapper(
        "docker",
        (
            r'^(?P<prefix>\{"log":")(?P<inside>(?:[^"\\]|\\.)*)","stream":"(?:stdout|stderr)"(?:,"attrs":'
            r'\{[^}]*\})?,"time":"(?P<time>[^"Z]+)(?P<zone>Z|[+-][0-9:]+)"\}\s*$'
        ),
        '{"log":"cannot add\\n","stream":"stderr","time":"2024-03-01T10:00:00.123456789Z"}',
        stamp="iso",
        escaped=True,
    ),
    Wrapper(
        "cri",
        (
            r"^(?P<prefix>(?P<time>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{1,9})(?P<zone>Z|[+-][0-9:]"
            r"{5}) (?:stdout|stderr) (?:(?P<partial>P)|F)(?: |$))"
        ),
        "2016-10-06T00:17:09.669794202Z stdout F cannot add",
        stamp="iso",
        share=0.2,
    ),
    Wrapper(
        "github-actions",
        (
            r"^(?P<prefix>(?:[^\t]+\t[^\t]+\t)?\x{feff}?(?P<time>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9"
            r"]{7})(?P<zone>Z) ?)"
        ),
        "2024-03-01T10:00:00.1234567Z ##[error]Process completed with exit code 1.",
        stamp="iso",
    ),
    Wrapper(
        "gitlab-ci",
        (
            r"^(?P<prefix>(?P<time>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{6})(?P<zone>Z) "
            r"[0-9a-f]{2}[OE](?P<partial>\+)?(?: |$))"
        ),
        "2024-03-01T10:00:00.123456Z 01E ERROR: cannot add",
        stamp="iso",
    ),
    Wrapper(
        "indented",
        r"^(?P<prefix> {2,8})[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}",
        "    2024-03-01T10:00:00.123Z [WARN]  cannot add",
    ),
    Wrapper(
        "pm2",
        r"^(?P<prefix>[0-9]+\|(?P<component>[0-9A-Za-z_.\-]+) +\| ?)",
        "0|shop  | cannot add",
    ),
    Wrapper(
        "docker-compose",
        (
            r"^(?P<prefix>(?P<component>[0-9a-z][0-9A-Za-z_.\-]*) +\| "
            r"?(?:(?P<time>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{9})(?P<zone>Z) )?)"
        ),
        "web-1  | cannot add",
        stamp="iso",
    ),
    Wrapper(
        "kubectl",
        r"^(?P<prefix>\[pod/(?P<component>[^\]]+)\] )",
        "[pod/shop-5c9/web] cannot add",
    ),
)
