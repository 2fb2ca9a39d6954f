from __future__ import annotations

import json

import pytest

from signal_pipeline.parsing.har.cut_json import closed

# beginning of a JSON text, what is whole of it
CUT: list[tuple[str, object]] = [
    ('{"a":1,"b":[1,2,{"c":"x', {"a": 1, "b": [1, 2]}),
    ('{"a":{"b":1},"c', {"a": {"b": 1}}),
    ('[{"a":"},{"},{"b":2', [{"a": "},{"}]),
    ('{"e":[{"m":"x"}],"data":{"a":[{"a":1},{"a":"y\\', {"e": [{"m": "x"}], "data": {"a": [{"a": 1}]}}),
    ('{"a":1}}}', {"a": 1}),
    ("[", None),
    ('{"a', None),
    ("", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "whole"), CUT)
def test_closed(text: str, whole: object) -> None:
    assert json.loads(closed(text.encode())) == whole


def test_every_cut_of_a_document_gives_a_document() -> None:
    document = json.dumps({"a": [{"b": 'x"y\\', "c": [True, None, 1.5]}, "}{", {}], "d": {"e": {}}}).encode()
    for end in range(len(document)):
        json.loads(closed(document[:end]))
