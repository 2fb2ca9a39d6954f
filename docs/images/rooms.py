"""Draws which folder of the package imports which, as an SVG: `make docs`.

A room is below the rooms that import it, in the band of its ring. An arrow that others imply is left out.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter
from html import escape
from pathlib import Path

from signal_pipeline_tests.rings import RING

PACKAGE = Path(__file__).parents[2] / "signal_pipeline"
RINGS = {3: "orchestration", 2: "edges", 1: "domain"}
COLOURS = {3: "#e8f0fe", 2: "#e9f6ec", 1: "#fdf3e1"}
BOX, GAP, ROW, MARGIN = (118, 30), 14, 74, 24

Graph = Mapping[str, set[str]]


def rooms() -> list[str]:
    """The folders of the package that hold code."""
    return sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))


def imports() -> dict[str, set[str]]:
    """For each room, the rooms that its files import when they run: imports for type checkers are left out."""
    found: dict[str, set[str]] = {name: set() for name in rooms()}
    for name, targets in found.items():
        for path in (PACKAGE / name).rglob("*.py"):
            for module in _modules(ast.parse(path.read_text(encoding="utf-8"))):
                parts = module.split(".")
                if parts[0] == "signal_pipeline" and len(parts) > 1 and parts[1] in found and parts[1] != name:
                    targets.add(parts[1])
    return found


def _modules(tree: ast.AST) -> list[str]:
    found: list[str] = []
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        if isinstance(node, ast.ImportFrom) and node.module:
            found.append(node.module)
        elif isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        found += _modules(node)
    return found


def without_implied(graph: Graph) -> dict[str, set[str]]:
    """The graph without the arrows that a longer way implies. Fails on a circle."""
    reach: dict[str, set[str]] = {}
    for name in TopologicalSorter(graph).static_order():
        reach[name] = set().union(*(reach[other] | {other} for other in graph[name]))
    return {
        name: {one for one in targets if not any(one in reach[other] for other in targets)}
        for name, targets in graph.items()
    }


def depths(graph: Graph) -> dict[str, int]:
    """How many arrows lie below a room at most; a room of an outer ring is above all of the inner ones."""
    depth: dict[str, int] = {}
    for ring in sorted(RINGS):
        base = max(depth.values(), default=-1) + 1
        for name in TopologicalSorter(graph).static_order():
            if RING[name] == ring:
                depth[name] = max([base, *(depth[other] + 1 for other in graph[name] if RING[other] == ring)])
    return depth


def picture(graph: Graph) -> str:
    depth, arrows = depths(graph), without_implied(graph)
    rows = [[n for n in sorted(depth) if depth[n] == level] for level in range(max(depth.values()), -1, -1)]
    width = 2 * MARGIN + 90 + max(len(row) for row in rows) * (BOX[0] + GAP)
    at: dict[str, tuple[float, float]] = {}
    for number, row in enumerate(rows):
        left = MARGIN + 90 + (width - 2 * MARGIN - 90 - len(row) * (BOX[0] + GAP)) / 2
        # Each row is shifted a little, so that an arrow over several rows does not run through the boxes between.
        shift = (number % 3 - 1) * 22
        for index, name in enumerate(row):
            at[name] = (left + shift + index * (BOX[0] + GAP), MARGIN + number * ROW)
    height = 2 * MARGIN + len(rows) * ROW - (ROW - BOX[1])
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"',
        ' font-family="sans-serif" font-size="13">',
        '<defs><marker id="tip" markerWidth="7" markerHeight="7" refX="6" refY="3" orient="auto">'
        '<path d="M0,0 L6,3 L0,6 z" fill="#667"/></marker></defs>',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        *_bands(at, width),
    ]
    for name in sorted(arrows):
        parts += [_arrow(at[name], at[target]) for target in sorted(arrows[name])]
    for name, (x, y) in sorted(at.items()):
        parts.append(f'<rect x="{x:.0f}" y="{y}" width="{BOX[0]}" height="{BOX[1]}" rx="5" fill="#fff" stroke="#445"/>')
        parts.append(f'<text x="{x + BOX[0] / 2:.0f}" y="{y + 20}" text-anchor="middle">{escape(name)}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _bands(at: Mapping[str, tuple[float, float]], width: float) -> list[str]:
    parts = []
    for ring, title in RINGS.items():
        ys = [y for name, (_, y) in at.items() if RING[name] == ring]
        top, bottom = min(ys) - 16, max(ys) + BOX[1] + 16
        parts.append(f'<rect x="4" y="{top}" width="{width - 8}" height="{bottom - top}" fill="{COLOURS[ring]}"/>')
        parts.append(f'<text x="12" y="{top + 18}" fill="#556" font-weight="bold">{title}</text>')
    return parts


def _arrow(start: tuple[float, float], end: tuple[float, float]) -> str:
    (x1, y1), (x2, y2) = (start[0] + BOX[0] / 2, start[1] + BOX[1]), (end[0] + BOX[0] / 2, end[1] - 1)
    bend = (y2 - y1) / 2
    curve = f"M{x1:.0f},{y1:.0f} C{x1:.0f},{y1 + bend:.0f} {x2:.0f},{y2 - bend:.0f} {x2:.0f},{y2:.0f}"
    return f'<path d="{curve}" fill="none" stroke="#667" stroke-opacity="0.7" marker-end="url(#tip)"/>'


if __name__ == "__main__":
    graph = imports()
    try:
        (Path(__file__).parent / "rooms.svg").write_text(picture(graph), encoding="utf-8")
    except CycleError as circle:
        raise SystemExit(f"rooms import each other in a circle: {' > '.join(circle.args[1])}") from None
