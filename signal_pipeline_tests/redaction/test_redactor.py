"""The gate as its callers see it."""

from __future__ import annotations

import base64
import gzip
import random

import polars as pl
import pytest
import re2
from hypothesis import given, settings
from hypothesis import strategies as st

from signal_pipeline.errors import RejectionCode, SignalRejected
from signal_pipeline.redaction.columns import FEW_VALUES
from signal_pipeline.redaction.compiled_rows import compiled
from signal_pipeline.redaction.redactor import Redactor, local_redactor
from signal_pipeline.redaction.table import RULES
from signal_pipeline_tests.real_data import REAL_DATA, needs_real_data
from signal_pipeline_tests.text_shapes.other_digits import with_other_digits

REDACTOR = Redactor(b"a key for tests")

READABLE = (
    "token expired",
    "password is wrong",
    "session: closed",
    "auth failed",
    "secret=None",
    "Access denied for user 'root'@'localhost' (using password: YES)",
    "Accepted password for root from gateway port 22 ssh2",
    "SyntaxError: Unexpected token < in JSON at position 0",
    'java.lang.NullPointerException: Cannot invoke "String.length()" because "this.name" is null',
    "at org.apache.hadoop.hdfs.server.datanode.DataXceiver.run(DataXceiver.java:103)",
    "E/ActivityManager: Token{a64f992 ActivityRecord{de9231d u0 com.example/.Main t761}}",
    "HTTP 401: authentication required, code=401 state=CLOSED",
    "checked out 'd41d8cd98f00b204e9800998ecf8427e00000000'",
    "std::vector<foo::bar>::at: index 12 out of range at 12:34:56",
    "PASS: TestServerShutdown (0.01s)",
    "took 1700000000000 ns, version 1.2.3.4, lib-2.3.4.5.jar",
    "request 550e8400-e29b-41d4-a716-446655440000 timed out after 30000 ms",
)


@pytest.mark.parametrize("text", READABLE)
def test_prose_stays_readable(text: str) -> None:
    assert REDACTOR.text(text) == text


MASKED = (
    ("password=hunter2 host=db", "password=<SECRET> host=db"),
    ('{"password":"x","user":"u"}', '{"password":"<SECRET>","user":"u"}'),
    (r"{\"token\":\"ab\",\"n\":1}", r"{\"token\":\"<SECRET>\",\"n\":1}"),
    ("Authorization: Bearer abc.def, then", "Authorization: <SECRET>"),
    ("postgres://bob:p%40w@db:5432/x", "postgres://<CRED>@db:5432/x"),
    ("GET /cb?code=abc&page=2 HTTP/1.1", "GET /cb?code=<VALUE>&page=<VALUE> HTTP/1.1"),
    ("in /home/alice/app.py", "in /home/<USER>/app.py"),
    (r"C:\Users\Bob\x.log", r"C:\Users\<USER>\x.log"),
    ("dial tcp 10.1.2.3:5432: refused", "dial tcp <IP:10852659>:5432: refused"),
    ("\x1b[31mpass\x1b[0mword=hunter2", "password=<SECRET>"),
    ("pass\u200bword=hunter2", "password=<SECRET>"),
    ("ｐａｓｓｗｏｒｄ=hunter2", "password=<SECRET>"),
)


@pytest.mark.parametrize(("text", "expected"), MASKED)
def test_values_are_replaced_by_class_tokens(text: str, expected: str) -> None:
    assert REDACTOR.text(text) == expected


HIDDEN = "qV7wZ2mB9xK4tR8sLp3D"
ENCODED = {
    "percent": "".join(f"%{b:02x}" for b in f"password={HIDDEN}".encode()),
    "double percent": "".join(f"%25{b:02x}" for b in f"password={HIDDEN}".encode()),
    "unicode": "".join(f"\\u{ord(c):04x}" for c in f"password={HIDDEN}"),
    "unicode before hex digits": "pass\\u0077ord=" + HIDDEN,
    "unicode in a string in a string": "".join(f"\\\\u{ord(c):04x}" for c in f"password={HIDDEN}"),
    "hex escape": "".join(f"\\x{ord(c):02x}" for c in f"password={HIDDEN}"),
    "html": "".join(f"&#{ord(c)};" for c in f"password={HIDDEN}"),
    "named html": f"&quot;password&quot;:&quot;{HIDDEN}&quot;",
    "base64": base64.b64encode(f"password={HIDDEN}".encode()).decode(),
    "short base64": base64.b64encode(b"371-42-1275").decode(),
    "gzip in base64": base64.b64encode(gzip.compress(f"password={HIDDEN}".encode())).decode(),
    "base64 in percent": base64.b64encode(f"pw: password={HIDDEN}".encode()).decode().replace("=", "%3D"),
}


@pytest.mark.parametrize("text", ENCODED.values(), ids=ENCODED.keys())
def test_encoded_secrets_are_found(text: str) -> None:
    redacted = REDACTOR.text(f"body {text} refused")
    assert text not in redacted and HIDDEN not in redacted
    assert redacted.startswith("body ") and redacted.endswith(" refused")


def test_pseudonyms_keep_equal_values_equal_within_one_key() -> None:
    first, again, other = (REDACTOR.text(f"mail {who}@example.com") for who in ("ann", "ann", "bob"))
    assert first == again != other
    assert Redactor(b"another key").text("mail ann@example.com") != first


def test_nulls_name_and_empty_columns_survive() -> None:
    column = pl.Series("message", ["password=x1", None, "fine"])
    assert REDACTOR.column(column).to_list() == ["password=<SECRET>", None, "fine"]
    assert REDACTOR.column(column).name == "message"
    assert REDACTOR.column(pl.Series("m", [], dtype=pl.String)).to_list() == []
    assert REDACTOR.column(pl.Series("m", [None, None], dtype=pl.String)).to_list() == [None, None]
    assert REDACTOR.url_column(pl.Series("u", ["https://h/?a=1", None])).to_list() == ["https://h/?a=<VALUE>", None]


def test_the_column_that_was_given_stays_as_it_was() -> None:
    column = pl.Series("message", ["password=x1", "fine"])
    REDACTOR.column(column)
    assert column.to_list() == ["password=x1", "fine"]


def test_counts_hold_rule_names_only() -> None:
    redactor = local_redactor()
    redactor.column(pl.Series(["password=hunter2", "from 10.1.2.3 to 10.1.2.4"]))
    redactor.text("from 10.1.2.5")
    assert redactor.counts == {"ipv4": 3, "strong_assigned": 1}
    redactor.column(pl.Series(["password=hunter2", "in /home/ann/x: token=abc12345"] * FEW_VALUES))
    assert redactor.counts == {
        "ipv4": 3,
        "strong_assigned": 1 + FEW_VALUES,
        "home_path": FEW_VALUES,
        "weak_assigned": FEW_VALUES,
    }
    assert set(redactor.counts) <= {rule.name for rule in RULES} | {"encoded"}


def test_headers_are_an_allow_list() -> None:
    assert REDACTOR.header("Content-Type") and REDACTOR.header(" retry-after ")
    assert not any(
        map(REDACTOR.header, ("Authorization", "X-Api-Key", "Set-Cookie", "X-Unknown", "Location", "Referer"))
    )


def test_a_failure_inside_refuses_the_file_without_its_text(monkeypatch: pytest.MonkeyPatch) -> None:
    redactor = local_redactor()

    def broken(text: str) -> str:
        raise ValueError(text)

    monkeypatch.setattr(redactor._scanner, "scan", broken)
    with pytest.raises(SignalRejected) as caught:
        redactor.text("password=hunter2")
    assert caught.value.code is RejectionCode.REDACTION_FAILED
    assert caught.value.__suppress_context__ and "hunter2" not in str(caught.value)


def test_dense_texts_lose_their_rest() -> None:
    redacted = REDACTOR.text("password=hunter2 " * 20_000 + "the end")
    assert "hunter2" not in redacted and redacted.endswith("<SECRET>")


def test_long_texts_are_redacted_like_short_ones() -> None:
    filler = "all is well here " * 400
    text = f"{filler}\ud800 from 10.1.2.3 with password=hunter2"
    assert REDACTOR.text(text) == f"{filler}? from <IP:10852659> with password=<SECRET>"


def test_lone_surrogates_are_replaced() -> None:
    assert REDACTOR.text("bad \ud800 text") == "bad ? text"


def test_a_token_glued_to_a_token_is_left() -> None:
    assert REDACTOR.text("<EMAIL:1f3a9c> <SECRET> <KEY:aws>") == "<EMAIL:1f3a9c> <SECRET> <KEY:aws>"


PIECES = st.sampled_from(
    [example for rule in RULES for example in (*rule.positives, *rule.negatives)]
    + [
        "password",
        "=",
        ": ",
        '"',
        "\\",
        "%",
        "&#x",
        "\\u0070",
        "\x1b[1m",
        "\u200b",
        "é",
        "ｐ",
        "\n",
        "<",
        ">",
        "@",
        "://",
    ]
)
TEXTS = st.one_of(st.text(max_size=80), st.lists(st.one_of(PIECES, st.text(max_size=6)), max_size=6).map("".join))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.one_of(st.none(), TEXTS), max_size=8))
def test_column_equals_text_on_each_value(values: list[str | None]) -> None:
    clean = [None if value is None else value.encode("utf-8", "replace").decode() for value in values]
    expected = [None if value is None else REDACTOR.text(value) for value in clean]
    assert REDACTOR.column(pl.Series("x", clean, dtype=pl.String)).to_list() == expected
    many = pl.Series("x", [*clean, *[None] * FEW_VALUES], dtype=pl.String)
    assert REDACTOR.column(many).to_list()[: len(clean)] == expected


IN_COLUMN, ONE_BY_ONE = Redactor(b"a key for tests"), Redactor(b"a key for tests")


def grown(counts: dict[str, int], before: dict[str, int]) -> dict[str, int]:
    return {rule: count - before.get(rule, 0) for rule, count in counts.items() if count > before.get(rule, 0)}


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_column_counts_as_text_counts_on_each_occurrence(values: list[str]) -> None:
    clean = [value.encode("utf-8", "replace").decode() for value in values] * (FEW_VALUES + 1)
    before_column, before_text = IN_COLUMN.counts, ONE_BY_ONE.counts
    IN_COLUMN.column(pl.Series("x", clean, dtype=pl.String))
    for value in clean:
        ONE_BY_ONE.text(value)
    assert grown(IN_COLUMN.counts, before_column) == grown(ONE_BY_ONE.counts, before_text)


def looking_at_everything() -> Redactor:
    """Without the one search that spares most texts all others."""
    redactor = Redactor(b"a key for tests")
    redactor._scanner._anything = compiled("")
    return redactor


EVERYTHING = looking_at_everything()


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_a_text_that_is_spared_would_stay_as_it_is(text: str) -> None:
    clean = text.encode("utf-8", "replace").decode()
    assert REDACTOR.text(clean) == EVERYTHING.text(clean)


def test_examples_are_spared_only_where_nothing_happens_to_them() -> None:
    spared, everything = Redactor(b"a key for tests"), looking_at_everything()
    for example in (example for rule in RULES for example in (*rule.positives, *rule.negatives)):
        assert spared.text(example) == everything.text(example)
    assert spared.counts == everything.counts


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_urls_and_texts_never_raise(text: str) -> None:
    REDACTOR.url(text)
    REDACTOR.text(text)


def test_a_long_column_of_texts_alike_equals_text_on_each_value() -> None:
    """Long enough to be looked at in groups; each example among others that differ from it in numbers only."""
    rng = random.Random(6)
    examples = [example for rule in RULES for example in (*rule.positives, *rule.negatives)] + list(READABLE)
    values = [with_other_digits(example, rng) for example in examples for _ in range(4)] + examples
    in_column, one_by_one = Redactor(b"a key for tests"), Redactor(b"a key for tests")
    assert in_column.column(pl.Series("x", values)).to_list() == [one_by_one.text(value) for value in values]
    assert in_column.counts == one_by_one.counts


@needs_real_data
@pytest.mark.real_data
def test_real_lines_in_a_column_are_redacted_as_each_alone() -> None:
    for path in sorted((REAL_DATA / "logs" / "loghub").glob("*/*.log")):
        lines = path.read_text(errors="replace").splitlines()[:400]
        assert len(lines) > FEW_VALUES
        assert REDACTOR.column(pl.Series(lines)).to_list() == [EVERYTHING.text(line) for line in lines], path.name


def test_addresses_are_numbered() -> None:
    """Equal ones alike however they are written, different ones apart; the number holds for one key only."""
    texts = [
        "10.0.3.4:80",
        "to 10.0.3.4",
        "::ffff:10.0.3.4 up",
        "10.0.3.5",
        "2001:db8::1 up",
        "2001:0db8:0:0:0:0:0:1 up",
    ]
    marks = [re2.search(r"<IP:[0-9]{8}>", Redactor(b"one").text(text)).group() for text in texts]
    assert len(set(marks[:3])) == len(set(marks[4:])) == 1 and len(set(marks)) == 3
    assert re2.search(r"<IP:[0-9]{8}>", Redactor(b"two").text(texts[0])).group() != marks[0]


def test_own_addresses_masks_and_shared_folders_stay_in_columns_too() -> None:
    texts = [
        "127.0.0.1:80 to 10.0.3.4 and 127.0.0.2",
        "mask 255.255.0.0",
        r"C:\Users\Public\x C:\Users\bob\x",
        "10.0.3.4_5",
    ]
    redactor = Redactor(b"one")
    column = redactor.column(pl.Series(texts * (FEW_VALUES + 1))).to_list()[: len(texts)]
    assert column == [redactor.text(text) for text in texts]
    mark = redactor.text("10.0.3.4")
    assert column == [
        f"127.0.0.1:80 to {mark} and 127.0.0.2",
        texts[1],
        r"C:\Users\Public\x C:\Users\<USER>\x",
        f"{mark}_5",
    ]
