"""Flows and alerts of a report as JSON."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from signal_pipeline.schemas import Severity


class FlowModel(BaseModel):
    """Both directions of a conversation in a capture; `out` is what the originator sent."""

    signal_id: UUID
    member: str | None
    number: int = Field(description="place in the capture, by first packet")
    protocol: str | None
    source: str | None
    source_port: int | None
    target: str | None
    target_port: int | None
    service: str | None
    server_name: str | None
    tls_version: str | None
    state: str | None = Field(description="state of the connection as Zeek names it")
    started_at: datetime | None
    ended_at: datetime | None
    packets_out: int | None
    bytes_out: int | None
    payload_out: int | None
    packets_in: int | None
    bytes_in: int | None
    payload_in: int | None
    handshake_ms: float | None
    retransmitted: int | None
    out_of_order: int | None
    zero_windows: int | None
    resets: int | None
    clear_login: str | None
    certificate_ends: datetime | None
    self_signed: bool | None
    failures: list[str]
    likely_protocol: str | None = Field(description="what its shape suggests, where its content does not say it")
    likelihood: float | None = Field(description="how sure that is, 0 to 1")


class FlowPage(BaseModel):
    """A page of flows, in order of their first packet."""

    report_id: UUID
    items: list[FlowModel]
    next_cursor: str | None


class FlowPlace(BaseModel):
    """A flow of a capture."""

    file: str
    flow: int


class AlertModel(BaseModel):
    """Traffic that is worth a look, by a rule; what it means is for a person to say."""

    rule: str
    severity: Severity
    sentence: str
    source: str | None
    target: str | None
    count: int = Field(description="flows that it is about")
    first_at: datetime | None
    last_at: datetime | None
    flows: list[FlowPlace]


class AlertList(BaseModel):
    """All alerts of a report, in order of the rules."""

    report_id: UUID
    items: list[AlertModel]
