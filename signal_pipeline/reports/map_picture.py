"""A picture of signatures on a plane as PNG: a dot each, coloured by cluster. Drawn with Pillow, as bar charts are."""

from __future__ import annotations

import colorsys
from collections import Counter
from collections.abc import Sequence
from io import BytesIO

import numpy as np
import numpy.typing as npt

WIDTH, HEIGHT = 900, 620
MARGIN = 18
LEGEND = 300
NAMED = 12
MAX_NAME_CHARS = 42

INK = (51, 60, 72)
PALE = (196, 202, 210)
PAPER = (255, 255, 255)


def map_picture(
    points: npt.NDArray[np.float32], groups: Sequence[str], names: dict[str, str], weights: Sequence[int], title: str
) -> bytes:
    """`points` (n, 2) from 0 to 1, the group of each, a name per group, how often each occurs (its size).

    The largest groups of two and more are coloured and named, smaller ones coloured, singles pale. PNG, some 50 KB.
    """
    from PIL import Image, ImageDraw, ImageFont

    scale = 2  # drawn twice as large and shrunk: Pillow draws no smooth circles
    picture = Image.new("RGB", (WIDTH * scale, HEIGHT * scale), PAPER)
    draw = ImageDraw.Draw(picture)
    sizes = Counter(groups)
    ranked = sorted((group for group in sizes if sizes[group] > 1), key=lambda group: (-sizes[group], group))
    colour = {group: _colour(place) for place, group in enumerate(ranked)}
    room = np.array([WIDTH - LEGEND - 2 * MARGIN, HEIGHT - 2 * MARGIN - 24]) * scale
    places = points * room + np.array([MARGIN, MARGIN + 24]) * scale
    # Singles first, so that they hide nothing.
    for row in sorted(range(len(groups)), key=lambda row: (groups[row] in colour, groups[row], row)):
        radius = (2.2 + 1.4 * float(np.log10(max(weights[row], 1)))) * scale
        x, y = places[row]
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour.get(groups[row], PALE))
    font, small = ImageFont.load_default(14 * scale), ImageFont.load_default(12 * scale)
    draw.text((MARGIN * scale, 8 * scale), title, fill=INK, font=font)
    left = (WIDTH - LEGEND) * scale
    for place, group in enumerate(ranked[:NAMED]):
        top = (40 + place * 24) * scale
        draw.ellipse((left, top + 2 * scale, left + 10 * scale, top + 12 * scale), fill=colour[group])
        draw.text((left + 18 * scale, top), _label(names[group], sizes[group]), fill=INK, font=small)
    singles = sum(size == 1 for size in sizes.values())
    rest = f"{max(len(ranked) - NAMED, 0)} more groups, {singles} alone (pale)"
    draw.text((left, (44 + min(len(ranked), NAMED) * 24) * scale), rest, fill=INK, font=small)
    file = BytesIO()
    smooth = picture.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    smooth.quantize(128).save(file, format="PNG", optimize=True)
    return file.getvalue()


def _colour(place: int) -> tuple[int, int, int]:
    """Steps of the golden angle: neighbours in the list are never alike."""
    red, green, blue = colorsys.hls_to_rgb((place * 0.381966) % 1, 0.42 + 0.12 * (place % 3 - 1), 0.62)
    return round(red * 255), round(green * 255), round(blue * 255)


def _label(name: str, size: int) -> str:
    text = "".join(character if character.isprintable() else " " for character in name)
    short = text if len(text) <= MAX_NAME_CHARS else text[: MAX_NAME_CHARS - 1] + "…"
    return f"{short} ({size})"
