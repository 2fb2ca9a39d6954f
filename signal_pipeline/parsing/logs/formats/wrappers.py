"""What runtimes, shippers, CI services and multiplexers put before each line of another log. The inside is read by the
rows of the other files, after up to two prefixes were taken off.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from signal_pipeline.parsing.logs.formats.stamps import CLOCK, STAMP_BY_NAME

Needs = Literal["prefix", "inside", "source"]


@dataclass(frozen=True)
class Wrapper:
    """A prefix. `pattern` has the groups prefix (all of it) and, where known, time, zone, level, component and partial.
    A group `source` says whose output a line is where the component alone does not: lines of one source continue
    each other, whatever is between them.

    `escaped` says that the inside is a JSON string. `share` of the lines must have the prefix for it to count. `needs`
    says what else: nothing (prefix), for prefixes that nothing else writes; a trace or records after the prefixes of
    the file (inside), since loggers put the time first as well; the same of one source (source), whose lines alone are
    unwrapped then.
    """

    name: str
    pattern: str
    example: str
    stamp: str | None = None
    escaped: bool = False
    share: float = 0.5
    needs: Needs = "prefix"
    levels: str = "words"


_ISO = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}"
_ZONE = r"(?P<zone>Z|[+-][0-9]{2}:?[0-9]{2})"

_RUNTIMES: tuple[Wrapper, ...] = (
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
    Wrapper("kubectl", r"^(?P<prefix>\[pod/(?P<component>[^\]]+)\] )", "[pod/shop-5c9/web] cannot add"),
    # stern, and kubectl plugins like it: the pod, whose name ends in the hashes of its set, and the container.
    Wrapper(
        "kubernetes-pods",
        (
            r"^(?P<prefix>\[?(?P<source>[a-z0-9][a-z0-9\-]*-[a-z0-9]{8,10}-[a-z0-9]{5}) +(?:[›>|] +)?"
            r"(?P<component>[a-z][a-z0-9\-]*)(?:\]| [›>|])? )"
        ),
        "shop-web-6d4cf56db6-x7k2p web cannot add",
    ),
    Wrapper(
        "pm2", r"^(?P<prefix>[0-9]+\|(?P<component>[0-9A-Za-z_.\-]+) +\| ?)", "0|shop  | cannot add", needs="prefix"
    ),
    Wrapper(
        "docker-compose",
        (
            r"^(?P<prefix>(?P<component>[0-9a-z][0-9A-Za-z_.\-]*) +\| "
            r"?(?:(?P<time>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{1,9})(?P<zone>Z) )?)"
        ),
        "web-1  | cannot add",
        stamp="iso",
    ),
    Wrapper(
        "foreman",
        rf"^(?P<prefix>{STAMP_BY_NAME[CLOCK].pattern} (?P<component>[0-9A-Za-z_\-]+\.[0-9]+) +\| ?)",
        "10:00:00 web.1  | cannot add",
        stamp=CLOCK,
    ),
    Wrapper(
        "flutter",
        (
            rf"^(?P<prefix>(?:{STAMP_BY_NAME['month-day'].pattern} +(?:[0-9]+ +[0-9]+ +)?)?(?P<level>[VDIWEF])[/ ]"
            r"(?P<component>flutter) *(?:\( *[0-9]+\))? *: )"
        ),
        "E/flutter (16196): cannot add",
        stamp="month-day",
        share=0.2,
        levels="letters",
    ),
)

_CI: tuple[Wrapper, ...] = (
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
        "taskcluster",
        (
            r"^(?P<prefix>\[(?P<component>task(?:cluster)?|vcs|fetches|setup|cache|mounts|[a-z]+:[a-z]+)"
            r"(?::(?P<level>debug|info|warn|error))? +"
            rf"(?P<time>{_ISO}\.[0-9]+){_ZONE}\] ?)"
        ),
        "[task 2024-03-01T10:00:00.123Z] cannot add",
        stamp="iso",
    ),
    Wrapper(
        "teamcity",
        rf"^(?P<prefix>\[{STAMP_BY_NAME[CLOCK].pattern}\](?P<level>[WEFi])? ?:[ \t]+(?:\[[^\]]*\] )?)",
        "[10:00:00]E:\t [Step 1/2] cannot add",
        stamp=CLOCK,
        levels="letters",
    ),
    Wrapper(
        "buildkit",
        # The number of a step and the seconds since its command began; a frame of gdb has a number alone.
        r"^(?P<prefix>#[0-9]{1,4} [0-9]+\.[0-9]{1,3} )",
        "#8 1.234 cannot add",
        share=0.1,
    ),
    Wrapper(
        "buildkite",
        r"^(?P<prefix>_bk;t=(?P<time>1[0-9]{12}))",
        "_bk;t=1709287200123cannot add",
        stamp="epoch-ms",
    ),
)

_TAG = r"(?P<component>[0-9A-Za-z_.\-/@]+)(?:\[[0-9]+\])?"

_SHIPPERS: tuple[Wrapper, ...] = (
    # docker logs -t, kubectl logs --timestamps: nine digits, without the zeros at their end.
    Wrapper(
        "docker-timestamps",
        rf"^(?P<prefix>(?P<time>{_ISO}\.[0-9]{{8,9}}){_ZONE}(?: |$))",
        "2024-03-01T10:00:00.123456789Z cannot add",
        stamp="iso",
        needs="inside",
    ),
    Wrapper(
        "heroku",
        rf"^(?P<prefix>(?P<time>{_ISO}(?:\.[0-9]+)?){_ZONE} (?P<source>(?P<component>[a-z]+)\[[0-9a-z_.\-]+\]): ?)",
        "2024-03-01T10:00:00.123456+00:00 app[web.1]: cannot add",
        stamp="iso",
        share=0.1,
        needs="source",
    ),
    Wrapper(
        "syslog-rfc5424",
        (
            rf"^(?P<prefix><(?P<level>[0-9]{{1,3}})>[1-9] (?P<time>{_ISO}(?:\.[0-9]+)?){_ZONE} [^ ]+ "
            r"(?P<component>[^ ]+) [^ ]+ [^ ]+ (?:-|(?:\[(?:[^\]\\]|\\.)*\])+) ?(?:\x{feff})?)"
        ),
        "<11>1 2024-03-01T10:00:00.123Z web shop 47 - - cannot add",
        stamp="iso",
        share=0.1,
        needs="source",
        levels="priority",
    ),
    Wrapper(
        "syslog-iso",
        rf"^(?P<prefix>(?P<time>{_ISO}(?:[.,][0-9]+)?){_ZONE} [0-9A-Za-z_.\-]+ (?P<source>{_TAG}): ?)",
        "2024-03-01T10:00:00.123456+01:00 web shop[47]: cannot add",
        stamp="iso",
        share=0.1,
        needs="source",
    ),
    Wrapper(
        "syslog-rfc3164",
        (
            rf"^(?P<prefix>(?:<(?P<level>[0-9]{{1,3}})>)?{STAMP_BY_NAME['syslog'].pattern} [0-9A-Za-z_.:\-]+ "
            rf"(?P<source>{_TAG}): ?)"
        ),
        "Mar  1 10:00:00 web shop[47]: cannot add",
        stamp="syslog",
        share=0.1,
        needs="source",
        levels="priority",
    ),
)

_STYLES = {
    "iso": "2024-03-01T10:00:00.123Z",
    "iso-spaced-zone": "2024-03-01 10:00:00.123 +0100",
    "slash-ymd": "2024/03/01 10:00:00",
    "slashes-year-last": "03/01/2024 10:00:00",
    "syslog": "Mar  1 10:00:00",
    "ctime": "Fri Mar 01 10:00:00 2024",
    "apache": "01/Mar/2024:10:00:00 +0000",
    "epoch-ms": "1709287200123",
    CLOCK: "10:00:00.123",
}

BARE_STAMPS: tuple[Wrapper, ...] = tuple(
    Wrapper(
        "stamped",
        rf"^(?P<prefix>[\[(]?{STAMP_BY_NAME[name].pattern}[\])]?(?: - |: | \| |[ \t]|$))",
        f"{example} cannot add",
        stamp=name,
        share=0.8,
        needs="inside",
    )
    for name, example in _STYLES.items()
)
"""The time alone before each line: `ts` of moreutils, Jenkins, `kubectl logs --timestamps`, log groups of clouds."""

WRAPPERS: tuple[Wrapper, ...] = (
    *_RUNTIMES[:2],
    *_CI,
    Wrapper(
        "indented",
        r"^(?P<prefix> {2,8})[0-9]{4}[-/][0-9]{2}[-/][0-9]{2}[T ][0-9:]{8}",
        "    2024-03-01T10:00:00.123Z [WARN]  cannot add",
    ),
    *_RUNTIMES[2:],
    *_SHIPPERS,
    *BARE_STAMPS,
)
