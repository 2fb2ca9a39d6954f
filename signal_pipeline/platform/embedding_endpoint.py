"""An embedder behind HTTP: any server with the `/v1/embeddings` of OpenAI. Texts that leave have been redacted.

What does not belong here: which embedder a setting means (platform/embedders.py), and the store of vectors.
"""

from __future__ import annotations

import hashlib
import json
import random
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from pydantic import SecretStr

from signal_pipeline.embedding.check import check_vectors
from signal_pipeline.embedding.protocol import Vectors
from signal_pipeline.embedding.text import clean_text
from signal_pipeline.errors import EmbeddingRefused, EmbeddingUnavailable, SettingsInvalid, VectorInvalid
from signal_pipeline.schemas import EMBEDDING_DIMENSION

BATCH_SIZE = 128
ATTEMPTS = 4
MAX_ANSWER_BYTES = 64 * 1024 * 1024
"""128 vectors of 4,096 numbers in decimal are 12 MB."""
LONGEST_PAUSE_SECONDS = 20.0
_BUSY = frozenset([408, 409, 425, 429, 500, 502, 503, 504])


@dataclass
class EndpointEmbedder:
    """`url` is the server's base, with or without /v1/embeddings; nothing is asked before the first `embed`."""

    url: str
    model: str
    key: SecretStr | None = None
    timeout_seconds: float = 60.0
    first_pause_seconds: float = 0.5
    requests: int = field(default=0, init=False)
    _shortened: bool = field(default=False, init=False)

    @property
    def dimension(self) -> int:
        return EMBEDDING_DIMENSION

    @property
    def model_version(self) -> str:
        """Names the server too: two servers may run one model in different precision."""
        place = hashlib.sha256(self._address.encode()).hexdigest()[:12]
        return f"{self.model}@{place}+endpoint"

    @property
    def is_loaded(self) -> bool:
        """It is the server's to load."""
        return True

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Raises EmbeddingUnavailable after ATTEMPTS, EmbeddingRefused for what no later attempt will fix."""
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), BATCH_SIZE):
            batch = [clean_text(text) or " " for text in texts[start : start + BATCH_SIZE]]
            vectors[start : start + len(batch)] = self._embed_batch(batch)
        return check_vectors(vectors, count=len(texts), dimension=self.dimension)

    def check(self) -> None:
        """One small request: SettingsInvalid when the server cannot give vectors of the database's size."""
        self._embed_batch(["dimension"])

    @property
    def _address(self) -> str:
        base = self.url.rstrip("/")
        if base.endswith("/embeddings"):
            return base
        return f"{base}/embeddings" if base.endswith("/v1") else f"{base}/v1/embeddings"

    def _embed_batch(self, batch: list[str]) -> Vectors:
        found = self._asked(batch)
        if found.shape[1] > self.dimension and not self._shortened:
            # Models of the Matryoshka kind give shorter vectors when asked to; others refuse or ignore it.
            self._shortened = True
            found = self._asked(batch)
        if found.shape[1] != self.dimension:
            raise SettingsInvalid(
                f"EMBEDDING_MODEL {self.model!r} at EMBEDDING_URL gives {found.shape[1]} numbers; the database keeps"
                f" {self.dimension}: choose a model of that size"
            )
        lengths = np.linalg.norm(found, axis=1, keepdims=True)
        if not np.isfinite(lengths).all() or (lengths < 1e-6).any():
            raise VectorInvalid(f"the embeddings endpoint gave a zero or broken vector for one of {len(batch)} texts")
        return np.asarray(found / lengths, dtype=np.float32)

    def _asked(self, batch: list[str]) -> np.ndarray[Any, Any]:
        body: dict[str, Any] = {"model": self.model, "input": batch, "encoding_format": "float"}
        if self._shortened:
            body["dimensions"] = self.dimension
        answer = self._post(json.dumps(body).encode())
        try:
            rows = sorted(json.loads(answer)["data"], key=lambda row: row["index"])
            # json reads NaN and Infinity; they are found by the caller.
            found = np.array([row["embedding"] for row in rows], dtype=np.float64)
            numbered = [row["index"] for row in rows] == list(range(len(batch)))
        except (ValueError, KeyError, TypeError, RecursionError):
            raise EmbeddingRefused("the embeddings endpoint did not answer with embeddings") from None
        if not numbered or found.ndim != 2:
            raise EmbeddingRefused(f"the embeddings endpoint answered {len(rows)} vectors to {len(batch)} texts")
        return found

    def _post(self, body: bytes) -> bytes:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._post_once(body)
            except _Busy as busy:
                if attempt == ATTEMPTS:
                    raise EmbeddingUnavailable(
                        f"the embeddings endpoint at {urlsplit(self._address).hostname} did not respond in {ATTEMPTS}"
                        f" attempts ({busy.why})"
                    ) from None
                pause = busy.pause or self.first_pause_seconds * 3 ** (attempt - 1) * random.uniform(0.8, 1.2)
                time.sleep(min(pause, LONGEST_PAUSE_SECONDS))
        raise AssertionError("unreachable")

    def _post_once(self, body: bytes) -> bytes:
        headers = {"content-type": "application/json", "accept": "application/json"}
        if self.key is not None:
            headers["authorization"] = f"Bearer {self.key.get_secret_value()}"
        request = urllib.request.Request(self._address, body, headers, method="POST")
        self.requests += 1
        try:
            with _OPENER.open(request, timeout=self.timeout_seconds) as answer:
                content: bytes = answer.read(MAX_ANSWER_BYTES + 1)
        except urllib.error.HTTPError as error:
            # The server's own words may repeat the text or the key, so only the status is kept.
            error.close()
            if error.code in _BUSY:
                raise _Busy(f"status {error.code}", _seconds(error.headers.get("retry-after"))) from None
            advice = "; check EMBEDDING_API_KEY" if error.code in (401, 403) else "; check EMBEDDING_URL and the model"
            raise EmbeddingRefused(f"the embeddings endpoint refused with status {error.code}{advice}") from None
        except (OSError, HTTPException) as error:
            raise _Busy(type(getattr(error, "reason", error)).__name__, None) from None
        if len(content) > MAX_ANSWER_BYTES:
            raise EmbeddingRefused(f"the embeddings endpoint answered more than {MAX_ANSWER_BYTES} bytes")
        return content


class _Busy(Exception):
    """Another attempt may succeed; `pause` is what the server asked for."""

    def __init__(self, why: str, pause: float | None) -> None:
        self.why = why
        self.pause = pause
        super().__init__(why)


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """urllib would send the key on to wherever it is redirected."""

    def redirect_request(self, *_answer: object) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirects)


def _seconds(value: str | None) -> float | None:
    """Retry-After in seconds; its other form, a date, is not worth a parser here."""
    try:
        return max(0.0, float(value)) if value else None
    except ValueError:
        return None
