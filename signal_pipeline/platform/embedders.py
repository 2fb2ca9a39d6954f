"""Which embedder the settings mean, one behind HTTP included. Choosing loads no model and asks no server."""

from __future__ import annotations

from signal_pipeline.embedding.locate import load_embedder
from signal_pipeline.embedding.protocol import Embedder
from signal_pipeline.errors import SettingsInvalid
from signal_pipeline.settings import Settings


def embedder_of(settings: Settings) -> Embedder:
    """SettingsInvalid when the exported model or the endpoint's address is missing."""
    if settings.embedding_runtime != "endpoint":
        return load_embedder(settings.model_dir, model=settings.embedding_model, runtime=settings.embedding_runtime)
    if settings.embedding_url is None:
        raise SettingsInvalid("EMBEDDING_RUNTIME is endpoint and EMBEDDING_URL is not set")
    from signal_pipeline.platform.embedding_endpoint import EndpointEmbedder

    key = settings.embedding_api_key
    return EndpointEmbedder(
        settings.embedding_url, settings.embedding_model, key if key and key.get_secret_value() else None
    )
