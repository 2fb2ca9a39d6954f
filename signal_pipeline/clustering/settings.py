"""What a person may choose about clustering, and what the choices mean. No algorithm lives here.

`VERSION` is part of every stored clustering. Changes: 1 first; 2 lists of any length are one wording,
verdicts are obeyed; 4 one exception, raised at one place, is one whatever was logged about it.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Literal, get_args

from signal_pipeline.errors import SettingsInvalid

VERSION = 4

Algorithm = Literal["calibrated", "dbscan", "hdbscan", "agglomerative"]

DEFAULT_SIMILARITY_THRESHOLD = 0.3
DEFAULT_RADIUS_CAP = 0.7
MAX_COSINE_DISTANCE = 2.0
MAX_MIN_SAMPLES = 100


@dataclass(frozen=True)
class ClusterSettings:
    """Checked at construction: SettingsInvalid names the field, the value and the bounds.

    `similarity_threshold`: cosine distance (0 to 2) up to which signatures are alike: eps of dbscan, cut of
    agglomerative. `min_samples`: neighbours, itself counted, that make a dbscan core point; the smallest
    cluster of hdbscan. `radius_cap`: the greatest cosine distance between any two members of a cluster of the
    calibrated algorithm, which reads neither of the other two.
    """

    algorithm: Algorithm = "calibrated"
    similarity_threshold: float = DEFAULT_SIMILARITY_THRESHOLD
    min_samples: int = 2
    radius_cap: float = DEFAULT_RADIUS_CAP
    version: int = VERSION

    def __post_init__(self) -> None:
        if self.algorithm not in get_args(Algorithm):
            raise SettingsInvalid(f"algorithm is {self.algorithm!r}; one of {', '.join(get_args(Algorithm))}")
        _check_distance("similarity_threshold", self.similarity_threshold)
        _check_distance("radius_cap", self.radius_cap)
        if isinstance(self.min_samples, bool) or not isinstance(self.min_samples, int):
            raise SettingsInvalid(f"min_samples is {self.min_samples!r}; a whole number is needed")
        if not 1 <= self.min_samples <= MAX_MIN_SAMPLES:
            raise SettingsInvalid(f"min_samples is {self.min_samples}; 1 to {MAX_MIN_SAMPLES} are possible")

    @property
    def limit(self) -> float:
        """The cosine distance that this algorithm reads as its limit."""
        return self.radius_cap if self.algorithm == "calibrated" else self.similarity_threshold

    def as_dict(self) -> dict[str, str | int | float]:
        """For storage beside the clustering that these settings made."""
        return asdict(self)


def _check_distance(name: str, value: float) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise SettingsInvalid(f"{name} is {value!r}; a number is needed")
    if not math.isfinite(value) or not 0 < value <= MAX_COSINE_DISTANCE:
        raise SettingsInvalid(
            f"{name} is {value}; a cosine distance above 0 and up to {MAX_COSINE_DISTANCE:g} is needed"
        )
