"""A long history of signatures with vectors as sentences have them, and newcomers to it.

The model makes the vectors of some thousand texts; each stands for a family. A signature's vector is its family's,
moved by a part of the difference between two others, so that the cloud keeps its shape. No measuring here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

import numpy as np
import psycopg
from pgvector import Vector
from pgvector.psycopg import register_vector
from psycopg.types.json import Jsonb

from benchmarks.embedding import messages
from benchmarks.model import exported_model
from signal_pipeline.embedding.onnx_minilm import OnnxEmbedder
from signal_pipeline.embedding.protocol import Vectors
from signal_pipeline.schemas import ERROR_TYPES
from signal_pipeline.storage.embeddings import store_vectors, text_hash
from signal_pipeline.storage.reports import insert_report, insert_signal
from signal_pipeline.storage.signatures import Contribution, OccurrenceRow, SignatureRow, replace_signatures

MODEL = "benchmark"
REPORT = UUID(int=1, version=4)
SIGNAL = UUID(int=2, version=4)
PER_PROBLEM = 4
STEP = 0.25
"""How far a signature lies from its family: some 0.06 between two of one family."""
_TYPES = {
    "error_signatures": ("uuid", "uuid", "text", "text", "text", "jsonb", "text", "int8", "text", "bytea", "vector"),
    "signature_occurrences": ("uuid", "text", "uuid", "int8", "text", "jsonb"),
    "catalog_problems": ("uuid", "text", "text", "text", "text", "text", "int4", "float4"),
    "catalog_members": ("text", "uuid", "uuid", "float4"),
}
_BUILT_AT_ONCE = ("hnsw", "gin")


@dataclass(frozen=True)
class Families:
    """`texts` and `vectors` in step; `members` signatures of each."""

    texts: Sequence[str]
    vectors: Vectors
    members: int

    @property
    def size(self) -> int:
        return len(self.texts) * self.members

    def slice_of(self, family: int) -> Vectors:
        """The vectors of a family's members; the same at every call."""
        return self._moved(np.random.default_rng(family), family, self.members)

    def newcomers(self, count: int, seed: int) -> tuple[list[str], Vectors]:
        """Half are near a family, half lie between two, where nothing is known."""
        rng = np.random.default_rng(10**6 + seed)
        texts, vectors = [], []
        for number in range(count):
            family, other = rng.integers(len(self.texts), size=2)
            texts.append(f"{self.texts[family]} in stage n{number}")
            near = self._moved(rng, family, 1)[0]
            vectors.append(near if number % 2 else _unit(self.vectors[family] + self.vectors[other] + STEP * near))
        return texts, np.stack(vectors)

    def _moved(self, rng: np.random.Generator, family: int, count: int) -> Vectors:
        one, other = rng.integers(len(self.texts), size=(2, count))
        return _unit(self.vectors[family] + STEP * (self.vectors[one] - self.vectors[other]))


def families_of(count: int, members: int) -> Families:
    texts = messages(count)
    return Families(texts, OnnxEmbedder(exported_model()).embed(texts), members)


def _unit(vectors: Vectors) -> Vectors:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True), dtype=np.float32)


def fill_catalog(connection: psycopg.Connection, families: Families) -> Iterator[str]:
    """Write the history by COPY, and the indexes over texts and vectors afterwards; says what it has done.

    `connection` is in autocommit mode.
    """
    register_vector(connection)
    insert_file(connection, REPORT, SIGNAL)
    indexes = _drop_indexes(connection)
    _copy(connection, families)
    yield f"{families.size:,} signatures are written"
    connection.execute("set maintenance_work_mem = '6GB'")
    for name, definition in indexes:
        connection.execute(definition.encode())
        yield f"{name} is built"
    connection.execute("analyze")


def _drop_indexes(connection: psycopg.Connection) -> list[tuple[str, str]]:
    found = connection.execute(
        "select i.indexname, i.indexdef from pg_indexes i join pg_class c on c.relname = i.indexname"
        " join pg_am a on a.oid = c.relam where i.tablename = 'error_signatures' and a.amname = any(%s) order by 1",
        (list(_BUILT_AT_ONCE),),
    ).fetchall()
    for name, _ in found:
        connection.execute(f"drop index {name}".encode())
    return found


def _copy(connection: psycopg.Connection, families: Families) -> None:
    """Four tables, each family after the other; problems hold PER_PROBLEM signatures of one family."""
    tables = {
        "error_signatures (id, report_id, signature_hash, error_type, message, key_components, severity, frequency,"
        " model_version, text_hash, embedding)": _signatures(families),
        "signature_occurrences (report_id, signature_hash, signal_id, count, severity, evidence)": (
            (REPORT, _hash(n), SIGNAL, 1, "high", Jsonb([])) for n in range(families.size)
        ),
        "catalog_problems (id, founder_hash, medoid_hash, title, label, error_type, size, radius)": (
            (_uuid(n), _hash(n), _hash(n), families.texts[n // families.members], "known", _type(n, families),
             PER_PROBLEM, 0.1)
            for n in range(0, families.size, PER_PROBLEM)
        ),
        "catalog_members (signature_hash, core_id, problem_id, distance_to_medoid)": (
            (_hash(n), problem, problem, 0.1)
            for n in range(families.size) for problem in (_uuid(n - n % PER_PROBLEM),)
        ),
    }  # fmt: skip
    for target, rows in tables.items():
        with (
            connection.transaction(),
            connection.cursor().copy(f"copy {target} from stdin (format binary)".encode()) as copy,
        ):
            # As text a million vectors take several times as long.
            copy.set_types(_TYPES[target.partition(" ")[0]])
            for row in rows:
                copy.write_row(row)


def _signatures(families: Families) -> Iterator[tuple[Any, ...]]:
    for family, text in enumerate(families.texts):
        for place, vector in enumerate(families.slice_of(family)):
            number = family * families.members + place
            template = f"{text} in stage m{place}"
            kind = _type(number, families)
            yield (
                _uuid(number), REPORT, _hash(number), kind, template, Jsonb(_components(kind, template)), "high",
                1, MODEL, text_hash(template), Vector(vector),
            )  # fmt: skip


def add(connection: psycopg.Connection, families: Families, count: int, seed: int) -> list[str]:
    """What a report's `embeddings` step does with `count` new signatures, whose hashes are returned."""
    texts, vectors = families.newcomers(count, seed)
    report, signal = UUID(int=(7 << 96) | seed, version=4), UUID(int=(8 << 96) | seed, version=4)
    insert_file(connection, report, signal)
    keys = [text_hash(f"new {seed} {text}") for text in texts]
    store_vectors(connection, MODEL, dict(zip(keys, vectors, strict=True)))
    hashes = [sha256(key).hexdigest() for key in keys]
    rows = [
        signature(one, text, ERROR_TYPES[n % len(ERROR_TYPES)], key)
        for n, (one, text, key) in enumerate(zip(hashes, texts, keys, strict=True))
    ]
    occurrences = [OccurrenceRow(one, signal, 1, "high", None, None, []) for one in hashes]
    replace_signatures(connection, [Contribution(report, rows, occurrences)])
    return hashes


def insert_file(connection: psycopg.Connection, report: UUID, signal: UUID) -> None:
    """A report with one file, which is nowhere."""
    insert_report(connection, report, None, "bench")
    insert_signal(connection, signal_id=signal, report_id=report, name="a.log", object_key="nowhere", size_bytes=1,
                  sha256="0" * 64)  # fmt: skip


def signature(name: str, text: str, kind: str, key: bytes | None = None) -> SignatureRow:
    """One whose vector is stored under `key`, or under its text's hash."""
    return SignatureRow(name, kind, "high", text, None, None, _components(kind, text), MODEL, key or text_hash(text))


def _components(kind: str, template: str) -> dict[str, Any]:
    return {"error_type": kind, "exception_class": None, "template": template, "top_frames": []}


def _type(number: int, families: Families) -> str:
    return ERROR_TYPES[number // families.members % len(ERROR_TYPES)]


def _hash(number: int) -> str:
    return sha256(f"known {number}".encode()).hexdigest()


def _uuid(number: int) -> UUID:
    return UUID(int=(6 << 96) | number, version=4)
