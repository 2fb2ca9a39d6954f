"""What parse_stack_trace promises whatever the language: bounds, order, one stack, no exception for any text."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signal_pipeline.stack_traces.identity import crash_kind, top_frames
from signal_pipeline.stack_traces.parse import LANGUAGES, parse_stack_trace

DEEP = {
    "java": ("java.lang.StackOverflowError\n", "\tat a.B.f{}(B.java:{})\n", ""),
    "python": (
        "Traceback (most recent call last):\n",
        '  File "b.py", line {1}, in f{0}\n    f()\n',
        "RecursionError: deep",
    ),
    "go": ("panic: deep\n\ngoroutine 1 [running]:\n", "a.f{}()\n\t/a/b.go:{} +0x1\n", ""),
    "javascript": ("RangeError: deep\n", "    at f{} (b.js:{}:2)\n", ""),
    "csharp": ("System.StackOverflowException: deep\n", "   at A.B.f{}() in c:\\b.cs:line {}\n", ""),
    "native": (
        "==1==ERROR: AddressSanitizer: stack-overflow on address 0x1\n",
        "    #{1} 0x1 in f{0}(int) /a/b.c:1:2\n",
        "",
    ),
    "ruby": ("b.rb:1:in `f': deep (SystemStackError)\n", "\tfrom b.rb:{1}:in `f{0}'\n", ""),
    "php": ("PHP Fatal error:  Uncaught Error: deep in /b.php:1\n", "#{1} /b.php(1): f{0}()\n", ""),
}


def _deep(language: str, depth: int, cycle: int) -> str:
    start, frame, end = DEEP[language]
    return start + "".join(frame.format(i % cycle, i) for i in range(depth)) + end


@pytest.mark.parametrize("language", DEEP)
@pytest.mark.parametrize("deepest", [5_000, pytest.param(100_000, marks=pytest.mark.slow)])
def test_recursion_collapses_to_one_signature_at_any_depth(language: str, deepest: int) -> None:
    traces = [parse_stack_trace(_deep(language, depth, 3)) for depth in (900, 2_001, deepest)]
    for trace in traces:
        assert trace is not None
        assert trace.language == language
        assert len(trace.frames) <= 256
        assert trace.truncated
    assert len({top_frames(trace) for trace in traces if trace is not None}) == 1


@pytest.mark.parametrize("language", DEEP)
def test_frames_are_capped(language: str) -> None:
    trace = parse_stack_trace(_deep(language, 1_000, 1_000_000), max_frames=50)
    assert trace is not None
    assert len(trace.frames) == 50
    assert trace.truncated


def test_short_recursion_is_kept_as_it_is() -> None:
    trace = parse_stack_trace(_deep("java", 100, 1))
    assert trace is not None
    assert len(trace.frames) == 100
    assert not trace.truncated
    assert top_frames(trace) == ("a.B:f0",)


def test_a_thousand_causes_are_capped_and_stable() -> None:
    def text(causes: int) -> str:
        body = "".join(f"Caused by: a.B: {i}\n\tat a.B.f{i}(B.java:1)\n\t... 3 more\n" for i in range(causes))
        return "java.lang.Error: top\n\tat a.B.top(B.java:1)\n" + body

    once, again = parse_stack_trace(text(1_000)), parse_stack_trace(text(1_000))
    assert once is not None
    assert once == again
    assert len(once.causes) <= 32
    assert once.truncated
    assert once.exception_class == "java.lang.Error"


def test_innermost_frame_is_first_in_languages_that_write_it_last() -> None:
    trace = parse_stack_trace(
        '  File "a.py", line 1, in outer\n    inner()\n  File "b.py", line 2, in inner\n', "KeyError: 'x'"
    )
    assert trace is not None
    assert [frame.function for frame in trace.frames] == ["inner", "outer"]
    assert (trace.exception_class, trace.message) == ("KeyError", "'x'")


def test_head_gives_class_and_message_when_the_text_has_frames_only() -> None:
    head = "ERROR [main] c.a.Cart - request failed: java.lang.IllegalStateException: no cart"
    trace = parse_stack_trace("\tat com.acme.Cart.add(Cart.java:12)", head)
    assert trace is not None
    assert trace.exception_class == "java.lang.IllegalStateException"
    assert trace.message == "no cart"


def test_escaped_line_breaks_are_read() -> None:
    trace = parse_stack_trace("a.BException: c\\n\\tat a.b.C.d(C.java:1)\\n\\tat a.b.E.f(E.java:2)")
    assert trace is not None
    assert [frame.line for frame in trace.frames] == [1, 2]


@pytest.mark.parametrize(
    "text", ["", "\n\n", "plain", "some\n  indented\ntext at foo", "at\nat\nat", "Error", "#0", "  at "]
)
def test_no_trace(text: str) -> None:
    assert parse_stack_trace(text) is None


def test_only_at_lines_give_frames_without_a_class() -> None:
    trace = parse_stack_trace("\tat a.B.c(B.java:1)\n\tat a.B.d(B.java:2)")
    assert trace is not None
    assert trace.exception_class is None
    assert len(trace.frames) == 2


TOKENS = (
    [row.example for row in LANGUAGES]
    + list("()<>[]{}@#:.,|=*'\"`\t\n ")
    + ["0x1", "at ", "\ud800", "\x00", "é", "Caused by: "]
)


def test_no_text_raises() -> None:
    chance = random.Random(7)
    for _ in range(300):
        text = "".join(chance.choice(TOKENS) for _ in range(chance.randrange(60)))
        trace = parse_stack_trace(text, text[:80])
        crash_kind(text)
        if trace is not None:
            assert top_frames(trace) == top_frames(trace)
            crash_kind(trace)


@given(st.text(max_size=400), st.sampled_from(LANGUAGES))
def test_cut_and_polluted_traces_do_not_raise(noise: str, row: object) -> None:
    example = row.example  # type: ignore[attr-defined]
    cut = example[: len(noise) % len(example)]
    trace = parse_stack_trace(cut + "\n" + noise + "\n" + example)
    if trace is not None:
        top_frames(trace)


@pytest.mark.parametrize(
    "unit", ["at ", "(", "<", "[", " ", ":1", "a@", "\t", "a.", "::", "#0 ", "0x", "'", "=", "\\n"]
)
def test_hostile_lines_stay_within_the_line_cap(unit: str) -> None:
    for prefix in ("\tat ", "    #0 0x1 in f", "Caused by: ", 'File "', "panic: ", "thread 'a' panicked at ", ""):
        parse_stack_trace(prefix + unit * 300_000)
