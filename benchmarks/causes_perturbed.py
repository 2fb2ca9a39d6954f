"""Reports whose fault is known, changed in ways that leave the fault where it is: is its root still first?

    python -m benchmarks.causes_perturbed [--each 24] [--show] [KIND …]

Entries are changed after they were read, so that many reports take little time; what only the reader sees (times that
are written otherwise) is changed in the texts of some. A third of the reports is held out and printed apart.
"""

from __future__ import annotations

import argparse
import gzip
import random
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import polars as pl

from benchmarks.causes_background import is_there
from benchmarks.causes_changes import CHANGES, HEALTHY, HEALTHY_FILES, Sample, samples
from benchmarks.causes_data import INCIDENTS, read
from benchmarks.causes_ranking import beside, places_of, solve
from benchmarks.causes_single import holds
from benchmarks.result import Figure, write_result

READ_AGAIN = 8
"""Reports that are read again where the text is changed."""
_STAMP = re.compile(r"(?m)^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)([.,]\d{1,9})?Z?")
_FORMS: tuple[Callable[[datetime, str], str], ...] = (
    lambda at, rest: f"{at:%Y-%m-%dT%H:%M:%S}{rest[:4].replace(',', '.')}+00:00",
    lambda at, rest: f"[{at:%Y-%m-%d %H:%M:%S}{rest[:4].replace('.', ',')}]",
    lambda at, _rest: f"{at:%Y/%m/%d %H:%M:%S}",
)


def written_otherwise(one: Sample, rng: random.Random) -> Sample:
    """Times of all files in another format: the report is read again."""
    form = rng.choice(_FORMS)

    def new(found: re.Match[str]) -> str:
        return form(datetime.fromisoformat(f"{found.group(1)} {found.group(2)}"), found.group(3) or "")

    parts = []
    for name, prefix in ((one.report.name, ""), (HEALTHY, HEALTHY_FILES))[: 1 if one.system == "openstack" else 2]:
        with tempfile.TemporaryDirectory() as folder:
            paths = []
            for path in sorted((INCIDENTS / one.system / name).glob("*.gz")):
                paths.append(Path(folder) / path.name.removesuffix(".gz"))
                text = gzip.decompress(path.read_bytes()).decode("utf-8", "replace")
                paths[-1].write_text(_STAMP.sub(new, text), encoding="utf-8")
            parts.append(read(paths, name).with_columns(signal_id=pl.lit(prefix) + pl.col("signal_id")))
    return one.with_entries(pl.concat(parts))


def is_first(one: Sample) -> bool:
    ours = ~pl.col("signal_id").str.starts_with(HEALTHY_FILES)
    report = replace(one.report, entries=one.entries.filter(ours))
    solved = solve(report.entries)
    if one.system == "openstack":
        return bool(solved.problems) and holds(report)(solved.row(solved.problems[0]))
    healthy = one.entries.filter(~ours).with_columns(pl.col("signal_id").str.strip_prefix(HEALTHY_FILES))
    return is_there(report, beside(solved, places_of(solve(healthy)))[:1])


def figures(each: int, chosen: Sequence[str] = (), *, show: bool = False) -> dict[str, Figure]:
    every = samples()
    found: dict[str, Figure] = {}
    parts: dict[str, list[bool]] = {"dev": [], "held_out": []}
    for change in (*CHANGES, written_otherwise):
        kind = change.__name__
        if chosen and kind not in chosen:
            continue
        firsts = []
        most = READ_AGAIN if change is written_otherwise else each
        for one in random.Random(kind).sample(every, min(most, len(every))):
            firsts.append(is_first(change(one, random.Random(f"{kind} {one.report.name}"))))
            parts["held_out" if one.report.is_held_out else "dev"].append(firsts[-1])
            if show and not firsts[-1]:
                print(f"  {kind}: {one.report.name}", flush=True)
        found[f"perturbed_{kind}"] = Figure(round(sum(firsts) / len(firsts), 4), 0.95, "higher", "share first")
    for part, those in (*parts.items(), ("all", [one for some in parts.values() for one in some])):
        found[f"perturbed_{part}"] = Figure(round(sum(those) / max(len(those), 1), 4), 0.95, "higher", "share first")
        found[f"perturbed_{part}_reports"] = Figure(len(those), None, "higher", "reports")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--each", type=int, default=24, help="reports that each kind of change is made to")
    parser.add_argument("--show", action="store_true", help="the reports whose root is not first")
    parser.add_argument("kinds", nargs="*", help="names of kinds of change")
    options = parser.parse_args()
    write_result("causes_perturbed", figures(options.each, options.kinds, show=options.show))


if __name__ == "__main__":
    main()
