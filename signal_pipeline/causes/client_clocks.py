"""How far a client's clock is from that of a server's log that shares no id with it: by failures that happened as often
and as far apart in both. Files that the timeline has put together stay as they are.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from signal_pipeline.causes.node import ORIGIN, STATED, Node
from signal_pipeline.causes.statements import normalised
from signal_pipeline.causes.ties import strange
from signal_pipeline.frame_schema import EXCHANGE, FLOW

STEP_SECONDS = 0.5
"""By how much the time from a fault to the end of its request may vary."""
LONGEST_SECONDS = 86_400.0
LONGEST_OF_ONE_SECONDS = 900.0
"""Of a single failure that could be no other's, and whose text has a word of the request's path."""
MIN_WORD_CHARS = 4
LEAST_WITHOUT_TRACE = 3
"""So many errors without a trace must match: such lines are often about something else."""
MAX_COMPARED = 64
SERVER_FAILED = 500
_PATH = re.compile(r"://[^/\s]+/([^\s?]*)")
File = tuple[str, str | None]


def with_common_clock(nodes: Sequence[Node]) -> list[Node]:
    """The nodes of files whose clock is found to differ, with their times corrected and `clock_moved` by how much."""
    moved = _moved(nodes)
    return [_by(node, moved[node.file]) if node.file in moved else node for node in nodes]


def _by(node: Node, seconds: float) -> Node:
    at = None if node.at is None else node.at + seconds
    began = None if node.began is None else node.began + seconds
    return replace(node, at=at, began=began, clock_moved=seconds)


def _moved(nodes: Sequence[Node]) -> Mapping[File, float]:
    failed, faults = _failed_requests(nodes), _faults(nodes)
    if not failed or not faults:
        return {}
    related = _related(nodes)
    alone = len(failed) == 1 and len(faults) == 1
    found: dict[tuple[File, File], float] = {}
    for (client, _), requests in failed.items():
        for (server, _), raised in faults.items():
            if client == server or (client, server) in related or strange(requests[0], raised[0]):
                continue
            by = _offset(requests, raised, alone=alone)
            if by is not None and abs(by) < abs(found.get((client, server), LONGEST_SECONDS)):
                found[client, server] = by
    moved: dict[File, float] = {}
    is_related = {client for client, _ in related}
    for (client, server), by in sorted(found.items(), key=lambda pair: abs(pair[1])):
        if client in is_related:
            moved.setdefault(server, -by)
        else:
            moved.setdefault(client, by)
            is_related.add(client)
    return moved


def _failed_requests(nodes: Sequence[Node]) -> Mapping[tuple[File, str | None], list[Node]]:
    """By file and kind, those that a server failed and that no record is known to be of."""
    explained = {node.exchange for node in nodes if node.role != EXCHANGE and node.nearness >= STATED}
    return _grouped(
        node
        for node in nodes
        if node.role == EXCHANGE and (node.status or 0) >= SERVER_FAILED and node.row not in explained
    )


def _faults(nodes: Sequence[Node]) -> Mapping[tuple[File, str | None], list[Node]]:
    """By file and kind, errors of programs that are no client's and belong to no request that is known."""
    found = _grouped(
        node
        for node in nodes
        if node.nearness >= STATED
        and node.role not in (EXCHANGE, FLOW)
        and (node.is_error or node.nearness == ORIGIN)
        and not node.is_client
        and node.exchange is None
    )
    return {key: some for key, some in found.items() if some[0].nearness == ORIGIN or len(some) >= LEAST_WITHOUT_TRACE}


def _grouped(nodes: Iterator[Node]) -> Mapping[tuple[File, str | None], list[Node]]:
    found: dict[tuple[File, str | None], list[Node]] = defaultdict(list)
    for node in nodes:
        if node.at is not None:
            found[node.file, node.signature].append(node)
    return found


def _related(nodes: Sequence[Node]) -> set[tuple[File, File]]:
    """(client's file, other file) that share a request by the timeline or an id."""
    client_of = {node.row: node.file for node in nodes if node.role == EXCHANGE}
    by_id = {one: node.file for node in nodes if node.role == EXCHANGE for one in node.requests}
    found = {
        (client_of[node.exchange], node.file)
        for node in nodes
        if node.role != EXCHANGE and node.exchange is not None and node.exchange in client_of
    }
    found.update(
        (by_id[one], node.file) for node in nodes if node.role != EXCHANGE for one in node.requests if one in by_id
    )
    return found


def _offset(requests: Sequence[Node], raised: Sequence[Node], *, alone: bool) -> float | None:
    """What is added to the times of the requests, so that each ends after its fault; None where they do not match."""
    ends, times = _times(requests), _times(raised)
    if len(ends) > len(times) or len(times) > MAX_COMPARED:
        return None
    if len(ends) == 1:
        by = times[0] - ends[0]
        is_near = len(times) == 1 and 0.0 < by <= STEP_SECONDS
        is_its = alone and len(times) == 1 and _share_a_word(requests[0], raised[0])
        return by if is_near or (is_its and _is_wrong(by, LONGEST_OF_ONE_SECONDS)) else None
    for first in times:
        gaps = [_gap(end, times, first - ends[0]) for end in ends]
        matched = {round(end + gap, 6) for end, gap in zip(ends, gaps, strict=True)}
        covers = all(any(abs(time - end - gaps[0]) <= STEP_SECONDS for end in ends) for time in times)
        if max(gaps) - min(gaps) <= STEP_SECONDS and len(matched) == len(ends) and covers:
            return max(gaps) if _is_wrong(max(gaps), LONGEST_SECONDS) else None
    return None


def _gap(end: float, times: Sequence[float], by: float) -> float:
    """From the end of a request to the fault that is nearest to where it would be."""
    return min((time - end for time in times), key=lambda gap: abs(gap - by))


def _share_a_word(request: Node, fault: Node) -> bool:
    """Whether the text of the fault has a word of the request's path, in the singular or the plural."""
    path = _PATH.search(request.message)
    words = normalised(path.group(1)).split() if path else []
    return not _stems(words).isdisjoint(_stems(fault.text.split()))


def _stems(words: Iterable[str]) -> set[str]:
    return {word.rstrip("s") for word in words if len(word) >= MIN_WORD_CHARS}


def _is_wrong(by: float, longest: float) -> bool:
    """Whether the times as they are leave the request before its fault, or too far behind it."""
    return 0.0 < by <= longest or -longest <= by < -STEP_SECONDS


def _times(nodes: Sequence[Node]) -> list[float]:
    return sorted(node.at for node in nodes if node.at is not None)
