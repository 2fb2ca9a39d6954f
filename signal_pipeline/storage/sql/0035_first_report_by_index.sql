-- Which report had a signature first is read for each problem that is shown: from the index, not from the rows with
-- their vectors, of which one or two fill a page.
alter table error_signatures drop constraint error_signatures_signature_hash_key;
alter table error_signatures add constraint error_signatures_signature_hash_key
    unique (signature_hash) include (report_id);
