"""The default embedder: the exported model on onnxruntime, 0.4 CPU seconds from a cold start, no torch.

Only running the model belongs here; making it is in export.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from signal_pipeline.embedding.check import check_vectors
from signal_pipeline.embedding.manifest import GRAPH_NAME, TOKENIZER_NAME, ExportManifest, read_manifest
from signal_pipeline.embedding.protocol import Vectors
from signal_pipeline.embedding.text import clean_text
from signal_pipeline.errors import SettingsInvalid
from signal_pipeline.schemas import EMBEDDING_DIMENSION

BATCH_SIZE = 32
_ERRORS_ONLY = 3


@dataclass(frozen=True)
class OnnxEmbedder:
    """Embedder over an export in `model_dir`. Loads on first use; raises SettingsInvalid if there is no export.

    One thread is the most throughput per CPU second; more threads shorten one call's wall time.
    """

    model_dir: Path
    threads: int = 1

    @property
    def model_version(self) -> str:
        return self._manifest.model_version

    @property
    def dimension(self) -> int:
        return self._manifest.dimension

    @property
    def is_loaded(self) -> bool:
        return "_session" in self.__dict__

    def load(self) -> None:
        """Load what `embed` would load at its first call."""
        _ = self._session, self._tokenizer

    def check(self) -> None:
        """The manifest says all; the model is not loaded."""
        if self.dimension != EMBEDDING_DIMENSION:
            raise SettingsInvalid(
                f"the model in {self.model_dir} gives {self.dimension} numbers;"
                f" the database keeps {EMBEDDING_DIMENSION}"
            )

    def embed(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        positions: dict[str, list[int]] = {}
        for position, text in enumerate(texts):
            positions.setdefault(clean_text(text), []).append(position)
        unique = list(positions)
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for text, vector in zip(unique, self._embed_unique(unique), strict=True):
            vectors[positions[text]] = vector
        return check_vectors(vectors, count=len(texts), dimension=self.dimension)

    def _embed_unique(self, texts: list[str]) -> Vectors:
        encodings = self._tokenizer.encode_batch_fast(texts)
        lengths = np.array([len(encoding.ids) for encoding in encodings])
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        # Only texts of one length share a batch. Padding would shift the last bits of a vector by its batch
        # mates, and costs more than the smaller batches do.
        for length in np.unique(lengths):
            group = np.flatnonzero(lengths == length)
            for start in range(0, len(group), BATCH_SIZE):
                batch = group[start : start + BATCH_SIZE]
                ids = np.array([encodings[index].ids for index in batch], dtype=np.int64)
                feed = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
                (vectors[batch],) = self._session.run(["embedding"], feed)
        return vectors

    @cached_property
    def _manifest(self) -> ExportManifest:
        return read_manifest(self.model_dir)

    @cached_property
    def _session(self) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self.threads
        options.inter_op_num_threads = 1
        options.log_severity_level = _ERRORS_ONLY
        # Waiting threads that spin burn the CPU seconds of the steps beside this one.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        return onnxruntime.InferenceSession(
            str(self.model_dir / GRAPH_NAME), options, providers=["CPUExecutionProvider"]
        )

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self.model_dir / TOKENIZER_NAME))
        tokenizer.no_padding()
        tokenizer.enable_truncation(self._manifest.max_tokens)
        return tokenizer
