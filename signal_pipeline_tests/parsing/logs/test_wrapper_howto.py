"""The row that docs/extending.md shows works as it says."""

from __future__ import annotations

import re
from pathlib import Path

from signal_pipeline.parsing.logs import wrapper_evidence
from signal_pipeline.parsing.logs.formats.wrappers import WRAPPERS, Wrapper
from signal_pipeline_tests.parsing.logs.reading import records

DOCS = Path(__file__).resolve().parents[3] / "docs" / "extending.md"
TRACE = ("ERROR:shop:cannot add", "Traceback (most recent call last):", '  File "a.py", line 1, in b', "ValueError: c")


def test_row_of_the_docs_is_taken_off(monkeypatch):
    section = DOCS.read_text(encoding="utf-8").split("## A wrapper, step by step")[1].split("\n## ")[0]
    (row,) = re.findall(r"```python\n(.*?)```", section, re.DOTALL)
    wrapper = eval(row, {"Wrapper": Wrapper})
    monkeypatch.setattr(wrapper_evidence, "WRAPPERS", (wrapper, *WRAPPERS))
    lines = [wrapper.example.replace("cannot add", line) for line in TRACE]
    (record,) = records("\n".join(lines) + "\n")
    assert (record["level"], record["component"], record["line_count"]) == ("error", "shop", 4)
    assert record["timestamp"].hour == 10
