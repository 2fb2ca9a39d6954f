"""The embedder's promises: shape, unit length, and that a vector depends on its own text alone."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from signal_pipeline.embedding.locate import load_embedder
from signal_pipeline.embedding.onnx_minilm import OnnxEmbedder
from signal_pipeline.embedding.sentence_transformer import SentenceTransformerEmbedder
from signal_pipeline.errors import SettingsInvalid

TEXTS = [
    "TypeError: Cannot read properties of undefined (reading <str>)",
    "connection refused to <ip>:<num>",
    "",
    "timeout",
    "java.lang.NullPointerException",
    "a",
    "deadlock detected " * 300,
    "соединение разорвано",
    "GET <url> 503",
    "GET <url> 504",
]


def test_vectors_are_unit_float32_in_order(embedder: OnnxEmbedder) -> None:
    vectors = embedder.embed(TEXTS)
    assert vectors.shape == (len(TEXTS), 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    assert np.argmax(vectors @ embedder.embed(["connection refused"])[0]) == 1


def test_a_vector_does_not_depend_on_its_batch_mates(embedder: OnnxEmbedder) -> None:
    many = [f"{text} {word}" for word in ("disk", "user not found", "x y z") for text in TEXTS] * 3
    together = embedder.embed(many)
    for text, vector in zip(many, together, strict=True):
        np.testing.assert_array_equal(embedder.embed([text])[0], vector)
    np.testing.assert_array_equal(embedder.embed(many[::-1])[::-1], together)


def test_thread_count_does_not_change_vectors(model_dir: Path, embedder: OnnxEmbedder) -> None:
    np.testing.assert_array_equal(OnnxEmbedder(model_dir, threads=2).embed(TEXTS), embedder.embed(TEXTS))


def test_agrees_with_sentence_transformers(embedder: OnnxEmbedder) -> None:
    reference = SentenceTransformerEmbedder("sentence-transformers/all-MiniLM-L6-v2")
    expected = reference.embed(TEXTS)
    assert np.min(np.sum(expected * embedder.embed(TEXTS), axis=1)) >= 0.9999
    assert reference.model_version != embedder.model_version


def test_no_texts_give_no_vectors(embedder: OnnxEmbedder) -> None:
    assert embedder.embed([]).shape == (0, 384)


def test_lone_surrogates_and_control_characters_are_embedded(embedder: OnnxEmbedder) -> None:
    assert embedder.embed(["broken \ud83d escape", "nul \x00 byte"]).shape == (2, 384)


def test_loading_says_how_to_get_the_model(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid, match=r"signal_pipeline\.embedding\.export"):
        load_embedder(tmp_path / "absent")


def test_onnx_runtime_refuses_another_model(model_dir: Path) -> None:
    with pytest.raises(SettingsInvalid, match="sentence-transformers"):
        load_embedder(model_dir, model="all-mpnet-base-v2")


@pytest.mark.slow  # imports sentence_transformers
def test_an_unknown_model_is_not_fetched() -> None:
    embedder = load_embedder(Path("unused"), model="nobody/no-such-model", runtime="sentence-transformers")
    with pytest.raises(SettingsInvalid, match="nobody/no-such-model"):
        embedder.embed(["x"])


def test_run_time_needs_no_torch_and_prints_nothing(model_dir: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from signal_pipeline.embedding.locate import load_embedder; "
        f"load_embedder(Path({str(model_dir)!r})).embed(['x']); "
        "sys.exit(bool({'torch', 'transformers', 'sentence_transformers', 'sklearn'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
