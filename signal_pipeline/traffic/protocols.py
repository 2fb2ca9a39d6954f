"""What protocol a flow has by its shape: ports, sizes and counts of packets. For flows whose content does not say it,
or whose port names a service that they do not look like.

A random forest for each transport, made by `benchmarks.captures_protocols` from captures of Zeek's and nDPI's tests and
shipped as arrays of numbers: thresholds and shares of classes, nothing of any packet. How good it is stands in
docs/captures.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from signal_pipeline.parsing.flow_facts import FEATURES_COLUMN
from signal_pipeline.parsing.pcap.flow_features import FEATURES
from signal_pipeline.parsing.pcap.service_ports import SERVICES

Floats = NDArray[np.float64]
MODEL = Path(__file__).with_name("protocols.npz")
LEAST_LIKELIHOOD = 0.6
OTHER = "other"
"""The class of protocols that the forest has seen too few captures of to name."""
SHAPE = (
    "Fwd Packet Length Max", "Bwd Packet Length Max", "Fwd Packet Length Min", "Bwd Packet Length Min",
    "Fwd Packet Length Mean", "Bwd Packet Length Mean", "Packet Length Std", "Down/Up Ratio", "Total Fwd Packet",
    "Total Bwd packets",
)  # fmt: skip
_PLACES = [list(FEATURES).index(name) for name in SHAPE]
_CODES = {name: code for code, name in enumerate(sorted(set(SERVICES.values())), start=1)}
NEEDED = ("protocol", "source_port", "target_port", "service", "payload_out", FEATURES_COLUMN)


def shape_matrix(flows: pl.DataFrame) -> Floats:
    """A row of numbers for each flow with the columns NEEDED: ports, services by port and as known, SHAPE."""
    source, target = (pl.col(name).fill_null(0) for name in ("source_port", "target_port"))
    by_port = [
        end.cast(pl.Int64()).replace_strict(_BY_PORT, default=0, return_dtype=pl.Int64()) for end in (target, source)
    ]
    known = pl.col("service").replace_strict(_CODES, default=0, return_dtype=pl.Int64()).fill_null(0)
    ends = flows.select(
        low=pl.min_horizontal(source, target),
        high=pl.max_horizontal(source, target),
        by_port=pl.when(by_port[0] > 0).then(by_port[0]).otherwise(by_port[1]),
        known=known,
    )
    shape = flows.select(
        pl.col(FEATURES_COLUMN).list.get(place, null_on_oob=True).fill_null(0).alias(name)
        for name, place in zip(SHAPE, _PLACES, strict=True)
    )
    matrix: Floats = pl.concat([ends, shape], how="horizontal").cast(pl.Float64()).to_numpy()
    return matrix


_BY_PORT = {port: _CODES[name] for port, name in SERVICES.items()}


@dataclass(frozen=True)
class Forest:
    """Trees one after the other. `feature` is negative in a leaf, whose `share` of classes counts."""

    roots: NDArray[np.int64]
    feature: NDArray[np.int64]
    threshold: NDArray[np.float32]
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    share: Floats

    def shares(self, rows: Floats) -> Floats:
        """For each row the share of each class, summing to 1."""
        total = np.zeros((len(rows), self.share.shape[1]))
        # As the trees were grown: scikit-learn compares single precision.
        rows = rows.astype(np.float32)
        every = np.arange(len(rows))
        for root in self.roots:
            at = np.full(len(rows), root)
            while (inner := self.feature[at] >= 0).any():
                here = at[inner]
                goes_left = rows[every[inner], self.feature[here]] <= self.threshold[here]
                at[inner] = np.where(goes_left, self.left[here], self.right[here])
            total += self.share[at]
        return total / len(self.roots)


@dataclass(frozen=True)
class Protocols:
    """Forests by transport, over the same classes."""

    classes: list[str]
    forests: dict[str, Forest]

    def likely(self, flows: pl.DataFrame) -> pl.DataFrame:
        """`likely_protocol` and `likelihood` for each flow; null for transports that no forest knows."""
        names: list[str | None] = [None] * flows.height
        sure: list[float | None] = [None] * flows.height
        transports = flows["protocol"].to_numpy()
        rows = shape_matrix(flows)
        for transport, forest in self.forests.items():
            chosen = np.flatnonzero(transports == transport)
            shares = forest.shares(rows[chosen])
            for place, best, share in zip(chosen, shares.argmax(axis=1), shares.max(axis=1, initial=0), strict=True):
                names[place], sure[place] = self.classes[best], round(float(share), 3)
        return pl.DataFrame(
            {"likely_protocol": names, "likelihood": sure},
            schema={"likely_protocol": pl.String(), "likelihood": pl.Float64()},
        )


def with_likely_protocol(flows: pl.DataFrame) -> pl.DataFrame:
    """`flows` with `likely_protocol` and `likelihood`: null where the service agrees or content says it, where nothing
    was sent, and where the forest is not sure.
    """
    found = pl.concat([flows, shipped().likely(flows)], how="horizontal")
    by_port = [
        pl.col(port).cast(pl.Int64()).replace_strict(SERVICES, default=None, return_dtype=pl.String())
        for port in ("target_port", "source_port")
    ]
    says = (
        (pl.col("likelihood") >= LEAST_LIKELIHOOD)
        & (pl.col("likely_protocol") != OTHER)
        & pl.col("service").ne_missing(pl.col("likely_protocol"))
        & pl.col("tls_version").is_null()
        & (pl.col("service").is_null() | pl.any_horizontal(pl.col("service") == name for name in by_port))
        & (pl.col("payload_out") > 0)
    ).fill_null(False)
    return found.with_columns(
        pl.when(says).then(pl.col(name)).alias(name) for name in ("likely_protocol", "likelihood")
    )


_DTYPES: dict[str, type[np.generic]] = {
    "roots": np.int64,
    "feature": np.int64,
    "threshold": np.float32,
    "left": np.int64,
    "right": np.int64,
    "share": np.float64,
}


@cache
def shipped() -> Protocols:
    """The forests of this version."""
    with np.load(MODEL, allow_pickle=False) as kept:
        return loaded(dict(kept))


def loaded(kept: dict[str, Any]) -> Protocols:
    """From arrays as the benchmark writes them."""
    forests = {
        str(transport): Forest(**{name: kept[f"{transport}_{name}"].astype(dtype) for name, dtype in _DTYPES.items()})
        for transport in kept["transports"]
    }
    return Protocols([str(name) for name in kept["classes"]], forests)
