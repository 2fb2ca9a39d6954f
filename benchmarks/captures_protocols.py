"""Which protocol a flow has by its shape: the forest against ports alone, five-fold by capture, and on a third of the
captures that its features were not chosen by. `python -m benchmarks.captures_protocols --write` makes the shipped file.

Labels are those of nDPI's and Zeek's own tests. The classes are those of at least LEAST_CAPTURES captures.
"""

from __future__ import annotations

import re
import sys
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from benchmarks.capture_reading import CAPTURES, ZEEK_ENDS, captures, conversation, endpoint, held_out, read, zeek_rows
from benchmarks.result import Figure
from signal_pipeline.parsing.pcap.flow import Flow
from signal_pipeline.parsing.pcap.service_ports import service_by_port
from signal_pipeline.parsing.pcap.timeouts import NDPI_TIMEOUTS, ZEEK_TIMEOUTS
from signal_pipeline.traffic.protocols import MODEL, OTHER, shape_matrix

LEAST_CAPTURES = 4
TREES = 100
FOLDS, DIVISIONS = 5, 5
SHIPPED_TREES = 60
_FLOW = re.compile(
    r"^\t\d+\t(\S+) (\S+) (?:<->|->) (\S+) .*?\[proto: [^/\]]+/([^\]]+)\].*"
    r"\[(\d+) pkts/(\d+) bytes (?:<->|->) (\d+) pkts/(\d+) bytes\]"
)
_LOG = re.compile(r"(.*?\.(?:pcap|pcapng|trace))\.\S*?\.([a-z0-9_-]+)\.log")
_OF_LOG = {"http": "http", "ssl": "tls", "dns": "dns"}
# Names of one protocol on the wire.
_SAME = {
    "http_proxy": "http", "imaps": "tls", "pops": "tls", "smtps": "tls", "ssl": "tls", "http,ssl": "http",
    "ldap_tcp": "ldap", "ldap_tcp,ssl": "ldap", "ntlm,ldap_tcp": "ldap", "ldap_tcp,krb,gssapi": "ldap",
    "gtpv1": "gtp", "ftp,ssl": "ftp", "ftp,-ftp": "ftp", "ftp_control": "ftp",
}  # fmt: skip


@dataclass(frozen=True)
class Labelled:
    """Flows with what they are: one row of `rows` for each, the transport, the capture, the class.

    `content` is what their first data say, empty where they do not.
    """

    rows: np.ndarray
    transports: np.ndarray
    captures: np.ndarray
    classes: np.ndarray
    held_out: np.ndarray
    content: np.ndarray


def labelled() -> Labelled:
    found = [*_of_ndpi(), *_of_zeek()]
    seen: dict[str, set[str]] = defaultdict(set)
    for capture, name, _ in found:
        seen[name].add(capture)
    rare = {name for name, where in seen.items() if len(where) < LEAST_CAPTURES}
    known = [(c, OTHER if name in rare else name, flow) for c, name, flow in found if name != "unknown"]
    frame = pl.DataFrame(
        [_facts(flow) for _, _, flow in known],
        schema={
            "protocol": pl.String(), "source_port": pl.Int32(), "target_port": pl.Int32(), "service": pl.String(),
            "payload_out": pl.Int64(), "features": pl.List(pl.Float64()),
        },
        orient="row",
    )  # fmt: skip
    return Labelled(
        shape_matrix(frame),
        frame["protocol"].to_numpy(),
        np.array([capture for capture, _, _ in known]),
        np.array([name for _, name, _ in known]),
        np.array([held_out(Path(capture)) for capture, _, _ in known]),
        np.array([flow.service or "" for _, _, flow in known]),
    )


def _facts(flow: Flow) -> tuple[Any, ...]:
    assert flow.features is not None
    service = service_by_port(flow.ports[1], flow.ports[0])  # where the content says it, no forest is asked
    return flow.name, *flow.ports, service, flow.sides[0].payload_bytes, flow.features.tolist()


def _named(name: str) -> str:
    lower = name.lower()
    return _SAME.get(lower, lower)


def _of_ndpi() -> Iterator[tuple[str, str, Flow]]:
    for path in captures("ndpi"):
        there: dict[object, list[Flow]] = defaultdict(list)
        for flow in read(path, NDPI_TIMEOUTS).flows:
            ends = frozenset((flow.endpoint(n), side.packets, side.wire_bytes) for n, side in enumerate(flow.sides))
            there[ends].append(flow)
        for line in path.with_name(path.name + ".out").read_text(encoding="utf-8", errors="replace").splitlines():
            if (row := _FLOW.match(line)) is None:
                continue
            a, b = (endpoint(row[n], row[1] not in ("TCP", "UDP", "SCTP")) for n in (2, 3))
            ends = frozenset(((a, int(row[5]), int(row[6])), (b, int(row[7]), int(row[8]))))
            if there[ends]:
                yield path.name, _named(row[4].split(".")[0]), there[ends].pop(0)


def _of_zeek() -> Iterator[tuple[str, str, Flow]]:
    named: dict[str, dict[object, str]] = defaultdict(dict)
    for log in sorted((CAPTURES / "zeek").glob("*.log")):
        if (name := _LOG.match(log.name)) is not None:
            named[name[1]].update(_services(log, name[2]))
    for capture, services in named.items():
        path = CAPTURES / "zeek" / capture
        for flow in read(path, ZEEK_TIMEOUTS).flows if path.is_file() else ():
            if (service := services.get(conversation(flow)[1])) is not None:
                yield capture, _named(service), flow


def _services(log: Path, kind: str) -> Iterator[tuple[object, str]]:
    for row in zeek_rows(log):
        names = next((names for names in ZEEK_ENDS if names[0] in row), None)
        service = row.get("service", "-") if kind == "conn" else _OF_LOG.get(kind, "-")
        if names is not None and service != "-":
            a, p, b, q = (row[name] for name in names)
            yield frozenset(((str(ip_address(a)), int(p)), (str(ip_address(b)), int(q)))), service


def protocols() -> dict[str, Figure]:
    """Of few captures the folds decide much, so the mean over several divisions is told."""
    data = labelled()
    named = sorted(set(data.classes) - {OTHER})
    places = np.flatnonzero(data.classes != OTHER)
    forests, ports = [], []
    for parts in _divisions(data, places):
        forests.append(_score(data, parts, named))
        ports.append(_score(data, parts, named, columns=[0, 1]))
    kept = places[data.held_out[places]]
    rest = places[~data.held_out[places]]
    unseen = _predicted(data, rest, kept)
    there = sorted(set(data.classes[kept]) & set(data.classes[rest]))
    about = f"{len(named)} classes, {len(places)} flows of {len(set(data.captures[places]))} captures"
    return {
        "protocol_macro_f1": Figure(
            float(np.mean(forests)), 0.85, "higher", about, "ports alone", float(np.mean(ports))
        ),
        "protocol_macro_f1_held_out": Figure(
            _macro(data.classes[kept], unseen, there), None, "higher", f"{len(there)} classes, {len(kept)} flows"
        ),
    }


def _divisions(data: Labelled, places: np.ndarray) -> Iterator[list[tuple[np.ndarray, np.ndarray]]]:
    """Five parts of captures, DIVISIONS times."""
    from sklearn.model_selection import StratifiedGroupKFold

    for seed in range(DIVISIONS):
        order = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=seed)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a class of four captures is not in every fold
            yield list(order.split(places, data.classes[places], data.captures[places]))


def _score(
    data: Labelled, parts: list[tuple[np.ndarray, np.ndarray]], named: list[str], columns: list[int] | None = None
) -> float:
    places = np.flatnonzero(data.classes != OTHER)
    found = np.empty(len(places), object)
    for train, test in parts:
        found[test] = _predicted(data, places[train], places[test], columns)
    return _macro(data.classes[places], found, named)


def _macro(wanted: np.ndarray, found: np.ndarray, classes: list[str]) -> float:
    from sklearn.metrics import f1_score

    return float(f1_score(wanted, found.astype(str), labels=classes, average="macro", zero_division=0))


def _predicted(data: Labelled, train: np.ndarray, test: np.ndarray, columns: list[int] | None = None) -> np.ndarray:
    """What the content says; otherwise a forest for each transport, and the most frequent class of one not seen."""
    rows = data.rows if columns is None else data.rows[:, columns]
    found = np.full(len(test), Counter(data.classes[train]).most_common(1)[0][0], object)
    for transport in set(data.transports[train]):
        of, asked = train[data.transports[train] == transport], data.transports[test] == transport
        if asked.any():
            found[asked] = _grown(data, rows, of, TREES).predict(rows[test[asked]])
    if columns is not None:
        return found
    said = data.content[test]
    return np.where(np.isin(said, data.classes[train]), said, found)


def _grown(data: Labelled, rows: np.ndarray, chosen: np.ndarray, trees: int) -> Any:
    """Captures of a class weigh alike however many flows they have, and rare classes more than by their number."""
    from sklearn.ensemble import RandomForestClassifier

    classes, captured = data.classes[chosen], data.captures[chosen]
    pairs = Counter(zip(classes, captured, strict=True))
    per_class = Counter(name for name, _ in pairs)
    weights = [1 / pairs[pair] / per_class[pair[0]] ** 0.5 for pair in zip(classes, captured, strict=True)]
    forest = RandomForestClassifier(trees, random_state=0)
    return forest.fit(rows[chosen], classes, sample_weight=weights)


def write() -> None:
    """The shipped forests, of all captures."""
    data = labelled()
    classes = sorted(set(data.classes))
    kept: dict[str, np.ndarray] = {"classes": np.array(classes), "transports": np.array(sorted(set(data.transports)))}
    for transport in kept["transports"]:
        forest = _grown(data, data.rows, np.flatnonzero(data.transports == transport), SHIPPED_TREES)
        kept |= {f"{transport}_{name}": values for name, values in _arrays(forest, classes).items()}
    np.savez_compressed(MODEL, **kept)  # type: ignore[arg-type]
    print(f"{MODEL.name}: {MODEL.stat().st_size} bytes, {len(classes)} classes, {len(data.rows)} flows")


def _arrays(forest: Any, classes: list[str]) -> dict[str, np.ndarray]:
    """The trees of a forest one after the other, with only the nodes that can be reached."""
    parts: dict[str, list[np.ndarray]] = defaultdict(list)
    columns = [classes.index(name) for name in forest.classes_]
    begin = 0
    for grown in forest.estimators_:
        tree = grown.tree_
        is_leaf = tree.children_left < 0
        share = np.zeros((tree.node_count, len(classes)))
        share[:, columns] = tree.value[:, 0] / tree.value[:, 0].sum(axis=1, keepdims=True)
        share[~is_leaf] = 0
        parts["roots"].append(np.array([begin], np.int32))
        parts["feature"].append(np.where(is_leaf, -1, tree.feature).astype(np.int8))
        parts["threshold"].append(tree.threshold.astype(np.float32))
        parts["left"].append(np.where(is_leaf, -1, tree.children_left + begin).astype(np.int32))
        parts["right"].append(np.where(is_leaf, -1, tree.children_right + begin).astype(np.int32))
        parts["share"].append(share.astype(np.float16))
        begin += tree.node_count
    return {name: np.concatenate(arrays) for name, arrays in parts.items()}


if __name__ == "__main__":
    if "--write" in sys.argv:
        write()
    else:
        for name, figure in protocols().items():
            print(name, figure)
