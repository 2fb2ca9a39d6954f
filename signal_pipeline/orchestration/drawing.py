"""Small pictures of few colours as PNG, which lie in the metadata of every report: text, lines and bars on white.

Drawn with Pillow, since matplotlib's import alone costs a run half a second; with a palette from the start, and with
letters that are made once in a process, since making them again takes most of the time that such a picture takes.
"""

from __future__ import annotations

import string
from functools import lru_cache
from io import BytesIO
from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

Colour = tuple[int, int, int]

INK: Colour = (51, 60, 72)
PAPER: Colour = (255, 255, 255)
TEXT_HEIGHT = 18
_FONT_SIZE = 13
# Letters have soft edges: so many shades from paper to ink. With what is drawn beside, 16 colours fill half a byte.
_SHADES = 8
_MOST_COLOURS = 16


class Drawing:
    """A white picture. Places are pixels from the upper left corner; no more than eight colours beside the ink."""

    def __init__(self, width: int, height: int) -> None:
        from PIL import Image, ImageDraw

        self._picture = Image.new("P", (width, height), 0)
        self._draw = ImageDraw.Draw(self._picture)
        self._colours: list[Colour] = [_between(PAPER, INK, shade / (_SHADES - 1)) for shade in range(_SHADES)]

    def text(self, x: int, y: int, text: str) -> None:
        """One line in ink, `y` is its upper edge. It covers what lies below it."""
        for letter in text:
            glyph, width = _glyph(letter)
            self._picture.paste(glyph, (x, y))
            x += width

    def line(self, ends: tuple[int, int, int, int], colour: Colour) -> None:
        self._draw.line(ends, fill=self._index(colour))

    def bar(self, corners: tuple[int, int, int, int], colour: Colour) -> None:
        self._draw.rectangle(corners, fill=self._index(colour))

    def png(self) -> bytes:
        """Some 2 KB for a chart."""
        self._picture.putpalette([part for colour in self._colours for part in colour])
        file = BytesIO()
        self._picture.save(file, format="PNG", compress_level=3)
        return file.getvalue()

    def _index(self, colour: Colour) -> int:
        if colour not in self._colours:
            if len(self._colours) == _MOST_COLOURS:
                raise ValueError(f"no more than {_MOST_COLOURS - _SHADES} colours")
            self._colours.append(colour)
        return self._colours.index(colour)


def make_letters() -> None:
    """The usual ones, in a process from which others are forked."""
    for letter in string.printable:
        _glyph(letter)


@lru_cache(2_000)
def _glyph(letter: str) -> tuple[Image, int]:
    """The letter in shades, 0 to _SHADES - 1, and how far on the next one stands. What cannot be drawn is a box."""
    from PIL import Image, ImageDraw, ImageFont

    font = ImageFont.load_default(_FONT_SIZE)
    width = ceil(font.getlength(letter))
    grey = Image.new("L", (max(width, 1), TEXT_HEIGHT), 0)
    ImageDraw.Draw(grey).text((0, 0), letter, fill=255, font=font)
    shades = grey.point([round(value * (_SHADES - 1) / 255) for value in range(256)])
    glyph = Image.frombytes("P", shades.size, shades.tobytes())
    return glyph, width


def _between(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue
