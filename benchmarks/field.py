"""How well real files are read that rules were not made from: small inputs that were once read wrongly, each with its
right value; the entries of logs of games; traces that services stamp line by line; the marked lines of test runs; text
in which nothing went wrong. Each system has a figure of its own,
and a third of the files, which no rule was shaped by, is told apart.

Also the peak memory of `signal-pipeline parse --output` on a mixed log of 24 MB.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from benchmarks.field_errors import test_runs, wordless_errors
from benchmarks.field_healthy import false_errors
from benchmarks.field_records import Share, game_entries, held_out, torn_records
from benchmarks.labelled import DATA
from benchmarks.mixed_log import write_mixed_log
from benchmarks.result import Figure, write_result

FIELD = DATA / "field"
PEAK_LINES = 185_000
_LAST = re.compile(r"^(\d+) of (\d+) cases hold, (\d+) of (\d+) checks$")
_PEAK = """
import sys
from pathlib import Path
from benchmarks.peak import peak_mb
from signal_pipeline.cli.parse import parse
parse(Path(sys.argv[1]), Path(sys.argv[2]), as_json=True)
print(peak_mb(), file=sys.stderr)
"""


def main() -> None:
    if not FIELD.is_dir():
        print(f"the labelled real files are absent: {DATA}", file=sys.stderr)
        sys.exit(1)
    figures = _cases()
    figures |= _games()
    figures |= _services()
    figures |= _test_runs()
    figures |= _healthy()
    figures["parse_output_peak_mb"] = Figure(_peak_mb(), 500, "lower", "MB")
    write_result("field", figures)


def _cases() -> dict[str, Figure]:
    """The cases of the field and their checks, and the share of checks held per kind of fault."""
    command = f"{Path(sys.executable).with_name('signal-pipeline')} parse"
    check = [sys.executable, str(FIELD / "check.py"), str(FIELD / "expect.json"), str(FIELD), "--command", command]
    lines = subprocess.run([*check, "--verbose"], capture_output=True, text=True, check=False).stdout.splitlines()
    total = next((found for line in reversed(lines) if (found := _LAST.match(line))), None)
    if total is None:
        raise RuntimeError(f"check.py gave no count: {lines[-3:]}")
    cases, all_cases, checks, all_checks = (int(number) for number in total.groups())
    figures = {
        "cases_held": Figure(cases, all_cases, "higher", "cases"),
        "checks_held": Figure(checks, all_checks, "higher", "checks"),
    }
    kinds = _checks_per_kind()
    held = Counter(_kind(line.partition(": ")[0]) for line in lines if ": holds: " in line)
    for kind, count in sorted(kinds.items()):
        figures[f"checks_held_{kind}"] = Figure(held[kind] / count, None, "higher", f"of {count}")
    return figures


def _checks_per_kind() -> Counter[str]:
    cases = json.loads((FIELD / "expect.json").read_text(encoding="utf-8"))["cases"]
    count: Counter[str] = Counter()
    for name, case in cases.items():
        count[_kind(name)] += len(case["checks"])
    return count


def _kind(case: str) -> str:
    """The folder, and of logs the first word of a case: `logs/stamped_lines_java.log` is of the kind logs_stamped."""
    folder, _, name = case.partition("/")
    return f"{folder}_{re.split(r'[_.0-9]', name)[0] or 'other'}" if folder == "logs" else folder


def _games() -> dict[str, Figure]:
    shares: dict[str, Share] = {}
    for producer, file, share in game_entries():
        for name in (producer, "held_out" if held_out(file) else "others", "all"):
            shares[name] = shares.get(name, Share(0, 0)) + share
    return {
        f"games_entries_{name}": Figure(share.value, 0.99, "higher", f"of {share.total}")
        for name, share in sorted(shares.items())
    }


def _services() -> dict[str, Figure]:
    torn: Counter[str] = Counter()
    for report, service, count in torn_records():
        for name in (service, "held_out" if held_out(report) else "others", "all"):
            torn[name] += count
    figures = {f"torn_records_{name}": Figure(count, 0, "lower", "records") for name, count in sorted(torn.items())}
    wordless: Counter[str] = Counter({"held_out": 0, "others": 0})
    for report, _, count in wordless_errors():
        wordless["held_out" if held_out(report) else "others"] += count
    return figures | {
        f"wordless_errors_{name}": Figure(count, 0, "lower", "errors") for name, count in wordless.items()
    }


def _test_runs() -> dict[str, Figure]:
    runs = list(test_runs())
    figures: dict[str, Figure] = {}
    for part in ("held_out", "others", "all"):
        some = [run for run in runs if part == "all" or held_out(run.name) == (part == "held_out")]
        if not some:
            continue
        found = sum((run.found for run in some), Share(0, 0))
        first, others = sum(run.first for run in some) / len(some), sum(run.other_errors for run in some) / len(some)
        named = sum(run.others for run in some) / len(some)
        figures |= {
            f"test_runs_found_{part}": Figure(found.value, 0.97, "higher", f"of {found.total}"),
            f"test_runs_first_{part}": Figure(first, 0.85, "higher", f"of {len(some)}"),
            f"test_runs_other_errors_{part}": Figure(others, 30, "lower", "errors per log"),
            f"test_runs_other_signatures_{part}": Figure(named, 30, "lower", "signatures per log"),
        }
    return figures


def _healthy() -> dict[str, Figure]:
    lines: Counter[str] = Counter()
    errors: Counter[str] = Counter()
    for kind, path, count, found in false_errors():
        for name in (kind, "held_out" if held_out(str(path)) else "others", "all"):
            lines[name] += count
            errors[name] += len(found)
    return {
        f"false_errors_{name}": Figure(
            10_000 * errors[name] / lines[name], 1, "lower", f"in 10,000 of {lines[name]} lines"
        )
        for name in sorted(lines)
        if lines[name]
    }


def _peak_mb() -> float:
    with tempfile.TemporaryDirectory(prefix="signal-field-") as folder:
        log = Path(folder) / "mixed.log"
        write_mixed_log(log, PEAK_LINES)
        call = [sys.executable, "-c", _PEAK, str(log), str(Path(folder) / "rows.parquet")]
        done = subprocess.run(call, capture_output=True, text=True, check=True)
    return float(done.stderr.split()[-1])


if __name__ == "__main__":
    main()
