"""Every row of every table of knowledge matches its own example."""

import pytest

from signal_pipeline.stack_traces.crash_kinds import KINDS, KindRow, kind_of
from signal_pipeline.stack_traces.function_names import NOISE, NoiseRow, stable_name
from signal_pipeline.stack_traces.in_app import FOREIGN_CODE, ForeignCode, is_in_app
from signal_pipeline.stack_traces.languages.native_frames import FORMATS, FrameFormat, native_line
from signal_pipeline.stack_traces.languages.native_reason import find_reason
from signal_pipeline.stack_traces.languages.native_reason_rows import REASONS, ReasonRow
from signal_pipeline.stack_traces.linear_pattern import linear
from signal_pipeline.stack_traces.model import StackFrame
from signal_pipeline.stack_traces.parse import LANGUAGES, LanguageRow, parse_stack_trace
from signal_pipeline.stack_traces.plumbing import PLUMBING, PlumbingRow, is_plumbing

CLASSLESS = ("lua", "perl", "matlab", "godot")
"""Their errors are texts."""


@pytest.mark.parametrize("row", LANGUAGES, ids=lambda row: row.name)
def test_language(row: LanguageRow) -> None:
    trace = parse_stack_trace(row.example)
    assert trace is not None
    assert trace.language == row.name
    assert trace.exception_class or row.name in CLASSLESS
    assert "bad" in trace.message or trace.message in ("c", "SIGSEGV")
    assert trace.frames[0].function.rpartition("::")[2].lstrip("(*)").lower().startswith(("add", "cart"))


@pytest.mark.parametrize("row", FORMATS, ids=lambda row: row.name)
def test_frame_format(row: FrameFormat) -> None:
    found = native_line(row.example)
    assert found is not None
    assert found.format == row.name


@pytest.mark.parametrize("row", REASONS, ids=lambda row: row.example[:40])
def test_reason(row: ReasonRow) -> None:
    assert linear(row.pattern).search(row.example) is not None
    found = find_reason([row.example])
    assert found is not None
    assert found.weight == row.weight


@pytest.mark.parametrize("row", NOISE, ids=lambda row: row.example[0])
def test_noise(row: NoiseRow) -> None:
    before, after = row.example
    for language in row.languages.split():
        assert stable_name(language, before) == after
        assert stable_name(language, after) == after


@pytest.mark.parametrize("row", FOREIGN_CODE, ids=lambda row: row.example)
def test_foreign_code(row: ForeignCode) -> None:
    assert not is_in_app(row.language, **{row.property: row.example})


@pytest.mark.parametrize("row", PLUMBING, ids=lambda row: row.name)
def test_plumbing(row: PlumbingRow) -> None:
    for language in row.languages.split():
        assert is_plumbing(StackFrame(function=row.example, language=language))


@pytest.mark.parametrize("row", KINDS, ids=lambda row: row.kind)
def test_crash_kind(row: KindRow) -> None:
    assert kind_of(row.example) == row.kind


@pytest.mark.parametrize(
    ("language", "properties"),
    [
        ("java", {"module": "com.acme.shop.Cart"}),
        ("java", {"module": "javafoo.Cart"}),
        ("python", {"file": "/srv/app/shop/cart.py"}),
        ("javascript", {"file": "https://shop.example/static/app.js"}),
        ("go", {"module": "github.com/acme/shop", "file": "/home/u/shop/cart.go"}),
        ("go", {"module": "network/client"}),
        ("rust", {"module": "shop::core"}),
        ("csharp", {"module": "Systematic.Shop"}),
        ("ruby", {"file": "app/models/cart.rb"}),
        ("php", {"file": "/var/www/html/src/Cart.php"}),
        ("dart", {"file": "package:shop/cart.dart"}),
        ("elixir", {"module": "Shop.Cart"}),
    ],
)
def test_own_code(language: str, properties: dict[str, str]) -> None:
    assert is_in_app(language, **properties)
