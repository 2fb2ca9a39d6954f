"""No canary passes the readers of events and captures; and the search that says so is not blind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from signal_pipeline.parsing.signal_reader import read_signal
from signal_pipeline.redaction.redactor import Redactor
from signal_pipeline_tests.redaction.canaries import Canary
from signal_pipeline_tests.redaction.leak_search import find_leaks
from signal_pipeline_tests.redaction.planted.search import written
from signal_pipeline_tests.redaction.planted_signals import planted_capture, planted_events

Planted = Callable[[int], tuple[bytes, list[Canary]]]


@pytest.mark.parametrize("seed", [21, 22])
@pytest.mark.parametrize(("name", "plant"), [("events.jsonl", planted_events), ("traffic.pcap", planted_capture)])
def test_no_canary_passes(name: str, plant: Planted, seed: int, tmp_path: Path) -> None:
    data, manifest = plant(seed)
    (tmp_path / name).write_bytes(data)
    reading = read_signal(tmp_path / name, redactor=Redactor(b"a key for tests"))
    frames = list(reading)
    assert reading.outcome.status == "ok" and sum(frame.height for frame in frames) >= 80
    # The end of an address may be that of another.
    found = find_leaks(b"\n".join(map(written, frames)), manifest)
    assert [leak for leak in found if leak.secret not in ("ip", "ipv6") or leak.form == "plain"] == []


@pytest.mark.parametrize("plant", [planted_events, planted_capture])
def test_without_the_gate_the_canaries_are_found(plant: Planted) -> None:
    data, manifest = plant(23)
    assert len(find_leaks(data, manifest)) >= 0.95 * len(manifest)


def test_ids_below_the_name_of_a_secret_are_hashes_and_stay_apart() -> None:
    redactor = Redactor(b"a key for tests")
    first, second = (redactor.named_identifier("session_id", value) for value in ("gdKPdrLoR46g", "0123456789abcdef"))
    assert first != second and "gdKP" not in first and "0123" not in second
    assert redactor.named_identifier("order_id", "A-17") == "A-17"
    assert "4111" not in redactor.identifier("4111111111111111")
