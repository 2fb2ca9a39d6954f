"""The endpoint embedder against a real HTTP server: batches, retries, sizes, and what is never told."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from pydantic import SecretStr

from signal_pipeline.errors import EmbeddingRefused, EmbeddingUnavailable, SettingsInvalid, VectorInvalid
from signal_pipeline.platform.embedding_endpoint import ATTEMPTS, BATCH_SIZE, EndpointEmbedder
from signal_pipeline_tests.platform.embedding_server import EmbeddingServer, embedding_server, numbers


def embedder(server: EmbeddingServer, **more: Any) -> EndpointEmbedder:
    return EndpointEmbedder(server.url, "a-model", first_pause_seconds=0.0, timeout_seconds=10, **more)


def test_vectors_come_in_order_and_with_unit_length() -> None:
    texts = [f"text {number}" for number in range(BATCH_SIZE + 3)]
    with embedding_server() as server:
        found = embedder(server, key=SecretStr("sk-1")).embed(texts)
        assert [len(body["input"]) for body in server.asked] == [BATCH_SIZE, 3]
        assert {body["path"] for body in server.asked} == {"/v1/embeddings"}
        assert set(server.keys) == {"Bearer sk-1"}
    assert found.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    last = np.array(numbers(texts[-1], 384))
    np.testing.assert_allclose(found[-1], last / np.linalg.norm(last), atol=1e-6)


@pytest.mark.parametrize("suffix", ["", "/", "/v1", "/v1/", "/v1/embeddings"])
def test_the_address_may_be_written_in_any_usual_way(suffix: str) -> None:
    with embedding_server() as server:
        EndpointEmbedder(server.url + suffix, "m").check()
        assert server.asked[0]["path"] == "/v1/embeddings"


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_server_is_asked_again(status: int) -> None:
    with embedding_server(faults=[status] * (ATTEMPTS - 1), headers={"retry-after": "0"}) as server:
        assert embedder(server).embed(["x"]).shape == (1, 384)
        assert len(server.asked) == ATTEMPTS


def test_a_server_that_stays_busy_is_a_transient_fault() -> None:
    with embedding_server(faults=[503] * 9) as server:
        with pytest.raises(EmbeddingUnavailable, match="status 503"):
            embedder(server).embed(["x"])
        assert len(server.asked) == ATTEMPTS
    with pytest.raises(EmbeddingUnavailable, match="did not respond"):
        embedder(server).embed(["x"])  # it is down now


@pytest.mark.parametrize("status", [400, 401, 404, 307])
def test_a_refusal_is_not_tried_again_and_does_not_repeat_what_the_server_said(status: int) -> None:
    with embedding_server(faults=[status], headers={"location": "http://127.0.0.1:9/"}) as server:
        with pytest.raises(EmbeddingRefused, match=str(status)) as caught:
            embedder(server, key=SecretStr("sk-1")).embed(["x"])
        assert len(server.asked) == 1
    assert "sk-1" not in str(caught.value)
    assert "sk-1" not in repr(embedder(server, key=SecretStr("sk-1")))


def _one(change: Callable[[list[float]], list[float]]) -> bytes:
    return json.dumps({"data": [{"index": 0, "embedding": change(numbers("x", 384))}]}).encode()


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"<html>", EmbeddingRefused),
        (b"{}", EmbeddingRefused),
        (b'{"data": []}', EmbeddingRefused),
        (b'{"data": [{"index": 1, "embedding": [1.0]}]}', EmbeddingRefused),
        (b'{"data": [{"index": 0, "embedding": "AAAA"}]}', EmbeddingRefused),
        (_one(lambda row: [0.0] * len(row)), VectorInvalid),
        (_one(lambda row: [float("nan"), *row[1:]]), VectorInvalid),
        (_one(lambda row: [float("inf"), *row[1:]]), VectorInvalid),
        (_one(lambda row: row[:-1]), SettingsInvalid),
    ],
)
def test_what_is_no_vector_never_comes_through(body: bytes, error: type[Exception]) -> None:
    with embedding_server(faults=[body]) as server, pytest.raises(error):
        embedder(server).embed(["x"])


def test_a_larger_model_is_asked_for_shorter_vectors_once() -> None:
    with embedding_server(size=1536, can_shorten=True) as server:
        one = embedder(server)
        one.check()
        assert one.embed(["x"]).shape == (1, 384)
        assert [body.get("dimensions") for body in server.asked] == [None, 384, 384]
    with embedding_server(size=1536) as server, pytest.raises(SettingsInvalid, match="1536 numbers"):
        embedder(server).check()


def test_model_and_server_name_the_version() -> None:
    one = EndpointEmbedder("http://a.test", "m")
    assert one.model_version == EndpointEmbedder("http://a.test/v1/", "m").model_version
    assert one.model_version.startswith("m@")
    assert len({one.model_version, EndpointEmbedder("http://b.test", "m").model_version, "n"}) == 3
