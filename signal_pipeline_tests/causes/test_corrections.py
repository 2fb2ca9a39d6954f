"""What people said about roots, applied to incidents: within one, across two, in chains, and where nothing applies."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from signal_pipeline.causes.corrections import Correction, corrected
from signal_pipeline.causes.records import EntryRecord, IncidentRecord, SymptomRecord

SAID = "ann said so on 2026-03-01"
PLACE = {"signal_id": "s", "member": None, "line_number": 3, "line_count": 1, "entry_index": None}


def entry(signature: str, at: float) -> EntryRecord:
    return EntryRecord(
        signature, f"{signature}-service", signature, "GenericError", "high", None, None, at,
        is_origin=False, is_felt=False, evidence=PLACE,
    )  # fmt: skip


def incident(number: int, root: str, *symptoms: str, at: float = 1.0, tries: int = 1) -> IncidentRecord:
    followers = tuple(SymptomRecord(entry(one, at), 2, "same id", 0.9, (PLACE,)) for one in symptoms)
    return IncidentRecord(number, entry(root, at), f"{root}-service", True, followers, tries)


def shape(found: Sequence[IncidentRecord]) -> list[tuple[int, str, list[str]]]:
    return [(one.number, one.root.signature, [s.entry.signature for s in one.symptoms]) for one in found]


CASES = [
    ("within one incident the two change places", [("page", "disk")], [(1, "page", "disk", "mail")],
     [(1, "disk", ["page", "mail"])]),
    ("across two the symptom joins the cause", [("page", "disk")], [(1, "disk", "mail"), (2, "page", "log")],
     [(1, "disk", ["mail", "page", "log"])]),
    ("a cause that is itself a symptom keeps its root", [("page", "disk")], [(1, "power", "disk"), (2, "page")],
     [(1, "power", ["disk", "page"])]),
    ("where the cause does not occur nothing changes", [("page", "disk")], [(1, "page", "mail")],
     [(1, "page", ["mail"])]),
    ("where the symptom is not a root nothing changes", [("page", "disk")], [(1, "lock", "page"), (2, "disk")],
     [(1, "lock", ["page"]), (2, "disk", [])]),
    ("a chain leads to its end", [("page", "disk"), ("disk", "power")], [(1, "page", "disk"), (2, "power")],
     [(2, "power", ["disk", "page"])]),
    ("of two that apply the latest does", [("page", "disk"), ("page", "lock")], [(1, "page", "disk", "lock")],
     [(1, "lock", ["page", "disk"])]),
    ("a circle ends", [("page", "disk"), ("disk", "page")], [(1, "page", "disk")], None),
    ("nothing is its own cause", [("page", "page")], [(1, "page", "disk")], [(1, "page", ["disk"])]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "said", "found", "wanted"), CASES, ids=[case[0] for case in CASES])
def test_corrections(name: str, said: list[tuple[str, str]], found: list[tuple[int, str, str]], wanted: object) -> None:
    incidents = [incident(number, *names) for number, *names in found]
    made = corrected(incidents, [Correction(*pair, SAID) for pair in said], lambda one: one)
    if wanted is None:
        assert len(made) == 1
    else:
        assert shape(made) == wanted
        assert any(one.is_corrected for one in made) == (shape(made) != shape(incidents))


def test_the_old_root_is_a_symptom_with_who_said_so_and_how_often_it_was_tried() -> None:
    (made,) = corrected([incident(1, "page", "disk", tries=4)], [Correction("page", "disk", SAID)], lambda one: one)
    assert (made.root_service, made.tries, made.in_evidence) == ("disk-service", 2, True)
    assert (made.symptoms[0].count, made.symptoms[0].reason) == (4, SAID)


def test_of_several_incidents_with_the_cause_the_nearest_in_time_takes_it() -> None:
    found = [incident(1, "disk", at=10), incident(2, "disk", at=50), incident(3, "page", at=48)]
    made = corrected(found, [Correction("page", "disk", SAID)], lambda one: one)
    assert shape(made) == [(1, "disk", []), (2, "disk", ["page"])]


def test_errors_of_one_name_are_the_same() -> None:
    made = corrected([incident(1, "page-b", "disk-b")], [Correction("page-a", "disk-a", SAID)], lambda one: one[:4])
    assert shape(made) == [(1, "disk-b", ["page-b"])]
