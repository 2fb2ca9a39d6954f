"""The reference implementation: any sentence-transformers model by name or path, through torch.

Slow to start (some 6 CPU seconds of imports). The export is checked against it; other models run on it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from signal_pipeline.embedding.check import check_vectors
from signal_pipeline.embedding.packaged import MINILM, is_minilm, packaged_minilm, weights_sha256
from signal_pipeline.embedding.protocol import Vectors
from signal_pipeline.embedding.quiet import quiet_libraries
from signal_pipeline.embedding.text import clean_text
from signal_pipeline.errors import SettingsInvalid
from signal_pipeline.schemas import EMBEDDING_DIMENSION

BATCH_SIZE = 64


class SentenceTransformerEmbedder:
    """Embedder over torch. `model` is a folder, the packaged model's name, or a name in the local hub cache."""

    def __init__(self, model: str) -> None:
        self._model_name = model

    @property
    def dimension(self) -> int:
        return EMBEDDING_DIMENSION

    @cached_property
    def model_version(self) -> str:
        if is_minilm(self._model_name):
            return f"{MINILM}@{weights_sha256(packaged_minilm())[:12]}+torch-fp32"
        folder = Path(self._model_name)
        if (folder / "model.safetensors").is_file():
            return f"{folder.name}@{weights_sha256(folder)[:12]}+torch-fp32"
        name = re.sub(r"[^A-Za-z0-9._-]", "-", self._model_name)
        return f"{name}@{(_cached_commit(self._model_name) or self._loaded_commit())[:12]}+torch-fp32"

    @property
    def is_loaded(self) -> bool:
        return "_model" in self.__dict__

    def check(self) -> None:
        """Loads the model: nothing less says what it gives."""
        _ = self._model

    def embed(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        with quiet_libraries():
            vectors = self._model.encode(
                [clean_text(text) for text in texts],
                batch_size=BATCH_SIZE,
                normalize_embeddings=True,
                show_progress_bar=False,
                convert_to_numpy=True,
            )
        return check_vectors(np.asarray(vectors, dtype=np.float32), count=len(texts), dimension=self.dimension)

    def _loaded_commit(self) -> str:
        return getattr(self._model[0].model.config, "_commit_hash", None) or "unknown"

    @cached_property
    def _model(self) -> Any:
        source = str(packaged_minilm()) if is_minilm(self._model_name) else self._model_name
        with quiet_libraries():
            from sentence_transformers import SentenceTransformer

            try:
                # Never from the network: a model is in a wheel, a folder or the local cache.
                model = SentenceTransformer(source, device="cpu", local_files_only=True)
            except (OSError, ValueError) as error:
                raise SettingsInvalid(
                    f"embedding model {self._model_name!r} is neither a folder nor in the local model cache"
                ) from error
        dimension = model.get_embedding_dimension()
        if dimension != EMBEDDING_DIMENSION:
            raise SettingsInvalid(
                f"embedding model {self._model_name!r} gives {dimension} numbers; "
                f"the database keeps {EMBEDDING_DIMENSION}: choose a model of that size"
            )
        return model


def _cached_commit(model: str) -> str | None:
    """The commit of a model in the local hub cache, from the path alone, so that the model is not loaded for it."""
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    for name in (model, f"sentence-transformers/{model}"):
        try:
            found = try_to_load_from_cache(name, "config.json")
        except HFValidationError:
            return None
        if isinstance(found, str):
            return Path(found).parent.name
    return None
