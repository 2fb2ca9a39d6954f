"""The last words of builds and test runs follow from what failed before them."""

from __future__ import annotations

import pytest

from signal_pipeline.causes.build_outcomes import BUILD_OUTCOMES, GIVING_UP, ends_build, gives_up
from signal_pipeline.causes.phrase import Phrase
from signal_pipeline_tests.causes.stories import Story, told


@pytest.mark.parametrize("wording", BUILD_OUTCOMES, ids=lambda wording: wording.name)
def test_the_example_of_each_wording_is_recognised(wording: Phrase) -> None:
    assert ends_build(wording.example)


ENDS = [
    "make: *** [all] Error 2", "collect2: error: ld returned 1 exit status", "2 errors generated.", "Found 3 errors.",
    "Error: Process completed with exit code 1.", "Job failed: exit code 1", "FAIL", "FAIL\tacme.org/shop/cart\t0.012s",
    "(1 failure)", "rspec ./spec/cart_spec.rb:12 # Cart sums the prices",
    "Tests run: 4, Failures: 1, Errors: 0, Skipped: 0", "3 failing", "12 examples, 2 failures", "** TEST FAILED **",
    "No matching distribution found for flask==9", "ERROR: Build did NOT complete successfully",
    "The command '/bin/sh -c make' returned a non-zero code: 2",
]  # fmt: skip
OWN_ERRORS = [
    "cart.c:42:12: error: 'struct cart' has no member named 'totl'", "make: cart.c: No such file or directory",
    "FAIL: the disk of node 3 is full", "0 errors generated", "Job 17 of the queue failed: no such order",
    "Tests of the disk failed: bad sector", "could not compile the list of orders", "Failing over to replica 2",
]  # fmt: skip


@pytest.mark.parametrize(("text", "ends"), [*((text, True) for text in ENDS), *((text, False) for text in OWN_ERRORS)])
def test_only_what_tells_of_errors_before_it_is_an_end(text: str, ends: bool) -> None:
    assert ends_build(text) is ends


@pytest.mark.parametrize("dated", [True, False])
def test_the_end_of_a_build_follows_from_the_last_error_before_it(dated: bool) -> None:
    story = Story()
    early = story.error(1.0 if dated else None, "ci", "cannot read the cache")
    root = story.error(900.0 if dated else None, "ci", "cart.c:42:12: error: no member named 'totl'")
    texts = ("make: *** [all] Error 2", "Job failed")
    ends = [story.error(901.0 + n if dated else None, "ci", text) for n, text in enumerate(texts)]
    assert told(story.causes()) == [(early, set()), (root, set(ends))]


def test_of_ends_alone_the_first_stands_for_all() -> None:
    story = Story()
    first, second = (story.error(n, "ci", text) for n, text in enumerate(("make: *** [all] Error 2", "Job failed")))
    assert told(story.causes()) == [(first, {second})]


def test_what_is_stated_below_the_head_counts_and_comes_after_undated_errors() -> None:
    below = "* What went wrong:\nExecution failed for task ':compile'.\n> Compilation error. See log for more details"
    story = Story()
    root = story.error(None, "ci", "e: /work/Cart.kt: (26, 35): Unresolved reference: VERSION_NAME")
    end = story.error(None, "ci", "FAILURE: Build failed with an exception.", stack_trace=below)
    assert told(story.causes()) == [(root, {end})]


@pytest.mark.parametrize("wording", GIVING_UP, ids=lambda wording: wording.name)
def test_the_example_of_each_way_of_giving_up_is_recognised(wording: Phrase) -> None:
    assert gives_up(wording.example)


@pytest.mark.parametrize("text", ["Max retries exceeded with url: /a", "page 3 of 7 failed", "2 attempts were made"])
def test_other_words_about_attempts_are_no_end(text: str) -> None:
    assert not gives_up(text)


def test_who_gives_up_does_so_for_what_failed_before_in_the_same_service() -> None:
    story = Story()
    root = story.raised(10.0, "uploads", "put", "S3Exception: the region is wrong")
    end = story.error(19.0, "uploads", "Upload of invoice.pdf failed after 4 attempts")
    other = story.error(600.0, "uploads", "sync ended: 0 of 4 pages")
    assert told(story.causes()) == [(root, {end}), (other, set())]
