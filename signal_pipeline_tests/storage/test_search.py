"""Search: meaning and words together, filters that lose nothing, and texts that would break it."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from uuid import UUID

import numpy as np
import psycopg
import pytest
from pgvector.psycopg import register_vector
from psycopg.types.json import Jsonb

from signal_pipeline.storage.database import Database
from signal_pipeline.storage.search import DEPTH, Filters, by_parts, by_words, fused, nearest, rows_of
from signal_pipeline.storage.signatures import Contribution, replace_signatures
from signal_pipeline_tests.storage.tables import new_report, value
from signal_pipeline_tests.storage.vectors import MODEL, occurrence, signature, vector

TEXTS = {
    "refused": ("ECONNREFUSED", "connect to payment service refused"),
    "null": ("java.lang.NullPointerException", "cannot read price of product"),
    "unique": ("23505", "duplicate key violates unique constraint on orders.email"),
    "timeout": ("ReadTimeout", "gateway gave no answer in time"),
    "camel": ("PaymentGatewayUnavailable", "no gateway"),
}


@pytest.fixture
def reports(database: Database) -> list[UUID]:
    """Two reports: the first has all of TEXTS but `camel`, in March; the second has `camel` and `null`, in April."""
    with database.transaction() as connection:
        found = []
        for month, names in ((3, ("refused", "null", "unique", "timeout")), (4, ("camel", "null"))):
            report = new_report(connection)
            found.append(report)
            signal = value(connection, "select id from signals where report_id = %s", report)
            seen = datetime(2026, month, 1, tzinfo=UTC)
            rows = [
                signature(
                    connection,
                    name,
                    template=TEXTS[name][1],
                    exception_class=TEXTS[name][0],
                    severity="critical" if name == "timeout" else "high",
                    error_type="TypeError" if name == "null" else "GenericError",
                )
                for name in names
            ]
            occurred = [
                occurrence(name, signal, severity=row.severity, first_seen=seen, last_seen=seen)
                for name, row in zip(names, rows, strict=True)
            ]
            replace_signatures(connection, [Contribution(report, rows, occurred)])
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("payment refused", "refused"),
        ("null pointer", "null"),
        ("NullPointerException", "null"),
        ("email", "unique"),
        ("orders.email", "unique"),
        ("violating constraints", "unique"),
        ("gateway unavailable", "camel"),
        ('"gateway gave no answer"', "timeout"),
    ],
)
def test_words_find_identifiers_and_their_parts(
    database: Database, reports: list[UUID], text: str, expected: str
) -> None:
    with database.transaction() as connection:
        assert by_words(connection, text, Filters(), 10)[0] == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("ECONNREF", "refused"), ("NulPointer", "null"), ("paymentgatew", "camel")]
)
def test_parts_find_beginnings_and_slips(database: Database, reports: list[UUID], text: str, expected: str) -> None:
    with database.transaction() as connection:
        assert by_parts(connection, text, Filters(), 10)[0] == expected


@pytest.mark.parametrize("text", ["", "   ", "the", "<->", "'", "a & | ! (", "%s %(x)s", "\\", "x" * 5000, "ü 中文 😀"])
def test_odd_texts_are_answered(database: Database, reports: list[UUID], text: str) -> None:
    with database.transaction() as connection:
        fused(connection, text, vector("refused"), MODEL, Filters(), 5)


def test_lists_are_fused_and_each_hit_says_where_it_was(database: Database, reports: list[UUID]) -> None:
    with database.transaction() as connection:
        hits = fused(connection, "payment refused", vector("timeout"), MODEL, Filters(), 5)
    by_name = {hit.signature_hash: hit for hit in hits}
    assert by_name["refused"].places["words"] == 1
    assert by_name["timeout"].places["meaning"] == 1
    assert by_name["timeout"].distance == pytest.approx(0, abs=1e-6)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"severity": "critical"}, {"timeout"}),
        ({"error_type": "TypeError"}, {"null"}),
        ({"report_id": 1}, {"camel", "null"}),
        ({"since": datetime(2026, 4, 1, tzinfo=UTC)}, {"camel", "null"}),
        ({"until": datetime(2026, 3, 2, tzinfo=UTC)}, {"refused", "null", "unique", "timeout"}),
        ({"since": datetime(2026, 4, 2, tzinfo=UTC)}, set()),
        ({"report_id": 0, "error_type": "TypeError", "severity": "low"}, set()),
    ],
)
def test_filters_hold_in_every_list(
    database: Database, reports: list[UUID], filters: dict[str, object], expected: set[str]
) -> None:
    given = filters | ({"report_id": reports[filters["report_id"]]} if "report_id" in filters else {})  # type: ignore[index]
    with database.transaction() as connection:
        found = fused(connection, "gateway null payment", vector("camel"), MODEL, Filters(**given), 10)  # type: ignore[arg-type]
        assert {hit.signature_hash for hit in found} == expected


def test_another_model_is_not_compared(database: Database, reports: list[UUID]) -> None:
    with database.transaction() as connection:
        assert nearest(connection, vector("null"), "another model", Filters(), 5) == []
        assert rows_of(connection, ["null"])["null"].reports == 2


def test_a_long_stack_does_not_break_the_index(database: Database) -> None:
    words = " ".join(f"word{number}x{number}" for number in range(300_000))
    with database.transaction() as connection:
        report = new_report(connection)
        signal = value(connection, "select id from signals where report_id = %s", report)
        row = signature(connection, "long", stack_trace=words)
        replace_signatures(connection, [Contribution(report, [row], [occurrence("long", signal)])])
        assert by_words(connection, "word7x7", Filters(), 5) == ["long"]


class TestRecall:
    """3,000 signatures around 100 points; the filter lets one in a hundred through, spread over all of them."""

    COUNT = 3_000

    @pytest.fixture
    def vectors(self, database: Database) -> np.ndarray:
        rng = np.random.default_rng(11)
        centres = rng.normal(size=(100, 384))
        found = centres[rng.integers(100, size=self.COUNT)] + 0.7 * rng.normal(size=(self.COUNT, 384))
        found = (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)
        with database.transaction() as connection:
            self._load(connection, found)
        return found

    def _load(self, connection: psycopg.Connection, vectors: np.ndarray) -> None:
        register_vector(connection)
        report = new_report(connection)
        connection.execute("drop index error_signatures_embedding")
        with (
            connection.cursor() as cursor,
            cursor.copy(
                "copy error_signatures (id, report_id, signature_hash, error_type, message, key_components, severity,"
                " model_version, embedding) from stdin with (format binary)"
            ) as copy,
        ):
            copy.set_types(["uuid", "uuid", "text", "text", "text", "jsonb", "text", "text", "vector"])
            for row, numbers in enumerate(vectors):
                severity = "critical" if row % 100 == 0 else "high"
                parts = Jsonb({"template": f"t{row}"})
                copy.write_row(
                    (uuid.uuid4(), report, f"{row:06d}", "GenericError", f"m{row}", parts, severity, MODEL, numbers)
                )
        connection.execute(
            "create index error_signatures_embedding on error_signatures using hnsw (embedding vector_cosine_ops)"
        )
        connection.execute("analyze error_signatures")

    def test_ten_nearest_are_found_with_and_without_a_filter(self, database: Database, vectors: np.ndarray) -> None:
        """Even where the index gives up at once, since then the few that pass are compared one by one."""
        rng = np.random.default_rng(3)
        with database.transaction() as connection:
            for severity, tuples in (("critical", 40_000), (None, 40_000), ("critical", 1)):
                kept = np.arange(0, self.COUNT, 100) if severity else np.arange(self.COUNT)
                right = 0
                for query in vectors[rng.integers(self.COUNT, size=40)]:
                    exact = {f"{row:06d}" for row in kept[np.argsort(-(vectors[kept] @ query))[:10]]}
                    found = nearest(connection, query, MODEL, Filters(severity=severity), 10, max_scan_tuples=tuples)
                    right += len(exact & {signature for signature, _ in found})
                assert right / 400 >= 0.95, (severity, tuples)
            found = nearest(connection, vectors[0], MODEL, Filters(severity="critical"), DEPTH)
            assert len(found) == self.COUNT // 100, "all that pass, though more were asked for"
