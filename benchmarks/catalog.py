"""The catalog: 1,000 new signatures into 1,000,000 known ones, and how many true neighbours the index finds.

Adding is what a report costs beside its reading: vectors into the index, then a place in the catalog for each. The
neighbours are compared with those of an exact search over all vectors. BENCH_SIGNATURES sets the size of the history
(1,000,000), which takes most of the time: the index over vectors is built first.

    python -m benchmarks.catalog
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

import numpy as np
import psycopg

from benchmarks.catalog_data import Families, add, families_of, fill_catalog
from benchmarks.peak import peak_mb
from benchmarks.result import Figure, write_result
from signal_pipeline.catalog.placement import Near, Placed, place_signatures
from signal_pipeline.embedding.protocol import Vectors
from signal_pipeline.local.ports import random_ports
from signal_pipeline.local.preparation import prepare_servers
from signal_pipeline.local.stack import LocalStack
from signal_pipeline.platform.platform import Platform
from signal_pipeline.storage.neighbours import nearest_signatures

SIGNATURES = int(os.environ.get("BENCH_SIGNATURES", "1000000"))
NEW = 1000
ROUNDS = 3
MEMBERS = 40
ASKED = 200
NEIGHBOURS = 10
PEER = "exact search over all vectors"


def main() -> None:
    families = families_of(max(SIGNATURES // MEMBERS, 2), MEMBERS)
    with (
        tempfile.TemporaryDirectory(prefix="catalog-") as home,
        LocalStack(Path(home), with_dagster=False, ports=random_ports(), environment={}) as stack,
    ):
        prepare_servers(stack.settings(), lambda _: None)
        began = time.monotonic()
        with psycopg.connect(stack.settings().database_url, autocommit=True) as connection:
            for said in fill_catalog(connection, families):
                print(f"{time.monotonic() - began:6.0f} s  {said}", flush=True)
        figures = {
            "signatures_known": Figure(families.size, None, "higher", "signatures"),
            "index_over_vectors": Figure(round(time.monotonic() - began), None, "lower", "s to fill and build"),
        }
        with Platform(stack.settings()) as platform:
            figures |= _adding(platform, families)
            figures |= _recall(platform, families)
    write_result("catalog", figures)


def _adding(platform: Platform, families: Families) -> dict[str, Figure]:
    """Medians over some rounds, each with signatures of its own."""
    times, placed = [], Placed()
    for seed in range(ROUNDS):
        near: Near = {}
        began = time.perf_counter()
        with platform.database.transaction() as connection:
            hashes = add(connection, families, NEW, seed)
        entered = time.perf_counter()
        placed += place_signatures(platform.database, hashes, near)
        times.append((entered - began, time.perf_counter() - entered))
        print(f"round {seed + 1}: entered in {times[-1][0]:.1f} s, placed in {times[-1][1]:.1f} s", flush=True)
    enter, place = np.median(np.array(times), axis=0).tolist()
    return {
        "add": Figure(round(enter + place, 2), 30.0, "lower", f"s for {NEW} signatures"),
        "of_it_entering": Figure(round(enter, 2), None, "lower", "s"),
        "of_it_placing": Figure(round(place, 2), None, "lower", "s"),
        "joined_a_known_problem": Figure(placed.joined / (NEW * ROUNDS), None, "higher", "share of them"),
        "peak_memory": Figure(round(peak_mb()), None, "lower", "MB"),
    }


def _recall(platform: Platform, families: Families) -> dict[str, Figure]:
    """Of the ten true neighbours of some newcomers, the share that the index finds; and the time for each."""
    with platform.database.transaction() as connection:
        hashes = add(connection, families, ASKED, ROUNDS)
    _, asked = families.newcomers(ASKED, ROUNDS)
    began = time.perf_counter()
    with platform.database.transaction() as connection:
        found = nearest_signatures(connection, hashes, NEIGHBOURS)
    by_index = time.perf_counter() - began
    nearest, exact = _exact(families, asked)
    # A neighbour that is as near as the tenth is as good: equal distances have no order.
    good = sum(
        one.distance <= limit + 1e-5
        for signature, limit in zip(hashes, nearest[:, NEIGHBOURS - 1].tolist(), strict=True)
        for one in found[signature]
    )
    return {
        "recall_at_10": Figure(good / (ASKED * NEIGHBOURS), 0.95, "higher", "of the true neighbours", PEER, 1.0),
        "search": Figure(1000 * by_index / ASKED, None, "lower", "ms each", PEER, 1000 * exact / ASKED),
    }


def _exact(families: Families, asked: Vectors) -> tuple[Vectors, float]:
    """Distances of the nearest ones among all that there is, without each itself, ascending; and the seconds of it."""
    best = np.full((len(asked), NEIGHBOURS + 1), 3.0, dtype=np.float32)
    blocks = [asked, *(families.newcomers(NEW, seed)[1] for seed in range(ROUNDS))]
    blocks += [families.slice_of(family) for family in range(len(families.texts))]
    everything = np.concatenate(blocks)
    began = time.perf_counter()
    for start in range(0, len(everything), 20_000):
        both = np.concatenate([best, 1 - asked @ everything[start : start + 20_000].T], axis=1)
        best = np.partition(both, NEIGHBOURS, axis=1)[:, : NEIGHBOURS + 1]
    return np.sort(best, axis=1)[:, 1:], time.perf_counter() - began


if __name__ == "__main__":
    main()
