"""The one wording of where something is."""

from __future__ import annotations

from typing import Any

import pytest

from signal_pipeline.evidence import Place

# item of evidence, unit, label, position
PLACES: list[tuple[dict[str, Any], str, str, str]] = [
    ({"file": "app.log", "line_number": 17}, "entry", "app.log:17", "line 17"),
    ({"file": "app.log", "line_number": 17, "line_count": 1}, "entry", "app.log:17", "line 17"),
    ({"file": "app.log", "line_number": 17, "line_count": 4}, "entry", "app.log:17-20", "lines 17-20"),
    ({"file": "logs.zip", "member": "a/app.log", "line_number": 1}, "entry", "logs.zip/a/app.log:1", "line 1"),
    ({"file": "page.har", "entry_index": 0}, "entry", "page.har entry 0", "entry 0"),
    ({"file": "page.har", "entry_index": 3, "line_number": None}, "entry", "page.har entry 3", "entry 3"),
    ({"file": "net.pcap", "entry_index": 3}, "flow", "net.pcap flow 3", "flow 3"),
    ({"file": "app.log"}, "entry", "app.log", ""),
]


@pytest.mark.parametrize(("item", "unit", "label", "position"), PLACES, ids=[case[2] for case in PLACES])
def test_the_wording_of_a_place(item: dict[str, Any], unit: str, label: str, position: str) -> None:
    place = Place.of(item, unit=unit)
    assert (place.label(), place.position) == (label, position)


def test_a_name_from_elsewhere_goes_before_the_items_own() -> None:
    assert Place.of({"file": "stored", "line_number": 2}, "shown.log").label() == "shown.log:2"
