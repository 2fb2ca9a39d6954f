"""Why two signatures are not in one cluster, in words that a triager can check. Facts in, sentences out; no storage."""

from __future__ import annotations

from dataclasses import dataclass

from signal_pipeline.clustering.calibrated import simple_class
from signal_pipeline.clustering.constraints import NO_CONSTRAINTS, Constraints
from signal_pipeline.clustering.settings import ClusterSettings


@dataclass(frozen=True)
class Facts:
    """What the guards look at. `wording` is from wording.wordings, over all signatures that were clustered together."""

    signature_hash: str
    error_type: str
    exception_class: str | None
    template: str
    wording: str


def reasons_apart(
    one: Facts,
    other: Facts,
    distance: float,
    settings: ClusterSettings,
    constraints: Constraints = NO_CONSTRAINTS,
    *,
    farthest: float | None = None,
) -> list[str]:
    """All that keeps the two apart under `settings`, the strongest first; never empty.

    `farthest` is the greatest distance between one and any member of the other's cluster, where that is known.
    """
    found = []
    if constraints.parts(one.signature_hash, other.signature_hash):
        found.append("a verdict says that they are not the same")
    if settings.algorithm == "calibrated":
        found += _guards(one, other)
    if distance > settings.limit:
        found.append(f"distance {distance:.3f} is more than the threshold {settings.limit:g}")
    if found:
        return found
    return [_by_company(settings, farthest)]


def _guards(one: Facts, other: Facts) -> list[str]:
    found = []
    if one.error_type != other.error_type:
        found.append(f"another error type: {other.error_type}, not {one.error_type}")
    classes = simple_class(one.exception_class), simple_class(other.exception_class)
    if all(classes) and classes[0] != classes[1]:
        found.append(f"another exception class: {other.exception_class}, not {one.exception_class}")
    if one.template == other.template:
        found.append("the same message from other stack frames: another place in the code")
    elif one.wording != other.wording:
        found.append("another wording: the texts differ in more than values")
    return found


def _by_company(settings: ClusterSettings, farthest: float | None) -> str:
    """The pair itself could meet; what parts it is the rest of its cluster, or a verdict about another member."""
    if settings.algorithm in ("calibrated", "agglomerative") and farthest is not None and farthest > settings.limit:
        return f"another member of its cluster is {farthest:.3f} away, more than the threshold {settings.limit:g}"
    return {
        "calibrated": "other members of its cluster may not join it",
        "agglomerative": f"the clusters are more than {settings.limit:g} apart on average",
        "dbscan": f"fewer than {settings.min_samples} signatures are close enough to make a core",
        "hdbscan": "no density that holds both is stable",
    }[settings.algorithm]
