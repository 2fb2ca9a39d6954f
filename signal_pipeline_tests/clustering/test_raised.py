"""One exception that was raised at one place and says the same is one cluster, whatever was logged about it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest

from signal_pipeline.clustering.calibrated import calibrated_labels
from signal_pipeline.clustering.cluster import cluster_signatures
from signal_pipeline.clustering.constraints import Constraints
from signal_pipeline.clustering.growth import NEWCOMER, grow
from signal_pipeline.clustering.raised import raised_keys

PLACE = ("shop.stock:reserve", "shop.cart:add")


class Signature(NamedTuple):
    template: str
    exception_class: str | None
    top_frames: tuple[str, ...]


LOGGED = Signature("Cannot add to cart <NUM>: StockError: shelf is empty", "shop.StockError", PLACE)

SAME = {
    "another sentence of the log": LOGGED._replace(template="Request failed | StockError: shelf is empty"),
    "another way to it": LOGGED._replace(top_frames=("shop.stock:reserve", "shop.admin:move")),
    "raised in another process": LOGGED._replace(template="Job gave up: StockError_Remote: shelf is empty"),
    "through a wrapper": LOGGED._replace(top_frames=("shop.retry:wrapper", *PLACE)),
    "another package of the class": LOGGED._replace(exception_class="StockError"),
}
OTHER = {
    "it says something else": LOGGED._replace(template="Cannot add to cart <NUM>: StockError: unit is unknown"),
    "another place": LOGGED._replace(top_frames=("shop.stock:release", "shop.cart:add")),
    "another class": Signature("Cannot add to cart <NUM>: CartError: shelf is empty", "shop.CartError", PLACE),
}
NO_KEY = {
    "no frames": LOGGED._replace(top_frames=()),
    "no class": LOGGED._replace(exception_class=None),
    "no sentence": LOGGED._replace(template="Cannot add to cart <NUM>"),
    "a signal": Signature("crashed: SIGSEGV: address not mapped", "SIGSEGV", PLACE),
    "a sanitizer": Signature("AddressSanitizer: heap use after free", "AddressSanitizer", PLACE),
    "a status": Signature("answer was HTTP 503: service not available", "HTTP 503", PLACE),
    "one word": LOGGED._replace(template="Cannot add to cart <NUM>: StockError: 'shelf'"),
}


def keys(*signatures: Signature) -> list[str | None]:
    return raised_keys(*zip(*signatures, strict=True))


@pytest.mark.parametrize("other", SAME.values(), ids=SAME.keys())
def test_one_exception_raised_at_one_place(other: Signature) -> None:
    found = keys(LOGGED, other)
    assert found[0] is not None
    assert found[0] == found[1]


@pytest.mark.parametrize("other", OTHER.values(), ids=OTHER.keys())
def test_other_exceptions_and_places(other: Signature) -> None:
    found = keys(LOGGED, other)
    assert None not in found
    assert found[0] != found[1]


@pytest.mark.parametrize("signature", NO_KEY.values(), ids=NO_KEY.keys())
def test_what_has_no_key(signature: Signature) -> None:
    assert keys(signature) == [None]


def columns(signatures: list[Signature]) -> dict[str, list[object]]:
    templates, classes, frames = zip(*signatures, strict=True)
    return {
        "error_types": ["GenericError"] * len(signatures),
        "templates": list(templates),
        "exception_classes": list(classes),
        "top_frames": list(frames),
    }


SIGNATURES = [LOGGED, *SAME.values(), *OTHER.values(), *NO_KEY.values()]
VECTORS = np.eye(len(SIGNATURES), 384, dtype=np.float32)
ONE = list(range(1 + len(SAME)))


def test_they_are_one_cluster_however_far_apart_their_texts_are() -> None:
    labels = calibrated_labels(VECTORS, radius_cap=0.5, **columns(SIGNATURES)).tolist()
    assert labels[: len(ONE)] == [0] * len(ONE)
    assert labels[len(ONE) :] == list(range(1, 1 + len(SIGNATURES) - len(ONE)))


def test_newcomers_join_them() -> None:
    known = [0, *[NEWCOMER] * (len(SIGNATURES) - 1)]
    labels = grow(VECTORS, known=known, radius_cap=0.5, **columns(SIGNATURES)).tolist()
    assert [place for place, label in enumerate(labels) if label == 0] == ONE


def test_a_verdict_parts_them() -> None:
    hashes = [f"{place:064x}" for place in range(len(SIGNATURES))]
    clustering = cluster_signatures(
        VECTORS,
        frequencies=[1] * len(hashes),
        hashes=hashes,
        constraints=Constraints.of([], [(hashes[0], hashes[1])]),
        **columns(SIGNATURES),
    )
    labels = clustering.labels.tolist()
    assert labels[0] != labels[1]
    assert len(set(labels[: len(ONE)])) == 2


def test_without_frames_wording_decides() -> None:
    given = columns(SIGNATURES) | {"top_frames": None}
    assert len(set(calibrated_labels(VECTORS, radius_cap=0.5, **given).tolist())) == len(SIGNATURES)
