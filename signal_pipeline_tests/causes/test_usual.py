"""Places of errors, and incidents told apart from what usually happens there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from signal_pipeline.causes.places import generalised
from signal_pipeline.causes.problems import problems_of
from signal_pipeline.causes.records import EntryRecord, IncidentRecord, SymptomRecord
from signal_pipeline.causes.usual import without_usual_roots

EVIDENCE = {"signal_id": "s", "member": None, "line_number": 1, "line_count": 1, "entry_index": None}


def entry(service: str, said: str, at: float = 1.0) -> EntryRecord:
    return EntryRecord(
        signature=said, service=service, message=said, error_type="GenericError", severity="high", exception=None,
        frame=None, at=at, is_origin=False, is_felt=False, evidence=EVIDENCE, place=f"{service}||{said}",
    )  # fmt: skip


def incident(number: int, root: EntryRecord, *symptoms: EntryRecord, tries: int = 1) -> IncidentRecord:
    followers = tuple(SymptomRecord(one, 1, "same id", 0.9, (EVIDENCE,)) for one in symptoms)
    return IncidentRecord(number, root, root.service, in_evidence=True, symptoms=followers, tries=tries)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("No instances available for stock-service", "No instances available for mail-service"),
        ("cannot open /var/lib/shop/a1.db", "cannot open /srv/other.db"),
        ("connection to 10.0.0.7:5432 lost", "connection to db.internal:5432 lost"),
    ],
)
def test_names_do_not_tell_errors_at_a_place_apart(one: str, other: str) -> None:
    assert generalised(one) == generalised(other)


def test_words_do() -> None:
    assert generalised("Order not found") != generalised("Cart not found")


def test_what_is_usual_is_no_cause_of_what_is_not() -> None:
    noise, news, more = entry("mail", "relay slow"), entry("shop", "no price"), entry("page", "empty cart")
    mixed = incident(1, noise, entry("mail", "queue long"), news, more)
    usual = {noise.place, "mail||queue long"}
    background, found = without_usual_roots([mixed], usual)
    assert (background.root, [one.entry.message for one in background.symptoms]) == (noise, ["queue long"])
    assert (found.root, [one.entry for one in found.symptoms], found.root_service) == (news, [more], "shop")
    first, last = problems_of([mixed], {}, usual=usual)
    assert (first.first.root, first.is_background, last.is_background) == (news, False, True)


def test_nothing_changes_where_nothing_is_usual() -> None:
    mixed = [incident(1, entry("mail", "relay slow"), entry("shop", "no price"))]
    assert without_usual_roots(mixed, set()) == mixed


def test_a_usual_error_is_news_in_another_service() -> None:
    said = "no instances available"
    here, there = incident(1, entry("mail", said)), incident(2, entry("shop", said, at=2.0))
    first, last = problems_of([here, there], {}, usual={here.root.place})
    assert (first.first.root_service, first.is_background) == ("shop", False)
    assert (last.first.root_service, last.is_background) == ("mail", True)


def test_of_problems_with_a_trace_the_earliest_is_read_first_and_of_others_what_explains_most() -> None:
    traced = [replace(entry("shop", name, at), is_origin=True) for name, at in (("late", 9.0), ("early", 2.0))]
    plain, wide = entry("mail", "alone", 1.0), entry("mail", "of much", 3.0)
    told = [
        incident(1, plain),
        incident(2, traced[1]),
        incident(3, wide, entry("a", "x"), entry("b", "y")),
        incident(4, traced[0], entry("c", "z")),
    ]
    assert [problem.first.root.message for problem in problems_of(told, {})] == ["early", "late", "of much", "alone"]


def test_causes_that_follow_from_each_other_now_this_one_first_and_now_that_are_one_problem() -> None:
    user, password, other = entry("gate", "unknown user"), entry("gate", "wrong password"), entry("gate", "no route")
    told = [incident(1, user, password), incident(2, password, user), incident(3, other, password)]
    problems = problems_of(told, {})
    assert [[one.number for one in problem.incidents] for problem in problems] == [[1, 2], [3]]


def test_an_error_without_a_trace_is_at_home_where_it_is_most_often() -> None:
    said = "pool exhausted"
    (problem,) = problems_of([incident(1, entry("mail", said)), incident(2, entry("shop", said), tries=7)], {})
    assert problem.first.root_service == "shop"
