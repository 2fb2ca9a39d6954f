"""Vectors by model version and text hash. Looked up first, so that a text is embedded once in its life.

What does not belong here: texts, and the model that makes vectors (storage/embedding_cache.py brings the two together).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt
import psycopg
from pgvector import Vector
from pgvector.psycopg import register_vector

from signal_pipeline.embedding.check import check_vectors
from signal_pipeline.schemas import EMBEDDING_DIMENSION

Vectors = npt.NDArray[np.float32]


def text_hash(text: str) -> bytes:
    """Key of a text in the store."""
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()


def lookup_vectors(connection: psycopg.Connection, model_version: str, hashes: Iterable[bytes]) -> dict[bytes, Vectors]:
    """The vectors that are stored, by text hash: one statement, however many texts."""
    wanted = sorted(set(hashes))
    if not wanted:
        return {}
    register_vector(connection)
    with connection.cursor(binary=True) as cursor:
        rows = cursor.execute(
            "select text_hash, vector from embedding_store where model_version = %s and text_hash = any(%s)",
            (model_version, wanted),
        ).fetchall()
    return {bytes(key): vector.to_numpy() for key, vector in rows}


def store_vectors(connection: psycopg.Connection, model_version: str, vectors: Mapping[bytes, Vectors]) -> None:
    """Keep these; what is there already stays. VectorInvalid before anything is written when one is no unit vector."""
    if not vectors:
        return
    # In order of the hashes, so that two writers of the same texts wait for each other and never both.
    hashes = sorted(vectors)
    check_vectors(np.stack([vectors[key] for key in hashes]), count=len(hashes), dimension=EMBEDDING_DIMENSION)
    register_vector(connection)
    connection.execute(
        "insert into embedding_store (model_version, text_hash, vector)"
        " select %s, key, vector from unnest(%b::bytea[], %b::vector[]) as new (key, vector)"
        " on conflict do nothing",
        (model_version, hashes, [Vector(vectors[key]) for key in hashes]),
    )
