"""The store before the model: one miss, one load; no miss, no load."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence

import numpy as np
import pytest

from signal_pipeline.embedding.protocol import Vectors
from signal_pipeline.errors import SettingsInvalid, VectorInvalid
from signal_pipeline.platform.embedders import embedder_of
from signal_pipeline.platform.platform import Platform
from signal_pipeline.settings import Settings
from signal_pipeline.storage.embedding_cache import embed_texts
from signal_pipeline_tests.platform.embedding_server import embedding_server
from signal_pipeline_tests.storage.tables import value
from signal_pipeline_tests.storage.vectors import vector


class Counting:
    """An embedder of our own edge: it counts the texts that it is asked for."""

    model_version = "counting"
    dimension = 384

    def __init__(self) -> None:
        self.calls: list[list[str]] = []

    def check(self) -> None:
        pass

    @property
    def is_loaded(self) -> bool:
        return bool(self.calls)

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.calls.append(list(texts))
        return np.stack([vector(text) for text in texts])


def test_only_what_is_new_is_computed_and_each_text_once(platform: Platform) -> None:
    embedder = Counting()
    first = embed_texts(platform.database, embedder, ["a", "b", "a"])
    assert (first.known, first.computed) == (0, 2)
    np.testing.assert_array_equal(first.vectors, [vector("a"), vector("b"), vector("a")])
    second = embed_texts(platform.database, embedder, ["b", "c", "a"])
    assert (second.known, second.computed) == (2, 1)
    np.testing.assert_array_equal(second.vectors, [vector("b"), vector("c"), vector("a")])
    again = embed_texts(platform.database, embedder, ["a", "b", "c"])
    assert (again.known, again.computed) == (3, 0)
    assert [sorted(call) for call in embedder.calls] == [["a", "b"], ["c"]]
    assert embed_texts(platform.database, embedder, []).vectors.shape == (0, 384)


def test_the_model_is_not_loaded_for_known_texts(platform: Platform) -> None:
    """In a process of its own: the libraries of the model are not even imported."""
    embed_texts(platform.database, platform.embedder, ["a known text"])
    settings = platform.settings
    script = (
        "import sys, json; from signal_pipeline.settings import load_settings\n"
        "from signal_pipeline.platform.platform import Platform\n"
        "from signal_pipeline.storage.embedding_cache import embed_texts\n"
        "given = json.loads(sys.stdin.read())\n"
        "with Platform(load_settings(**given)) as platform:\n"
        "    found = embed_texts(platform.database, platform.embedder, ['a known text'])\n"
        "heavy = [name for name in ('onnxruntime', 'torch', 'tokenizers') if name in sys.modules]\n"
        "print(found.known, found.computed, heavy)"
    )
    given = {
        name: field.get_secret_value() if hasattr(field, "get_secret_value") else field
        for name, field in settings.model_dump().items()
    }
    answer = subprocess.run(
        [sys.executable, "-c", script],
        input=json.dumps(given, default=str),
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.stdout.strip() == "1 0 []", answer.stderr


def test_a_broken_vector_is_never_stored(platform: Platform) -> None:
    class Broken(Counting):
        def embed(self, texts: Sequence[str]) -> Vectors:
            return np.zeros((len(texts), 384), np.float32)

    with pytest.raises(VectorInvalid):
        embed_texts(platform.database, Broken(), ["a"])
    with platform.database.transaction() as connection:
        assert value(connection, "select count(*) from embedding_store") == 0


def test_an_endpoint_is_asked_once_per_text(platform: Platform) -> None:
    with embedding_server() as server:
        settings = platform.settings.model_copy(
            update={"embedding_runtime": "endpoint", "embedding_url": server.url, "embedding_model": "m"}
        )
        for _ in range(2):
            embed_texts(platform.database, embedder_of(settings), ["a", "b"])
        assert sum(len(body["input"]) for body in server.asked) == 2
        assert server.keys == [None]


def test_an_endpoint_needs_an_address(settings: Settings) -> None:
    with pytest.raises(SettingsInvalid, match="EMBEDDING_URL"):
        embedder_of(settings.model_copy(update={"embedding_runtime": "endpoint"}))
