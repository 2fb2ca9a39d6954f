"""What each report contributed to the tables, with everything masked that may differ between two runs: ids and times.

Two runs over the same files must contribute the same, whatever happened meanwhile. What does not belong here: judging.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

import psycopg

# Each row is (report's title, rows in a fixed order). Files are told by their names: their ids differ in each run.
_PARTS = {
    "requests": """
        select r.title, jsonb_agg(jsonb_build_array(i.state, i.reason, i.progress) order by i.created_at, i.id)
        from intake i join reports r on r.id = i.report_id where r.source = any(%s) group by 1""",
    "files": """
        select r.title, jsonb_agg(jsonb_build_array(s.name, o.status, o.kind, o.format, o.share_understood, o.entries,
            o.lines, o.reasons, o.redactions, d.name) order by s.name, s.created_at)
        from signal_outcomes o join signals s on s.id = o.signal_id join reports r on r.id = o.report_id
        left join signals d on d.id = o.duplicate_of where r.source = any(%s) group by 1""",
    "occurrences": """
        select r.title, jsonb_agg(jsonb_build_array(o.signature_hash, s.name, o.count, o.severity, o.first_seen,
            o.last_seen, o.evidence) order by o.signature_hash, s.name)
        from signature_occurrences o join signals s on s.id = o.signal_id join reports r on r.id = o.report_id
        where r.source = any(%s) group by 1""",
    "signatures": """
        select r.title, jsonb_agg(distinct jsonb_build_array(e.signature_hash, e.error_type, e.key_components,
            md5(e.embedding::text)))
        from error_signatures e join signature_occurrences o using (signature_hash) join reports r on r.id = o.report_id
        where r.source = any(%s) group by 1""",
    "clusterings": """
        select r.title, jsonb_agg(jsonb_build_array(c.is_current, c.algorithm, c.settings, c.versions, c.signatures,
            c.clusters, c.noise) order by c.created_at)
        from clusterings c join reports r on r.id = c.report_id where r.source = any(%s) group by 1""",
    "members": """
        select r.title, jsonb_agg(jsonb_build_array(m.signature_hash, m.label, m.is_medoid, m.distance_to_medoid,
            m.nearest_other_hash, m.nearest_other_distance, m.frequency) order by m.signature_hash)
        from cluster_members m join clusterings c on c.id = m.clustering_id join reports r on r.id = c.report_id
        where c.is_current and r.source = any(%s) group by 1""",
}


def contributions(connection: psycopg.Connection, sources: Sequence[str]) -> dict[str, dict[str, Any]]:
    """By the report's title: what it has of each part. Reports of these sources only; titles are unique in them."""
    found: dict[str, dict[str, Any]] = {
        row[0]: dict.fromkeys(_PARTS)
        for row in connection.execute("select title from reports where source = any(%s)", (list(sources),))
    }
    for part, query in _PARTS.items():
        for title, rows in connection.execute(query.encode(), (list(sources),)):
            found[title][part] = rows
    return found


def digests(found: dict[str, dict[str, Any]]) -> dict[str, dict[str, str]]:
    """The same, each part as a hash: ten thousand reports fit into a few megabytes."""
    return {title: {part: _digest(rows) for part, rows in parts.items()} for title, parts in found.items()}


def _digest(rows: Any) -> str:
    return hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()[:16]
