"""What is kept of a report's texts beyond its own rows: vectors of them, and names of problems in the catalog.

What belongs here: letting go of those that only one report gave, before its rows go.
"""

from __future__ import annotations

from uuid import UUID

import psycopg

_ONLY_HERE = """
    select s.signature_hash, s.model_version, s.text_hash from error_signatures s
    where exists (select from signature_occurrences o
            where o.signature_hash = s.signature_hash and o.report_id = %(report)s)
        and not exists (select from signature_occurrences o
            where o.signature_hash = s.signature_hash and o.report_id <> %(report)s)
"""


def forget_texts(connection: psycopg.Connection, report_id: UUID) -> None:
    """Delete vectors of texts that no other report has, and the words of problems that consist of such signatures.

    The problems keep their ids and members, which are hashes: a signature that comes back is recognised, and its
    problem gets its words again (`problems_without_words` in catalog.py).
    """
    connection.execute(
        f"""
        with going as ({_ONLY_HERE})
        delete from embedding_store store using going
        where store.model_version = going.model_version and store.text_hash = going.text_hash
            and not exists (select from error_signatures s
                where s.model_version = store.model_version and s.text_hash = store.text_hash
                    and s.signature_hash not in (select signature_hash from going))
        """.encode(),
        {"report": report_id},
    )
    connection.execute(
        f"""
        with going as ({_ONLY_HERE})
        update catalog_problems p set title = '', label = ''
        where p.id in (select m.problem_id from catalog_members m join going using (signature_hash))
            and not exists (select from catalog_members m join error_signatures s using (signature_hash)
                where m.problem_id = p.id and m.signature_hash not in (select signature_hash from going))
        """.encode(),
        {"report": report_id},
    )
