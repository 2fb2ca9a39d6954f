"""Requests joined to log records, measured on recordings of the example shop whose truth is known.

Two kinds of recordings: the one of a browser that ships with the package, and new ones of several visitors at once,
with think times of their own, made in this run; of these the report holds one visitor's files and the shop's whole log,
with the traffic of the others in it. Of each, one file's clock is shifted, forwards or backwards, by up to five minutes
or by less than a second, and all ids are taken out of all files; once they are left in.

The peer joins each record to the failed request that is nearest in time, clocks as written.

    python -m benchmarks.timeline [--quick]
"""

from __future__ import annotations

import argparse
import json
import random
import re
import statistics
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl

from benchmarks.result import Figure, write_result
from benchmarks.shop_visitors import EXAMPLES, Visitor, console_of, har_of, record

SAMPLE = EXAMPLES.parent / "signal_pipeline" / "local" / "sample_report"
HAR, CONSOLE, SERVER = "shop.har", "browser-console.log", "server.log"
SHIFTS = (-300.0, -47.3, -0.4, 0.7, 93.1, 300.0)
PEER_SECONDS = 1.0
# Visitors, think time (s): one after the other, as people do, and in a hurry with every request on top of another.
HELD_OUT = ((1, 0.2), (2, 0.15), (3, 0.1), (3, 0.02), (3, 0.4), (2, 0.01))
_CLOCK = re.compile(r"^(\d\d:\d\d:\d\d\.\d{3}) ", re.MULTILINE)
_STAMP = re.compile(r"^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3})Z ", re.MULTILINE)
_STARTED = re.compile(r'("startedDateTime": ")([^"]+)(")')
_RECORD = re.compile(r"^\S+Z ([A-Z]+) (\S+) \[trace_id=\S+ request_id=(\S+)\]")

Place = tuple[str, int]


@dataclass(frozen=True)
class Case:
    """Files of a report. `loud` are the records that must be joined to a HAR entry, `any` those that may be."""

    files: dict[str, str]
    loud: dict[Place, int]
    any: dict[Place, int]
    causes: dict[int, Place]


@dataclass
class Tally:
    """Counts over cases."""

    right: int = 0
    wrong: int = 0
    hits: int = 0
    missed: int = 0
    causes_right: int = 0
    causes: int = 0
    offset_errors: list[float] = field(default_factory=list)

    def add(self, case: Case, found: dict[Place, int]) -> None:
        right = sum(case.any.get(place) == entry for place, entry in found.items())
        hits = sum(found.get(place) == entry for place, entry in case.loud.items())
        self.right += right
        self.wrong += len(found) - right
        self.hits += hits
        self.missed += len(case.loud) - hits

    @property
    def precision(self) -> float:
        return self.right / max(self.right + self.wrong, 1)

    @property
    def recall(self) -> float:
        return self.hits / max(self.hits + self.missed, 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer recordings and shifts")
    quick = parser.parse_args().quick
    shifts = SHIFTS[1:4] if quick else SHIFTS
    with_ids, sample, held_out, peer = Tally(), Tally(), Tally(), Tally()
    for case, tally in [(sample_case(), sample), *((case, held_out) for case in held_out_cases(quick))]:
        with_ids.add(of_files_with_ids(case), joined(case, with_ids, None, only=(SERVER,)))
        plain = without_ids(case)
        for shift, name in shifted_files(shifts):
            moved = shifted(plain, name, shift)
            tally.add(moved, joined(moved, tally, (name, shift)))
            peer.add(moved, nearest_in_time(moved))
    write_result("timeline", figures(with_ids, sample, held_out, peer))


def figures(with_ids: Tally, sample: Tally, held_out: Tally, peer: Tally) -> dict[str, Figure]:
    name = "nearest failure in time"
    errors = sorted([*sample.offset_errors, *held_out.offset_errors])
    everything = held_out.causes + sample.causes
    return {
        "precision_with_ids": Figure(with_ids.precision, 1.0, "higher", "share"),
        "recall_with_ids": Figure(with_ids.recall, 1.0, "higher", "share"),
        "precision": Figure(round(held_out.precision, 4), 0.95, "higher", "share", name, round(peer.precision, 4)),
        "recall": Figure(round(held_out.recall, 4), 0.8, "higher", "share", name, round(peer.recall, 4)),
        "precision_sample": Figure(round(sample.precision, 4), 0.95, "higher", "share"),
        "recall_sample": Figure(round(sample.recall, 4), 0.8, "higher", "share"),
        "first_cause_right": Figure(
            round((held_out.causes_right + sample.causes_right) / max(everything, 1), 4), None, "higher", "share"
        ),
        "clock_error_median": Figure(round(statistics.median(errors), 2), None, "lower", "ms"),
        "clock_error_p95": Figure(round(errors[int(len(errors) * 0.95)], 2), None, "lower", "ms"),
        "links_checked": Figure(held_out.right + held_out.wrong, None, "higher", "links"),
    }


def shifted_files(shifts: tuple[float, ...]) -> Iterator[tuple[float, str]]:
    for number, shift in enumerate(shifts):
        for name in (SERVER, (HAR, CONSOLE)[number % 2]):
            yield shift, name


def joined(case: Case, tally: Tally, moved: tuple[str, float] | None, only: tuple[str, ...] = ()) -> dict[Place, int]:
    """The links that the product finds: record to HAR entry. Causes and clocks go to the tally."""
    from signal_pipeline.correlation.settings import CorrelationSettings
    from signal_pipeline.correlation.timeline import build_timeline

    timeline = build_timeline(entries_of(case), CorrelationSettings())
    frame = timeline.frame
    linked = frame.filter(pl.col("request_ordinal").is_not_null())
    if only:
        linked = linked.filter(pl.col("signal_id").is_in(only))
    incident_of = dict(frame.filter("is_target").select("entry_index", "incident").iter_rows())
    cause_of = {
        incident: (name, line) if line is not None else (HAR, entry)
        for incident, name, line, entry in frame.filter(pl.col("incident_role") == "cause")
        .select("incident", "signal_id", "line_number", "entry_index")
        .iter_rows()
    }
    for entry, place in case.causes.items():
        tally.causes += 1
        tally.causes_right += cause_of.get(incident_of.get(entry)) == place
    if moved is not None:
        name, shift = moved
        offsets = {clock.signal_id: clock.clock.offset for clock in timeline.clocks}
        found = offsets[SERVER] - offsets[HAR]
        expected = shift if name == SERVER else -shift if name == HAR else 0.0
        tally.offset_errors.append(abs(found - expected) * 1000)
    return {
        (name, line): entry
        for name, line, entry in linked.select("signal_id", "line_number", "request_ordinal").iter_rows()
    }


def nearest_in_time(case: Case) -> dict[Place, int]:
    entries = entries_of(case)
    times = {name: entries.filter(pl.col("signal_id") == name) for name in (CONSOLE, SERVER)}
    har = entries.filter((pl.col("kind") == "har") & pl.col("is_error"))
    ends = [
        (at + timedelta(milliseconds=ms or 0), entry)
        for at, ms, entry in har.select("timestamp", "duration_ms", "entry_index").iter_rows()
    ]
    found: dict[Place, int] = {}
    for name, records in times.items():
        loud = records.filter(pl.col("level").is_in(["warning", "error", "critical"]))
        day = ends[0][0].date() if ends else datetime.now(UTC).date()
        for line, at, clock in loud.select("line_number", "timestamp", "clock_time").iter_rows():
            moment = at or (datetime.combine(day, clock, UTC) if clock else None)
            gaps = [] if moment is None else [(abs((end - moment).total_seconds()), entry) for end, entry in ends]
            if gaps and min(gaps)[0] <= PEER_SECONDS:
                found[(name, line)] = min(gaps)[1]
    return found


def entries_of(case: Case) -> pl.DataFrame:
    """What the pipeline's steps would hand to the timeline."""
    from signal_pipeline.classification.classify import classify_entries
    from signal_pipeline.parsing.signal_reader import read_signal
    from signal_pipeline.redaction.redactor import local_redactor

    frames = []
    with tempfile.TemporaryDirectory() as folder:
        for name, text in case.files.items():
            path = Path(folder) / name
            path.write_text(text, encoding="utf-8")
            reading = read_signal(path, redactor=local_redactor(), name=name, report_id="r", signal_id=name)
            frames += [classify_entries(frame) for frame in reading]
    return pl.concat(frames)


def sample_case() -> Case:
    files = {name: (SAMPLE / name).read_text(encoding="utf-8") for name in (HAR, CONSOLE, SERVER)}
    truth = json.loads((SAMPLE / "scenarios.json").read_text(encoding="utf-8"))
    entries = json.loads(files[HAR])["log"]["entries"]
    ids = {
        header["value"]: index
        for index, entry in enumerate(entries)
        for side in ("request", "response")
        for header in entry[side]["headers"]
        if header["name"].lower() == "x-request-id"
    }
    failed = {i for i, e in enumerate(entries) if e["response"]["status"] >= 400 or e["response"].get("_error")}
    console: dict[Place, int] = {}
    for scenario in truth["scenarios"]:
        for occurrence in scenario["occurrences"]:
            broken = [r["entry_index"] for r in occurrence["requests"] if r["failed"]]
            loud = [c["line"] for c in occurrence["console"] if c["level"] in ("error", "warning")]
            for number, line in enumerate(loud if broken else ()):
                console[(CONSOLE, line)] = broken[number * len(broken) // len(loud)]
    return _case(files, ids, failed, console)


def held_out_cases(quick: bool) -> Iterator[Case]:
    for seed, (visitors, think) in enumerate(HELD_OUT[1:3] if quick else HELD_OUT):
        people, log = record(seed, visitors, think)
        for person in people[:1] if quick else people:
            yield case_of_visitor(person, log)


def case_of_visitor(person: Visitor, log: str) -> Case:
    """A visitor's own files, and the shop's whole log."""
    files = {HAR: har_of(person), CONSOLE: console_of(person), SERVER: log}
    failed = {exchange.number for exchange in person.exchanges if exchange.failed}
    lines, line = {}, 1
    for said in person.console:
        if said.exchange is not None:
            lines[(CONSOLE, line)] = said.exchange
        line += said.text.count("\n") + 1
    return _case(files, {e.request_id: e.number for e in person.exchanges}, failed, lines)


def _case(files: dict[str, str], ids: dict[str, int], failed: set[int], console: dict[Place, int]) -> Case:
    loud, anything, causes = dict(console), dict(console), {}
    for number, text in enumerate(files[SERVER].splitlines(), 1):
        head = _RECORD.match(text)
        if head is None or head[3] not in ids:
            continue
        entry = ids[head[3]]
        anything[(SERVER, number)] = entry
        if entry in failed and head[1] != "INFO":
            loud[(SERVER, number)] = entry
            # That the client has gone follows from the failure; it does not make it.
            if head[2] != "shop.access" and "Client went away" not in text:
                causes.setdefault(entry, (SERVER, number))
    return Case(files, loud, anything, causes)


def of_files_with_ids(case: Case) -> Case:
    """Only records of files that have ids count."""
    loud = {place: entry for place, entry in case.loud.items() if place[0] == SERVER}
    return Case(case.files, loud, case.any, case.causes)


def without_ids(case: Case) -> Case:
    files = dict(case.files)
    files[SERVER] = re.sub(r" \[trace_id=\S+ request_id=\S+\]", "", files[SERVER])
    files[CONSOLE] = re.sub(r" \(trace [0-9a-f]{32}\)", "", files[CONSOLE])
    files[HAR] = re.sub(
        r'"name": "(?:traceparent|X-Request-Id)"', '"name": "X-Nothing"', files[HAR], flags=re.IGNORECASE
    )
    return Case(files, case.loud, case.any, case.causes)


def shifted(case: Case, name: str, seconds: float) -> Case:
    """The same with one file's clock ahead by `seconds`."""
    by = timedelta(seconds=seconds)

    def stamp(match: re.Match[str]) -> str:
        return (datetime.fromisoformat(match[1]) + by).isoformat(timespec="milliseconds") + "Z "

    def clock(match: re.Match[str]) -> str:
        moved = datetime.combine(datetime(2024, 1, 2), datetime.strptime(match[1], "%H:%M:%S.%f").time()) + by
        return moved.strftime("%H:%M:%S.%f")[:-3] + " "

    def started(match: re.Match[str]) -> str:
        at = datetime.fromisoformat(match[2].replace("Z", "+00:00")) + by
        return match[1] + at.isoformat(timespec="milliseconds") + match[3]

    pattern, change = {SERVER: (_STAMP, stamp), CONSOLE: (_CLOCK, clock), HAR: (_STARTED, started)}[name]
    files = {**case.files, name: pattern.sub(change, case.files[name])}
    return Case(files, case.loud, case.any, case.causes)


if __name__ == "__main__":
    random.seed(0)
    main()
