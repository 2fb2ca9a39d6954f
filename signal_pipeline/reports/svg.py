"""Pictures as SVG: text, rectangles and paths on white. The one way in which the package draws.

The Dagster UI shows SVG in Markdown as it shows PNG; SVG takes no library, and none to import in every run.
"""

from __future__ import annotations

from html import escape

INK = "#333c48"
PAPER = "#fff"


class Svg:
    """A picture under construction. Lengths are pixels; `y` grows downwards."""

    def __init__(self, width: int, height: int) -> None:
        self._parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
            f' font-family="sans-serif" fill="{INK}">'
            f'<path d="M0 0h{width}v{height}h-{width}z" fill="{PAPER}"/>'
        ]

    def text(self, x: float, baseline: float, text: str, *, size: int = 13) -> None:
        """One line. Characters that XML does not allow become spaces."""
        shown = "".join(character if character.isprintable() else " " for character in text)
        self._parts.append(f'<text x="{x:g}" y="{baseline:g}" font-size="{size}">{escape(shown)}</text>')

    def rectangle(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        self._parts.append(f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" fill="{colour}"/>')

    def dots(self, places: str, diameter: float, colour: str) -> None:
        """`places` are moves, such as "M3 4h0": a path of zero length with round ends is a dot."""
        style = f'stroke="{colour}" stroke-width="{diameter:g}" stroke-linecap="round"'
        self._parts.append(f'<path d="{places}" {style}/>')

    def filled(self, outline: str, colour: str) -> None:
        """Closed outlines in the notation of a path's `d`."""
        self._parts.append(f'<path d="{outline}" fill="{colour}"/>')

    def render(self) -> str:
        return "".join([*self._parts, "</svg>"])


def shortened(text: str, most: int) -> str:
    """At most `most` characters; an ellipsis marks what was cut."""
    return text if len(text) <= most else text[: most - 1] + "…"
