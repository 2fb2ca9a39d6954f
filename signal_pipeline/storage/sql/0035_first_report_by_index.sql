-- Which report had a signature first is read for each problem that is shown: from an index, not from the rows with their
-- vectors, of which one or two fill a page. Beside the unique constraint and not in its place: Postgres enters a row into
-- indexes in the order in which they were made, and `on conflict` must see another's row before the slow one over vectors.
create index error_signatures_first on error_signatures (signature_hash) include (report_id);
