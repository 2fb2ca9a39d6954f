"""A drawing as PNG bytes that are small and quickly made, since they lie in the metadata of every report."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

# A handful of colours and their shades at the edges of letters.
COLOURS = 16


def png_bytes(picture: Image) -> bytes:
    """A few KB for a chart; in full colour it is several times as large, and takes several times as long."""
    from PIL.Image import Dither, Quantize

    file = BytesIO()
    few = picture.quantize(COLOURS, method=Quantize.FASTOCTREE, dither=Dither.NONE)
    few.save(file, format="PNG", compress_level=3)
    return file.getvalue()
