"""The note beside an exported model: what it was made from, how, and whether its files are whole."""

from __future__ import annotations

from pathlib import Path

import msgspec

from signal_pipeline.embedding.packaged import file_sha256
from signal_pipeline.errors import SettingsInvalid

MANIFEST_NAME = "manifest.json"
GRAPH_NAME = "model.onnx"
TOKENIZER_NAME = "tokenizer.json"
FILES = (GRAPH_NAME, TOKENIZER_NAME)


class ExportManifest(msgspec.Struct, frozen=True):
    """What one export is. `files` maps a file's name to its SHA-256, `sizes` to its bytes."""

    model: str
    weights_sha256: str
    recipe: int
    dimension: int
    max_tokens: int
    files: dict[str, str]
    sizes: dict[str, int]

    @property
    def model_version(self) -> str:
        """Names model, weights and recipe: vectors of different versions are never compared."""
        return f"{self.model}@{self.weights_sha256[:12]}+onnx-fp32-r{self.recipe}"


def write_manifest(folder: Path, manifest: ExportManifest) -> None:
    (folder / MANIFEST_NAME).write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=2))


def read_manifest(folder: Path) -> ExportManifest:
    """The manifest of an export whose files have the right sizes. Raises SettingsInvalid otherwise."""
    path = folder / MANIFEST_NAME
    next_step = f"run: python -m signal_pipeline.embedding.export {folder}"
    try:
        manifest = msgspec.json.decode(path.read_bytes(), type=ExportManifest)
    except FileNotFoundError:
        raise SettingsInvalid(f"no exported model in {folder}; {next_step}") from None
    except msgspec.MsgspecError:
        raise SettingsInvalid(f"{path} cannot be read; {next_step}") from None
    for name in FILES:
        file = folder / name
        if not file.is_file() or file.stat().st_size != manifest.sizes.get(name):
            raise SettingsInvalid(f"{file} is missing or has a wrong size; {next_step}")
    return manifest


def is_intact(folder: Path, *, weights_sha256: str, recipe: int) -> bool:
    """Whether `folder` holds this very export, byte for byte."""
    try:
        manifest = read_manifest(folder)
    except SettingsInvalid:
        return False
    if (manifest.weights_sha256, manifest.recipe) != (weights_sha256, recipe):
        return False
    return all(manifest.files.get(name) == file_sha256(folder / name) for name in FILES)
