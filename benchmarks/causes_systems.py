"""Made reports of systems of many kinds, with one fault or two each whose root is known: is it first, as how many
problems is it told, and does that hold when files are missing, clocks are wrong, ids are gone or logs are JSON?

    python -m benchmarks.causes_systems [--show] [NAME …]
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from benchmarks.causes_data import read
from benchmarks.causes_ranking import Solved
from benchmarks.result import Figure, write_result
from benchmarks.systems import clients, django, grpc, kubernetes, node, others, rails, scripted, spring
from benchmarks.systems.story import HAR, Story, Truth
from signal_pipeline.causes.find import find_causes
from signal_pipeline.causes.problems import Problem, problems_of
from signal_pipeline.causes.records import IncidentRecord, records_of
from signal_pipeline.causes.settings import CauseSettings
from signal_pipeline.causes.wording import headline
from signal_pipeline.correlation.settings import CorrelationSettings
from signal_pipeline.correlation.timeline import build_timeline
from signal_pipeline.pipeline.incidents import ReportFrames, joined_entries, timeline_links

SYSTEMS = (node, django, spring, kubernetes, rails, grpc, clients, others)
SCRIPTS = (
    "operators", "mobiles", "pipelines", "jvm", "windows", "caches", "workers", "lamp", "streams", "runtimes",
    "settings", "limits", "platforms", "stores", "services",
)  # fmt: skip
"""Stories in `systems/scripts`, whose roots were written down before any of them was read."""
HELD_OUT_SCRIPTS = ("estates",)
"""The same, never tuned with: their figures are printed apart, and `--show` leaves them out."""
FIRST_FEW = 3
SHIFT_SECONDS = (-240.0, -37.5, -1.2, 0.6, 55.0, 3_600.0)


@dataclass(frozen=True)
class Told:
    """One way to tell a story: the texts of its files, and which of its faults can still be found."""

    story: Story
    how: str
    files: Mapping[str, str]
    truths: Sequence[Truth]


def stories() -> Iterator[Story]:
    for system in SYSTEMS:
        yield from system.stories()
    for name in SCRIPTS:
        yield from scripted.stories(name)


def as_is(story: Story) -> Told:
    return Told(story, "as_is", story.files(), story.truths)


def without_har(story: Story) -> Told:
    return _without(story, "without_har", {HAR})


def without_ids(story: Story) -> Told:
    return Told(story, "without_ids", story.without_ids().files(), story.truths)


def as_json(story: Story) -> Told:
    return Told(story, "as_json", story.as_json().files(), story.truths)


def shifted(story: Story) -> Told:
    """One file's clock is wrong, another one for each story."""
    rng = random.Random(story.name)
    file = rng.choice(sorted(story.files()))
    return Told(story, "shifted", story.files({file: rng.choice(SHIFT_SECONDS)}), story.truths)


def without_other_file(story: Story) -> Told:
    """A file that holds no root is missing."""
    rng = random.Random(story.name)
    others = sorted(set(story.files()) - {file for truth in story.truths for file in truth.files})
    return _without(story, "without_other_file", {rng.choice(others)} if others else set())


def without_root_file(story: Story) -> Told:
    """The file with the root is missing: whatever is told must not be called a cause without reserve."""
    gone = {file for truth in story.truths for file in truth.files}
    files = {name: text for name, text in story.files().items() if name not in gone}
    return Told(story, "without_root_file", files, [Truth((), truth.text) for truth in story.truths])


def renamed(story: Story) -> Told:
    """Names of files that say nothing."""
    names = {file: f"attachment-{number}.log" for number, file in enumerate(sorted(story.files())) if file != HAR}
    files = {names.get(name, name): text for name, text in story.files().items()}
    truths = [replace(truth, files=tuple(names.get(file, file) for file in truth.files)) for truth in story.truths]
    return Told(story, "renamed", files, truths)


def in_one_file(story: Story) -> Told:
    """All logs as JSON in one file, as a log server exports them."""
    names = set(story.files()) - {HAR}
    texts = story.as_json().files()
    lines = sorted((line for name in names for line in texts[name].splitlines()), key=lambda line: line[14:40])
    files = {"export.jsonl": "\n".join(lines) + "\n"}
    if HAR in texts:
        files[HAR] = texts[HAR]
    truths = [
        replace(truth, files=tuple("export.jsonl" if file in names else file for file in truth.files))
        for truth in story.truths
    ]
    return Told(story, "in_one_file", files, truths)


def _without(story: Story, how: str, gone: set[str]) -> Told:
    files = {name: text for name, text in story.files().items() if name not in gone}
    return Told(story, how, files, [truth for truth in story.truths if not gone.intersection(truth.files)])


WAYS: tuple[Callable[[Story], Told], ...] = (
    as_is, without_har, without_ids, as_json, shifted, without_other_file, renamed, in_one_file,
)  # fmt: skip


def solved(files: Mapping[str, str]) -> Solved:
    """As the steps of the pipeline do, without a catalog."""
    joined = joined_of(files)
    found = find_causes(joined, CauseSettings(), None, timeline_links(joined))
    incidents = records_of(found)
    return Solved(joined, found, incidents, problems_of(incidents, {}))


def joined_of(files: Mapping[str, str]) -> pl.DataFrame:
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for name, text in files.items():
            paths.append(Path(folder) / name)
            paths[-1].write_text(text, encoding="utf-8")
        entries = read(paths, "story")
    timeline = build_timeline(entries, CorrelationSettings()).frame
    return joined_entries(ReportFrames(entries.lazy(), entries.filter("is_error").lazy(), timeline.lazy()))


def is_told(truth: Truth, problem: Problem, report: Solved) -> bool:
    """Whether the problem's root is that of the fault; where the root is in no file, whether that is said."""
    if not truth.files:
        return not problem.first.in_evidence and truth.service in problem.first.root_service
    return any(_is_root(truth, incident, report) for incident in problem.incidents)


def _is_root(truth: Truth, incident: IncidentRecord, report: Solved) -> bool:
    row = report.entries.row(report.found.incidents[incident.number - 1].root, named=True)
    text = (
        f"{row['message']}\n{row['stack_trace'] or ''}\n{row['error_text'] or ''}\n{row['net_error']} {row['status']}"
    )
    return row["signal_id"] in truth.files and truth.text in text


def figures(chosen: Sequence[str] = (), *, ways: Sequence[str] = (), show: bool = False) -> dict[str, Figure]:
    every = [story for story in stories() if not chosen or any(name in story.name for name in chosen)]
    held_out = [story for name in HELD_OUT_SCRIPTS for story in scripted.stories(name)]
    found: dict[str, Figure] = {}
    chosen_ways = [way for way in WAYS if not ways or way.__name__ in ways]
    for way in chosen_ways if every else ():
        found |= _scored(way, every, show=show)
    if not chosen or set(chosen) & set(HELD_OUT_SCRIPTS):
        for way in chosen_ways:
            found |= {f"held_out_{name}": figure for name, figure in _scored(way, held_out).items()}
    certain = [_is_certain(solved(told.files)) for told in map(without_root_file, every) if told.files]
    found["systems_without_root_file_certain"] = Figure(
        round(sum(certain) / max(len(certain), 1), 4), 0.2, "lower", "share that name a root"
    )
    return found


def _scored(way: Callable[[Story], Told], every: Sequence[Story], *, show: bool = False) -> dict[str, Figure]:
    firsts, fews, exact = 0, 0, 0
    tellings = [told for told in map(way, every) if told.truths and told.files]
    for told in tellings:
        report = solved(told.files)
        count = len(told.truths)
        told_first = _all_told(told, report, count)
        firsts += told_first
        fews += _all_told(told, report, max(count, FIRST_FEW))
        exact += len(report.problems) == count
        if show and not (told_first and len(report.problems) == count):
            _show(told, report)
    name, number = way.__name__, max(len(tellings), 1)
    found = {
        f"systems_{name}_first": Figure(round(firsts / number, 4), 0.9, "higher", "share"),
        f"systems_{name}_exact": Figure(round(exact / number, 4), 0.8, "higher", "share"),
    }
    if name == "as_is":
        found["systems_as_is_first_few"] = Figure(round(fews / number, 4), None, "higher", f"among {FIRST_FEW}")
        found["systems_reports"] = Figure(len(tellings), None, "higher", "reports")
    return found


def _all_told(told: Told, report: Solved, most: int) -> bool:
    return all(any(is_told(truth, one, report) for one in report.problems[:most]) for truth in told.truths)


def _is_certain(report: Solved) -> bool:
    return bool(report.problems) and report.problems[0].first.in_evidence


def _show(told: Told, report: Solved) -> None:
    files = [truth.files for truth in told.truths]
    print(f"\n{told.story.name} {told.how}: {len(report.problems)} for {len(told.truths)}: {files}")
    print("  ", headline(report.problems, [], is_new=True))
    for problem in report.problems:
        first, root = problem.first, problem.first.root
        marks = "".join("x" if is_told(truth, problem, report) else "-" for truth in told.truths)
        blamed = "" if first.in_evidence else f" (not in evidence: {first.root_service})"
        print(f"   {marks} {len(problem.incidents)}x {root.service}{blamed}: {root.message[:90]!r}")
        for symptom in first.symptoms:
            said = f"{symptom.entry.message[:70]!r}: {symptom.reason[:70]}"
            print(f"        {symptom.count}x {symptom.entry.service}: {said}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--show", action="store_true", help="what was told where it is not what happened")
    parser.add_argument("--way", action="append", default=[], help="only these ways to tell them")
    parser.add_argument("names", nargs="*", help="parts of names of stories")
    options = parser.parse_args()
    write_result("causes_systems", figures(options.names, ways=options.way, show=options.show))


if __name__ == "__main__":
    main()
