"""Ids that survive: merges redirect, parts take their own id back, the order plays no part."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from signal_pipeline.clustering.identity import Issued, id_of, identify

START = datetime(2026, 1, 1, tzinfo=UTC)


def issued(*founders: str) -> list[Issued]:
    """Oldest first."""
    return [Issued(id_of(name), name, START + timedelta(days=day)) for day, name in enumerate(founders)]


def groups(*members: str) -> dict[str, int]:
    """`groups("ab", "c")`: a and b in one, c in another."""
    return {signature: number for number, group in enumerate(members) for signature in group}


def test_new_groups_are_named_by_their_smallest() -> None:
    found = identify(groups("ba", "c"), groups("ba", "c"), [])
    assert found.problem == {"a": id_of("a"), "b": id_of("a"), "c": id_of("c")} == found.core
    assert found.new == {id_of("a"): "a", id_of("c"): "c"}
    assert found.merged_into == {id_of("a"): None, id_of("c"): None}


def test_a_group_that_grows_keeps_its_id() -> None:
    found = identify(groups("abc"), groups("abc"), issued("b"))
    assert set(found.problem.values()) == {id_of("b")}
    assert found.new == {}


def test_of_two_that_merge_the_older_stands_and_the_other_leads_there() -> None:
    found = identify(groups("abcd"), groups("abcd"), issued("c", "a"))
    assert set(found.problem.values()) == {id_of("c")}
    assert found.merged_into == {id_of("c"): None, id_of("a"): id_of("c")}


def test_two_cores_in_one_problem_keep_their_own_ids() -> None:
    found = identify(groups("ab", "cd"), groups("abcd"), issued("a", "c"))
    assert found.core == {"a": id_of("a"), "b": id_of("a"), "c": id_of("c"), "d": id_of("c")}
    assert found.merged_into == {id_of("a"): None, id_of("c"): id_of("a")}


def test_parted_again_the_merged_id_comes_back() -> None:
    found = identify(groups("ab", "cd"), groups("ab", "cd"), issued("a", "c"))
    assert found.problem == found.core
    assert found.merged_into == {id_of("a"): None, id_of("c"): None}


def test_a_part_without_a_founder_is_new_and_the_founder_keeps_the_id() -> None:
    found = identify(groups("abcd"), groups("ab", "cd"), issued("b"))
    assert found.core == {"a": id_of("b"), "b": id_of("b"), "c": id_of("c"), "d": id_of("c")}
    assert found.new == {id_of("c"): "c"}


def test_ids_of_one_moment_go_by_their_founder_and_an_issued_one_is_older_than_a_new_one() -> None:
    same = [Issued(id_of(name), name, START) for name in "db"]
    assert set(identify(groups("abcd"), groups("abcd"), same).problem.values()) == {id_of("b")}
    # a and b are a new core; c's id is older.
    found = identify(groups("ab", "c"), groups("abc"), issued("c"))
    assert set(found.problem.values()) == {id_of("c")}
    assert found.merged_into[id_of("a")] == id_of("c")
