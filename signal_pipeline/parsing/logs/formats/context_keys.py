"""How loggers name the ids that tie records of one request together, and what such ids look like."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class IdField:
    """A kind of id: the pattern of its keys, case-insensitive, one way of writing it, and whether one request has it
    to itself.
    """

    name: str
    key: str
    example: str
    of_request: bool = False


ID_FIELDS: tuple[IdField, ...] = (
    IdField("traceparent", r"traceparent", "traceparent=00-5628741831109c06e32e931cfc90524e-97b6fd8dd0d033fb-01"),
    IdField("trace", r"(?:[a-z]+[._])?trace[._-]?id|trace", "dd.trace_id=5628741831109c06"),
    IdField("correlation", r"(?:x[._-])?corr(?:elation)?[._-]?id|cid", "correlation-id=7f3a", True),
    IdField("request", r"(?:x[._-])?(?:http[._])?req(?:uest)?[._-]?id|rid", "req_id=req-cf24d5afd338", True),
    IdField("operation", r"(?:activity|operation|invocation|transaction|txn|tx)[._-]?id", "OperationId: 7f3a"),
    IdField(
        "span", r"(?:[a-z]+[._])?(?:parent[._-]?)?(?:span|parent)[._-]?id|span|sampled|trace[._-]?flags", "span_id=97b6"
    ),
)
"""The id with the widest reach first."""

TRACEPARENT = r"^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$"

SPOKEN_ID = (
    r"\b(?:trace|Trace|TRACE|correlation|Correlation)(?:[ _-]?(?:id|ID|Id))?[\"']?[ :=]{1,3}[\"']?([0-9a-f]{32})\b"
)
"""A trace id in prose: "failed (trace 9cc84ac03f37b427cd3207921ba05745)"."""

PLAIN_ID = (
    r"^(?:[A-Za-z]{1,8}[-_])?(?:[0-9a-f]{6,64}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[0-9]{1,12}"
    r"|1-[0-9a-f]{8}-[0-9a-f]{24})$"
)
