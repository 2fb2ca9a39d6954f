"""Which addresses say who somebody is, and which name a part of a system. Pure functions on single candidates."""

from __future__ import annotations

_UNITS = "service socket timer mount automount swap target slice scope path device"
_FILES = (
    "png jpg jpeg gif svg webp avif ico bmp tif tiff css js mjs cjs jsx ts tsx map html htm json har log txt out err"
    " xml yaml yml csv tsv gz tgz bz2 xz zst tar jar war ear exe dll pdf mp mp3 mp4 wav ttf otf woff sql conf cfg ini"
    " lock bak tmp pem crt"
)
_NO_DOMAINS = frozenset(f"{_UNITS} {_FILES}".split())
"""Ends of names that are no domains on the internet: unit types of systemd, extensions of files."""


def is_address_of_a_person(value: str) -> bool:
    """Mail goes to it: not to `user@1021.service` and `icon@2x.png`, but `x@example.com.log` holds an address."""
    labels = value.rsplit("@", 1)[-1].split(".")
    if labels[-1].lower() not in _NO_DOMAINS:
        return True
    return len(labels) > 2 and len(labels[-2]) > 1 and labels[-2].isalpha() and labels[-2].lower() not in _NO_DOMAINS
