"""The one way in which the API signs what it gives out and takes back: sessions, forms and cursors."""

from __future__ import annotations

import hashlib

from itsdangerous import URLSafeSerializer


def signer(secret: bytes, purpose: str) -> URLSafeSerializer:
    """What is signed for one purpose is worthless for every other. `loads` raises BadData for what was not signed."""
    return URLSafeSerializer(
        secret,
        salt=f"signal_pipeline api {purpose}",
        signer_kwargs={"digest_method": hashlib.sha256, "key_derivation": "hmac"},
    )
