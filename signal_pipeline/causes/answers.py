"""Links by the answer to a request: who records the same one, and who tells of the status that a failure led to."""

from __future__ import annotations

import re
from collections.abc import Iterator

from signal_pipeline.causes.link import Link, link
from signal_pipeline.causes.node import ANSWERED, SHOWN, Node
from signal_pipeline.causes.recorded_answers import recorded_answer
from signal_pipeline.causes.seen import URL, Seen, urls_of
from signal_pipeline.causes.ties import is_within, seconds_between, strange
from signal_pipeline.frame_schema import EXCHANGE

URL_SECONDS = 10.0
_STATUS = re.compile(r"\b[45]\d\d\b")
_UNREADABLE = re.compile(
    r"\bjson ?(?:syntax|parse|decode|decoding|processing)|\bunexpected (?:token|character|end of json)"
    r"|\bexpected begin \w+|\bnot (?:valid )?json\b|\b(?:malformed|invalid) json\b"
)
"""In normalised text: what came was not what was asked for."""


def by_address(node: Node, seen: Seen) -> Iterator[Link]:
    """A record that names the address of a request that failed; a trace counts as before the request."""
    kind, name = ("named_url", "url_named") if node.role == EXCHANGE else ("url", "names_url")
    for url in urls_of(node):
        for other in seen.recent(kind, url, 1):
            if is_within(node, other, URL_SECONDS):
                yield link(node, other, name)


def by_answer(node: Node, seen: Seen) -> Iterator[Link]:
    if node.is_shown_line and (answer := recorded_answer(node)) is not None:
        others = [one for one in seen.recent("answer", answer) if one.file != node.file]
        near = [one for one in others if is_within(node, one, seen.settings.moment_seconds)]
        for other in sorted(near, key=lambda one: seconds_between(node, one))[:1]:
            yield link(node, other, "same_answer")
    if node.role == EXCHANGE and not node.status:
        for url in URL.findall(node.message):
            for other in seen.recent("blocked", url, 4):
                if is_within(node, other, seen.settings.moment_seconds):
                    yield link(node, other, "blocked")
    if node.nearness > SHOWN and _UNREADABLE.search(node.text):
        # The page of an error in place of the answer: the client tells of its own failure to read it.
        failed = [one for one in seen.last_traces if one.file != node.file and not strange(node, one)]
        near = [one for one in failed if is_within(node, one, seen.settings.moment_seconds)]
        for other in sorted(near, key=lambda one: seconds_between(node, one))[:1]:
            yield link(node, other, "unreadable")
    if node.nearness == ANSWERED:
        for status in dict.fromkeys(_STATUS.findall(node.message)):
            led = [one for one in seen.recent("led_to", int(status)) if not strange(node, one)]
            near = [one for one in led if is_within(node, one, seen.settings.moment_seconds)]
            for other in sorted(near, key=lambda one: seconds_between(node, one))[:1]:
                yield link(node, other, "answer", status)
