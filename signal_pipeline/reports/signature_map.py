"""The map: signatures of the catalog, or of one report, as a picture. From stored vectors; no model is loaded."""

from __future__ import annotations

import colorsys
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
import numpy.typing as npt

from signal_pipeline.clustering.projection import Method, project
from signal_pipeline.errors import ReportUnknown
from signal_pipeline.platform.platform import Platform
from signal_pipeline.reports.svg import Svg, shortened
from signal_pipeline.storage.catalog import facts_of, members_with, most_frequent, problem_names
from signal_pipeline.storage.problems import problems_of
from signal_pipeline.storage.report_signatures import signatures_of_one
from signal_pipeline.storage.reports import report_exists

POINTS = 3_000
"""The most frequent signatures: UMAP takes 20 to 60 CPU seconds for so many, and more dots say no more."""
# Of the picture, in pixels.
WIDTH, HEIGHT = 900, 620
MARGIN = 18
LEGEND = 300
NAMED = 12
MAX_NAME_CHARS = 42
PALE = "#c4cad2"


@dataclass(frozen=True)
class SignatureMap:
    """The SVG, how many signatures and groups it shows, and how it was made."""

    svg: str
    signatures: int
    groups: int
    method: str
    note: str


def catalog_map(platform: Platform, method: Method = "auto", points: int = POINTS) -> SignatureMap | None:
    """Signatures over all reports, coloured by problem; None when there are none."""
    with platform.database.transaction() as connection:
        hashes = most_frequent(connection, points)
        facts = facts_of(connection, hashes)
        places = {key: str(member.problem_id) for key, member in members_with(connection, hashes).items()}
        names = problem_names(connection, sorted(set(places.values())))
    if not facts:
        return None
    groups = [places[fact.signature_hash] for fact in facts]
    vectors = np.stack([fact.vector for fact in facts])
    return _map(vectors, groups, names, [fact.frequency for fact in facts], "signatures of all reports", method)


def report_map(platform: Platform, report_id: UUID, method: Method = "auto") -> SignatureMap | None:
    """Signatures of one report, coloured by cluster; None when it has none."""
    with platform.database.transaction() as connection:
        if not report_exists(connection, report_id):
            raise ReportUnknown(f"report {report_id} is not in the database")
        rows = signatures_of_one(connection, report_id)
        problems = problems_of(connection, report_id, evidence_of=range(0))
    group = {signature: one.medoid_hash for one in problems for signature in one.signature_hashes}
    names = {one.medoid_hash: one.label_terms or one.title for one in problems}
    rows = [row for row in rows if row.signature_hash in group]
    if not rows:
        return None
    groups = [group[row.signature_hash] for row in rows]
    vectors = np.stack([row.vector for row in rows])
    return _map(vectors, groups, names, [row.frequency for row in rows], f"report {report_id}", method)


def _map(
    vectors: np.ndarray[tuple[int, int], np.dtype[np.float32]],
    groups: Sequence[str],
    names: dict[str, str],
    weights: Sequence[int],
    title: str,
    method: Method,
) -> SignatureMap:
    found = project(vectors, method)
    count = len(set(groups))
    svg = map_picture(
        found.points, groups, names, weights, f"{title}: {len(groups)} in {count} groups ({found.method})"
    )
    return SignatureMap(svg, len(groups), count, found.method, found.note)


def map_picture(
    points: npt.NDArray[np.float32], groups: Sequence[str], names: dict[str, str], weights: Sequence[int], title: str
) -> str:
    """`points` (n, 2) from 0 to 1, the group of each, a name per group, how often each occurs (its size).

    The largest groups of two and more are coloured and named, smaller ones coloured, singles pale. Some 50 KB.
    """
    drawing = Svg(WIDTH, HEIGHT)
    sizes = Counter(groups)
    ranked = sorted((group for group in sizes if sizes[group] > 1), key=lambda group: (-sizes[group], group))
    colour = {group: _colour(place) for place, group in enumerate(ranked)}
    room = np.array([WIDTH - LEGEND - 2 * MARGIN, HEIGHT - 2 * MARGIN - 24])
    places = points * room + np.array([MARGIN, MARGIN + 24])
    dots: dict[tuple[str, float], list[str]] = defaultdict(list)
    # Singles first, so that they hide nothing.
    for row in sorted(range(len(groups)), key=lambda row: (groups[row] in colour, groups[row], row)):
        diameter = round(4.4 + 2.8 * float(np.log10(max(weights[row], 1))), 1)
        x, y = places[row]
        dots[colour.get(groups[row], PALE), diameter].append(f"M{x:.1f} {y:.1f}h0")
    for (fill, diameter), moves in dots.items():
        drawing.dots("".join(moves), diameter, fill)
    drawing.text(MARGIN, 22, title, size=14)
    left = WIDTH - LEGEND
    for place, group in enumerate(ranked[:NAMED]):
        top = 40 + place * 24
        drawing.dots(f"M{left + 5} {top + 7}h0", 10, colour[group])
        drawing.text(left + 18, top + 11, f"{shortened(names[group], MAX_NAME_CHARS)} ({sizes[group]})", size=12)
    singles = sum(size == 1 for size in sizes.values())
    rest = f"{max(len(ranked) - NAMED, 0)} more groups, {singles} alone (pale)"
    drawing.text(left, 55 + min(len(ranked), NAMED) * 24, rest, size=12)
    return drawing.render()


def _colour(place: int) -> str:
    """Steps of the golden angle: neighbours in the list always differ."""
    parts = colorsys.hls_to_rgb((place * 0.381966) % 1, 0.42 + 0.12 * (place % 3 - 1), 0.62)
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)
