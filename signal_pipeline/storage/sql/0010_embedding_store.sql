-- Vectors by model and text: a text is embedded once in its life, whichever reports and signatures hold it.
create table embedding_store (
    model_version  text not null,
    -- SHA-256 of the very text that was embedded; the text itself is not needed here
    text_hash      bytea not null check (octet_length(text_hash) = 32),
    -- pgvector itself refuses other sizes, NaN and infinity
    vector         vector(384) not null check (vector_norm(vector) between 0.998 and 1.002),
    created_at     timestamptz not null default now(),
    primary key (model_version, text_hash)
);

alter table error_signatures
    add column model_version text,
    add column text_hash     bytea;
update error_signatures set
    model_version = key_components ->> 'model_version',
    text_hash = sha256(convert_to(key_components ->> 'text', 'UTF8'));
insert into embedding_store (model_version, text_hash, vector)
    select distinct on (model_version, text_hash) model_version, text_hash, embedding from error_signatures
    where model_version is not null and text_hash is not null order by model_version, text_hash, updated_at desc;

-- Sums and counts per signature read the index alone.
create index signature_occurrences_counts on signature_occurrences (signature_hash, report_id)
    include (count, severity, first_seen, last_seen);
drop index signature_occurrences_of;
