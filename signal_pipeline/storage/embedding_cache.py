"""Texts to vectors, the store before the model: what was embedded once is never embedded again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from signal_pipeline.embedding.protocol import Embedder, Vectors
from signal_pipeline.schemas import EMBEDDING_DIMENSION
from signal_pipeline.storage.database import Database
from signal_pipeline.storage.embeddings import lookup_vectors, store_vectors, text_hash
from signal_pipeline.storage.measures import count_event


@dataclass(frozen=True)
class Embedded:
    """`vectors` has one row per text; `computed` counts the distinct texts that the model had to be asked for."""

    vectors: Vectors
    hashes: list[bytes]
    known: int
    computed: int


def embed_texts(database: Database, embedder: Embedder, texts: Sequence[str]) -> Embedded:
    """One lookup and, where something is new, one call of the model and one insert. The model loads on a miss only."""
    hashes = [text_hash(text) for text in texts]
    by_hash = dict(zip(hashes, texts, strict=True))
    with database.transaction() as connection:
        found = lookup_vectors(connection, embedder.model_version, by_hash)
        count_event(connection, "cache_hits", len(found))
        count_event(connection, "cache_misses", len(by_hash) - len(found))
    missing = sorted(key for key in by_hash if key not in found)
    if missing:
        # No transaction is open meanwhile: thousands of texts take a minute.
        was_loaded = embedder.is_loaded
        computed = embedder.embed([by_hash[key] for key in missing])
        new = dict(zip(missing, computed, strict=True))
        with database.transaction() as connection:
            store_vectors(connection, embedder.model_version, new)
            count_event(connection, "model_loads", int(not was_loaded))
        found |= new
    vectors = np.empty((len(texts), EMBEDDING_DIMENSION), dtype=np.float32)
    for place, key in enumerate(hashes):
        vectors[place] = found[key]
    return Embedded(vectors, hashes, known=len(by_hash) - len(missing), computed=len(missing))
