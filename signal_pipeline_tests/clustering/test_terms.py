"""The words that name a cluster."""

from __future__ import annotations

from signal_pipeline.clustering.terms import MAX_LABEL_CHARS, distinctive_terms, label_of


def test_terms_mark_a_cluster_off_and_read_as_the_message_does() -> None:
    terms = distinctive_terms(
        [
            ["error: database timeout <NUM>", "error: database timeout on <HOST>"],
            ["error: payment declined", "error: payment refused"],
            ["error: render failed"],
        ]
    )
    assert terms == [
        ("error", "database", "timeout"),
        ("error", "payment", "declined", "refused"),
        ("error", "render", "failed"),
    ]
    many = distinctive_terms([[f"error while reading the {name} file"] for name in ("first", "second", "third")])
    assert [one[0] for one in many] == ["error"] * 3
    assert "second" in many[1] and "the" not in many[1]


def test_routes_and_statuses_are_words_and_masks_are_not() -> None:
    (terms,) = distinctive_terms([["POST /api/orders/{id}/pay -> 502 for <USER>"]])
    assert terms == ("POST", "/api/orders/{id}/pay", "502")


def test_what_most_members_say_outweighs_what_one_says() -> None:
    family = [[f"user {name} not found", *(f"user {other} not found" for other in "bcdefgh")] for name in "a"]
    (terms,) = distinctive_terms(family)
    assert terms == ("user", "found")


def test_nothing_to_say_is_an_empty_label() -> None:
    assert distinctive_terms([]) == []
    assert distinctive_terms([["<NUM> <STR> ..."]]) == [()]
    assert label_of(()) == ""
    assert label_of(("a", "b")) == "a · b"
    assert len(label_of(("long" * 30, "b"))) == MAX_LABEL_CHARS
