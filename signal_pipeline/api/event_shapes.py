"""The JSON of business events and their signals."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field


class ViolatedSchema(BaseModel):
    event_id: str
    schema_name: str = Field(alias="schema", serialization_alias="schema")
    version: str | None
    field: str = Field(description="JSON pointer into the event")
    keyword: str = Field(description="word of JSON Schema that refused it")


class EventsAccepted(BaseModel):
    accepted: int = Field(description="events that are new")
    duplicates: int = Field(description="events that were there already")
    violations: int = Field(description="new events that violate their schema")
    rejected: list[int] = Field(description="numbers of the objects that are not events, from 0")
    violated: list[ViolatedSchema] = Field(description="what is wrong with which, the first hundred")


class SignalItem(BaseModel):
    rule: str = Field(description="name of the rule; schema for a violation")
    kind: str
    subject: str
    severity: str
    count: int
    entities: int = Field(description="different entities, such as orders")
    first_at: datetime
    last_at: datetime
    sources: list[str]


class SignalList(BaseModel):
    items: list[SignalItem]
