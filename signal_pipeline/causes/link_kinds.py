"""What joins two entries of an incident: each kind of evidence with its strength and its wording.

Strengths order the kinds and are compared with `CauseSettings.least_strength`; similarity of texts is no evidence of
causation and is not among them. Times alone count where there is nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LinkKind:
    """`wording` completes a sentence about the symptom; `{place}` is where its cause is, `{value}` what they share."""

    name: str
    strength: float
    wording: str


LINK_KINDS: tuple[LinkKind, ...] = (
    LinkKind("same_statement", 0.95, "the same exception, logged again"),
    LinkKind("names_request", 0.94, "names the request {value} that failed there"),
    LinkKind("same_connection", 0.93, "the connection to {value} failed"),
    LinkKind("wraps", 0.92, "repeats the error text of its cause"),
    LinkKind("timeline", 0.9, "{value}"),
    LinkKind("same_request", 0.86, "the same request or trace {value}"),
    LinkKind("blocked", 0.855, "the browser says why it did not do it"),
    LinkKind("offline", 0.85, "the client had no connection"),
    LinkKind("signed_out", 0.84, "the same client was refused in the same words"),
    LinkKind("retry", 0.8, "the same error, tried again"),
    LinkKind("names_url", 0.78, "names the address of the request that failed"),
    LinkKind("url_named", 0.775, "the error names its address"),
    LinkKind("same_answer", 0.76, "the same request, as another program recorded it"),
    LinkKind("same_object", 0.74, "the same object {value}"),
    LinkKind("repeats", 0.72, "repeats the error text of its cause, which is in another request"),
    LinkKind("names_service", 0.7, "names {value}, where the cause is"),
    LinkKind("lost_peer", 0.68, "needs {value}, which that is about"),
    LinkKind("known_effect", 0.67, "{value}"),
    LinkKind("same_peer", 0.66, "the same address {value} was refused before"),
    LinkKind("object_of_request", 0.64, "the cause's request worked on {value}"),
    LinkKind("answer", 0.62, "tells of the answer {value} that the cause led to"),
    LinkKind("unreadable", 0.615, "the answer could not be read; the server failed moments before"),
    LinkKind("refers_back", 0.61, "refers to the error above it"),
    LinkKind("outcome", 0.605, "only says that something before it failed"),
    LinkKind("same_thread", 0.6, "the same thread, moments later"),
    LinkKind("exhausted", 0.58, "after the process had run out of {value}"),
    LinkKind("after_crash", 0.56, "after the process ended"),
    LinkKind("state_before", 0.55, "the same service, which was in trouble before"),
    LinkKind("lost_something", 0.54, "could not reach another program after one had stopped"),
    LinkKind("moment", 0.5, "the same file, moments later; nothing else explains it"),
    LinkKind("beside", 0.5, "the next entry of a file without times; nothing else explains it"),
    LinkKind("names_word", 0.45, "names {value}, which had failed before; nothing else explains it"),
    LinkKind("left_behind", 0.4, "about something left in the way, which a failure before it may have left"),
    LinkKind(
        "in_step", 0.35, "by clocks that are {value} apart, which failures that match show; nothing else explains it"
    ),
    LinkKind("aftermath", 0.3, "{value} later; nothing else explains it"),
)
KIND = {kind.name: kind for kind in LINK_KINDS}
