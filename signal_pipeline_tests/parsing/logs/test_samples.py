"""Every sample in samples/ is read as it says. All of one file in one test: differences are listed together."""

from __future__ import annotations

import pytest

from signal_pipeline_tests.parsing.logs.reading import read
from signal_pipeline_tests.parsing.logs.sample_records import SAMPLES, Sample, samples

FILES = sorted(path.name for path in SAMPLES.glob("*.txt"))

# Log, what is read (format and number of records), and what a person would read.
KNOWN_WRONG = (
    # A prefix of Ray's workers is not taken off.
    ("(pid=123) 2024-03-01 10:00:00,123\tERROR worker.py:12 -- failed\n", ("text", 1), "level error"),
)


def _found(sample: Sample) -> tuple[str, str, str, str, str, str]:
    frame, notes = read(sample.text.encode())
    first = frame.row(0, named=True)
    time = first["timestamp"].isoformat(timespec="milliseconds")[:23] if first["timestamp"] else "-"
    message = (first["message"] or "-")[: len(sample.expected[-1])]
    return notes.format or "-", first["level"] or "-", first["component"] or "-", time, str(frame.height), message


@pytest.mark.parametrize("file", FILES)
def test_samples(file: str) -> None:
    cases = list(samples(file))
    assert len({case.name for case in cases}) == len(cases) > 20
    wrong = {case.name: (found, case.expected) for case in cases if (found := _found(case)) != case.expected}
    assert wrong == {}


def test_known_wrong_is_still_wrong() -> None:
    for text, now, _ in KNOWN_WRONG:
        frame, notes = read(text.encode())
        assert (notes.format, frame.height) == now, text
