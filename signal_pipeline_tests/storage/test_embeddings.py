"""The store of vectors: exact, keyed by model and text, and closed to what is no unit vector."""

from __future__ import annotations

import numpy as np
import psycopg
import pytest

from signal_pipeline.errors import VectorInvalid
from signal_pipeline.storage.database import Database
from signal_pipeline.storage.embeddings import lookup_vectors, store_vectors, text_hash
from signal_pipeline_tests.storage.tables import value
from signal_pipeline_tests.storage.vectors import vector


def test_what_is_stored_comes_back_bit_for_bit(database: Database) -> None:
    kept = {text_hash(name): vector(name) for name in ("a", "b", "ü\ud800")}
    with database.transaction() as connection:
        store_vectors(connection, "m", kept)
        found = lookup_vectors(connection, "m", [*kept, text_hash("absent")])
        assert found.keys() == kept.keys()
        for key, numbers in kept.items():
            np.testing.assert_array_equal(found[key], numbers)
        assert lookup_vectors(connection, "another model", kept) == {}
        assert lookup_vectors(connection, "m", []) == {}


def test_the_first_vector_of_a_text_stays(database: Database) -> None:
    key = text_hash("a")
    with database.transaction() as connection:
        store_vectors(connection, "m", {key: vector("a")})
        store_vectors(connection, "m", {key: vector("b"), text_hash("c"): vector("c")})
        np.testing.assert_array_equal(lookup_vectors(connection, "m", [key])[key], vector("a"))
        assert value(connection, "select count(*) from embedding_store") == 2


@pytest.mark.parametrize(
    "wrong",
    [
        np.zeros(384, np.float32),
        np.full(384, np.nan, np.float32),
        vector("a") * 2,
        vector("a")[:383] / np.linalg.norm(vector("a")[:383]),
    ],
    ids=["zero", "nan", "too long", "too short"],
)
def test_a_wrong_vector_keeps_all_of_the_batch_out(database: Database, wrong: np.ndarray) -> None:
    with database.transaction() as connection:
        with pytest.raises(VectorInvalid):
            store_vectors(connection, "m", {text_hash("wrong"): wrong.astype(np.float32)})
        assert value(connection, "select count(*) from embedding_store") == 0


@pytest.mark.parametrize("text", ["[" + ",".join(["0"] * 384) + "]", "[" + ",".join(["1"] * 384) + "]"])
def test_the_table_itself_refuses_what_is_no_unit_vector(database: Database, text: str) -> None:
    refused = pytest.raises(psycopg.errors.CheckViolation)
    with database.transaction() as connection, refused, connection.transaction():
        connection.execute("insert into embedding_store values ('m', %s, %s)", (text_hash("x"), text))
