"""Changes to the entries of a report that leave its fault where it is: names, words, ids, clocks, files, lines."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from benchmarks.causes_data import Labelled, labelled_reports

HEALTHY = "healthy_0129"
HEALTHY_FILES = "healthy/"
"""Begins the names of files of the report without a fault, which is of the same system."""
_TEXTS = (
    "signal_id", "component", "message", "template", "stack_trace", "error_text", "url", "exception_class", "thread",
    "signature_hash",
)  # fmt: skip
_SYLLABLES = ("ba", "co", "di", "fu", "ga", "lo", "mi", "ne", "po", "ra", "se", "tu", "va", "wi", "zo")


@dataclass(frozen=True)
class Sample:
    """A report with its truth; that of forty services has the entries of the report without a fault as well."""

    report: Labelled
    system: str

    @property
    def entries(self) -> pl.DataFrame:
        return self.report.entries

    def needs(self) -> pl.Expr:
        """What must stay: the entries of the service, or those with the function in their trace."""
        if self.system == "trainticket":
            return pl.col("signal_id").str.contains(self.report.truth["service"], literal=True)
        function = self.report.truth["function"]
        return pl.concat_str("message", "stack_trace", separator=" ", ignore_nulls=True).str.contains(
            function, literal=True
        )

    def with_entries(self, entries: pl.DataFrame) -> Sample:
        return replace(self, report=replace(self.report, entries=entries))


Change = Callable[[Sample, random.Random], Sample]


def samples() -> list[Sample]:
    openstack = [one for one in labelled_reports("openstack") if one.truth["in_trace"] == "exact"]
    trains = labelled_reports("trainticket")
    healthy = next(one for one in trains if one.name == HEALTHY)
    quiet = healthy.entries.with_columns(signal_id=pl.lit(HEALTHY_FILES) + pl.col("signal_id"))
    both = [replace(one, entries=pl.concat([one.entries, quiet])) for one in trains if one.name != HEALTHY]
    return [Sample(one, "openstack") for one in openstack] + [Sample(one, "trainticket") for one in both]


def _word(rng: random.Random) -> str:
    return "".join(rng.choice(_SYLLABLES) for _ in range(3))


def _replaced(one: Sample, names: Mapping[str, str], *, within_words: bool = False) -> Sample:
    """With names replaced everywhere, in the truth as well."""
    edges = ("", "") if within_words else (r"(?<![a-z])", r"(?![a-z])")
    every = sorted(map(re.escape, names), key=len, reverse=True)
    pattern = re.compile(edges[0] + f"(?:{'|'.join(every)})" + edges[1])

    def new(text: str) -> str:
        return pattern.sub(lambda found: names[found.group()], text)

    def renamed(column: pl.Series) -> pl.Series:
        told = column.drop_nulls().unique()
        return column.replace_strict(told, pl.Series([new(text) for text in told], dtype=pl.String()), default=None)

    frames = one.entries["top_frames"].to_list()
    entries = one.entries.with_columns(
        *(renamed(one.entries[name]).alias(name) for name in _TEXTS if names and name != "signature_hash"),
        top_frames=pl.Series([None if some is None else [new(frame) for frame in some] for some in frames],
                             dtype=one.entries.schema["top_frames"]),
    )  # fmt: skip
    truth = {key: new(value or "") for key, value in one.report.truth.items()}
    return replace(one, report=replace(one.report, entries=entries, truth=truth))


def services_renamed(one: Sample, rng: random.Random) -> Sample:
    if one.system == "openstack":
        names: Sequence[str] = ("nova", "neutron", "cinder", "keystone", "glance", "heat", "placement")
    else:
        files = one.entries["signal_id"].unique().str.extract(r"ts-(.+?)-service").drop_nulls().unique().sort()
        names = files.to_list()
    return _replaced(one, {name: _word(rng) for name in names})


def functions_renamed(one: Sample, rng: random.Random) -> Sample:
    """All functions of traces."""
    text = "\n".join(one.entries["stack_trace"].drop_nulls().unique().sort())
    found = set(re.findall(r", in (_?[a-z]\w{5,})\n", text)) | set(re.findall(r"\.([a-z]\w{5,})\(\w+\.java:", text))
    return _replaced(one, {name: f"{_word(rng)}_{_word(rng)}" for name in sorted(found)} or {"\0": "\0"})


def said_otherwise(one: Sample, rng: random.Random) -> Sample:
    """What exceptions say becomes something else, wherever it stands; some of them now say the same."""
    words = ("checksum of block does not match", "quota of tenant reached", "unsupported revision of the schema",
             "broken invariant in allocation", "required key is absent in answer", "size was above limit")  # fmt: skip
    text = "\n".join(one.entries["stack_trace"].drop_nulls().unique().sort())
    said = set(re.findall(r"(?m)^(?:\w+\.)*\w+(?:Error|Exception|Failed): (.{12,200})$", text))
    return _replaced(one, {each: rng.choice(words) for each in sorted(said)} or {"\0": "\0"}, within_words=True)


def classes_renamed(one: Sample, rng: random.Random) -> Sample:
    text = "\n".join(one.entries["stack_trace"].drop_nulls().unique().sort())
    found = set(re.findall(r"(?m)^(?:\w+\.)*([A-Z]\w+)(?:Error|Exception): ", text))
    return _replaced(one, {name: _word(rng).capitalize() for name in sorted(found)} or {"\0": "\0"}, within_words=True)


def ids_changed(one: Sample, rng: random.Random) -> Sample:
    salt = _word(rng)
    new = pl.col("request_id").hash().cast(pl.String()) + salt
    traces = pl.col("trace_id").hash().cast(pl.String()) + salt
    kept = pl.when(pl.col("request_id").is_not_null()).then(new), pl.when(pl.col("trace_id").is_not_null()).then(traces)
    return one.with_entries(one.entries.with_columns(request_id=kept[0], trace_id=kept[1]))


def ids_dropped(one: Sample, _rng: random.Random) -> Sample:
    none = pl.lit(None, dtype=pl.String())
    text = pl.col("message").str.replace_all(r"req-[0-9a-f-]{36}", "req")
    return one.with_entries(one.entries.with_columns(request_id=none, trace_id=none, message=text))


def one_clock_shifted(one: Sample, rng: random.Random) -> Sample:
    file, by = rng.choice(_files(one)), rng.choice((-3600, -300, -40, -2, 2, 40, 300, 3600))
    moved = pl.when(pl.col("signal_id") == file).then(pl.col("timestamp") + pl.duration(seconds=by))
    return one.with_entries(one.entries.with_columns(timestamp=moved.otherwise(pl.col("timestamp"))))


def one_clock_dropped(one: Sample, rng: random.Random) -> Sample:
    file = rng.choice(_files(one))
    known = pl.when(pl.col("signal_id") != file).then(pl.col("timestamp"))
    return one.with_entries(one.entries.with_columns(timestamp=known))


def all_clocks_dropped(one: Sample, _rng: random.Random) -> Sample:
    none = pl.lit(None, dtype=one.entries.schema["timestamp"])
    return one.with_entries(one.entries.with_columns(timestamp=none))


def times_in_seconds(one: Sample, _rng: random.Random) -> Sample:
    return one.with_entries(one.entries.with_columns(pl.col("timestamp").dt.truncate("1s")))


def files_dropped(one: Sample, rng: random.Random) -> Sample:
    """A third of those that do not hold the fault."""
    held = set(one.entries.filter(one.needs())["signal_id"])
    free = [file for file in _files(one) if file not in held]
    gone = rng.sample(free, len(free) // 3)
    return one.with_entries(one.entries.filter(~pl.col("signal_id").is_in(gone)))


def files_in_another_order(one: Sample, rng: random.Random) -> Sample:
    files = rng.sample(one.entries["signal_id"].unique().sort().to_list(), one.entries["signal_id"].n_unique())
    return one.with_entries(pl.concat([one.entries.filter(pl.col("signal_id") == file) for file in files]))


def half_of_the_quiet_lines_dropped(one: Sample, rng: random.Random) -> Sample:
    loud = pl.col("is_error") | pl.col("level").is_in(("warning", "error", "critical")).fill_null(False)
    drawn = pl.Series([rng.random() < 0.5 for _ in range(one.entries.height)])
    return one.with_entries(one.entries.filter(loud | drawn))


def warnings_dropped(one: Sample, _rng: random.Random) -> Sample:
    return one.with_entries(one.entries.filter(pl.col("is_error") | (pl.col("level") != "warning").fill_null(True)))


def heads_cut(one: Sample, rng: random.Random) -> Sample:
    """Of each file what came before its first error, or a part of it."""
    first = pl.col("ordinal").filter(pl.col("is_error")).min().over("signal_id").fill_null(pl.col("ordinal").max())
    return one.with_entries(one.entries.filter(pl.col("ordinal") >= (first * rng.random()).cast(pl.Int64())))


def ends_cut(one: Sample, rng: random.Random) -> Sample:
    last = pl.col("ordinal").filter(pl.col("is_error")).max().over("signal_id").fill_null(0)
    return one.with_entries(one.entries.filter(pl.col("ordinal") <= last + rng.randint(20, 400)))


def file_attached_twice(one: Sample, rng: random.Random) -> Sample:
    """Under another name, an hour later, as what was rotated."""
    file = rng.choice(_files(one))
    again = one.entries.filter(pl.col("signal_id") == file).with_columns(
        pl.col("timestamp") + pl.duration(hours=1), signal_id=pl.lit(file.replace(".log", ".1.log"))
    )
    return one.with_entries(pl.concat([one.entries, again]))


def errors_of_another(one: Sample, _rng: random.Random) -> Sample:
    """An unrelated file with errors of its own: of a browser's console, as people attach it."""
    says = ("Uncaught ReferenceError: gtag is not defined", "Failed to load resource: net::ERR_BLOCKED_BY_CLIENT")
    first = one.entries["timestamp"].min()
    row = one.entries.filter("is_error").head(1)
    none = {
        name: pl.lit(None, dtype=one.entries.schema[name])
        for name in ("stack_trace", "error_text", "request_id", "trace_id", "exception_class", "top_frames")
    }
    rows = [
        row.with_columns(**none, message=pl.lit(said), template=pl.lit(said), signature_hash=pl.lit(f"other{at}"),
                         signal_id=pl.lit("console.log"), timestamp=pl.lit(first) + pl.duration(seconds=30 * at),
                         ordinal=pl.lit(at).cast(one.entries.schema["ordinal"]), format=pl.lit("browser-console"))
        for at, said in enumerate(says)
    ]  # fmt: skip
    return one.with_entries(pl.concat([one.entries, *rows], how="vertical_relaxed"))


def _files(one: Sample) -> list[str]:
    return [file for file in one.entries["signal_id"].unique().sort() if not file.startswith(HEALTHY_FILES)]


def several_at_once(one: Sample, rng: random.Random) -> Sample:
    for change in rng.sample(CHANGES[:-1], 3):
        one = change(one, rng)
    return one


CHANGES: tuple[Change, ...] = (
    services_renamed, functions_renamed, classes_renamed, said_otherwise, ids_changed, ids_dropped, one_clock_shifted,
    one_clock_dropped, all_clocks_dropped, times_in_seconds, files_dropped, files_in_another_order,
    half_of_the_quiet_lines_dropped, warnings_dropped, heads_cut, ends_cut, file_attached_twice, errors_of_another,
    several_at_once,
)  # fmt: skip
