"""Requests that one ended session explains: nobody says so, but the client was refused in the same words again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from signal_pipeline.causes.node import Node
from signal_pipeline.causes.statements import normalised
from signal_pipeline.frame_schema import EXCHANGE

SIGNED_OUT = 401
SIGNED_OUT_SECONDS = 10.0


def with_refusals(nodes: Sequence[Node], signed_in: Sequence[tuple[tuple[str, str | None], float]]) -> list[Node]:
    """Requests of one client that are refused with 401 in the same words, each soon after the one before, and nothing
    that it sent was accepted in between. `signed_in` are the files and times of what was.
    """
    first_of: dict[int | None, int] = {}
    last: dict[tuple[Any, str], tuple[float, int]] = {}
    refused = [node for node in nodes if node.role == EXCHANGE and node.status == SIGNED_OUT and node.at is not None]
    for node in sorted(refused, key=lambda one: one.at or 0.0):
        at, (before, first) = node.at or 0.0, last.get((node.file, _words(node)), (-SIGNED_OUT_SECONDS, node.row))
        accepted = any(file == node.file and before < moment < at for file, moment in signed_in)
        if at - before > SIGNED_OUT_SECONDS or accepted:
            first = node.row
        first_of[node.row] = first
        last[node.file, _words(node)] = (at, first)
    return [replace(node, refusal=first_of[node.exchange]) if node.exchange in first_of else node for node in nodes]


def _words(node: Node) -> str:
    """What the answer said, beside the status."""
    return node.statement or normalised(node.message.partition("-> ")[2])


def accepted_requests(rows: pl.DataFrame) -> list[tuple[tuple[str, str | None], float]]:
    """Files and times of the requests that sent something and were not refused."""
    sent = rows.filter(
        (pl.col("role") == EXCHANGE) & (pl.col("method") == "POST") & pl.col("status").is_between(200, 399)
    )
    return [
        ((signal, member), at)
        for signal, member, at in sent.select("signal_id", "member", "at").drop_nulls("at").iter_rows()
    ]
