"""Settings that cannot work are refused with the field, the value and the bounds."""

import math
from typing import Any

import pytest

from signal_pipeline.clustering.settings import ClusterSettings
from signal_pipeline.errors import SettingsInvalid


@pytest.mark.parametrize("field", ["similarity_threshold", "radius_cap"])
@pytest.mark.parametrize("value", [0, 0.0, -1, -0.3, 2.0001, math.nan, math.inf, -math.inf, True, "0.3", None])
def test_a_distance_outside_its_bounds(field: str, value: Any) -> None:
    with pytest.raises(SettingsInvalid, match=field):
        ClusterSettings(**{field: value})


@pytest.mark.parametrize("value", [0, -1, 101, math.nan, math.inf, 2.0, True, "2", None])
def test_min_samples_outside_its_bounds(value: Any) -> None:
    with pytest.raises(SettingsInvalid, match="min_samples"):
        ClusterSettings(min_samples=value)


def test_an_unknown_algorithm_names_the_known_ones() -> None:
    with pytest.raises(SettingsInvalid, match="calibrated, dbscan, hdbscan, agglomerative"):
        ClusterSettings(algorithm="kmeans")  # type: ignore[arg-type]


@pytest.mark.parametrize("threshold", [1e-9, 0.3, 1, 2])
def test_bounds_are_allowed(threshold: float) -> None:
    settings = ClusterSettings(similarity_threshold=threshold, min_samples=100)
    assert settings.as_dict()["similarity_threshold"] == threshold


def test_defaults_of_dbscan_are_the_known_ones() -> None:
    assert (ClusterSettings().similarity_threshold, ClusterSettings().min_samples) == (0.3, 2)
