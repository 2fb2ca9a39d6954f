-- Signatures (one row per identity, across reports), their occurrences, and what became of each file.
create table signal_outcomes (
    report_id         uuid not null references reports (id) on delete cascade,
    signal_id         uuid not null references signals (id) on delete cascade,
    status            text not null check (status in ('ok', 'partial', 'failed')),
    kind              text not null,
    format            text,
    runner_up         text,
    share_understood  real not null,
    entries           bigint not null,
    lines             bigint not null,
    reasons           text[] not null,
    redactions        jsonb not null,
    duplicate_of      uuid,
    processed_at      timestamptz not null default now(),
    primary key (report_id, signal_id)
);

create table error_signatures (
    id              uuid primary key,
    -- where first seen; no cascade: other reports may share the signature, so it is moved on or dropped first
    report_id       uuid not null references reports (id),
    signature_hash  text not null unique,
    error_type      text not null,
    message         text not null,
    details         text,
    stack_trace     text,
    key_components  jsonb not null,
    severity        text not null check (severity in ('critical', 'high', 'medium', 'low')),
    frequency       bigint not null default 0,
    embedding       vector(384) not null,
    created_at      timestamptz not null default now(),
    updated_at      timestamptz not null default now()
-- Half-full pages keep frequency updates on their page (HOT), so they do not enter the vector into the index anew.
) with (fillfactor = 50);
create index error_signatures_embedding on error_signatures using hnsw (embedding vector_cosine_ops);
create index error_signatures_report on error_signatures (report_id);

create table signature_occurrences (
    report_id       uuid not null references reports (id) on delete cascade,
    signature_hash  text not null,
    signal_id       uuid not null references signals (id) on delete cascade,
    count           bigint not null check (count > 0),
    severity        text not null,
    first_seen      timestamptz,
    last_seen       timestamptz,
    evidence        jsonb not null,
    primary key (report_id, signature_hash, signal_id)
);
create index signature_occurrences_of on signature_occurrences (signature_hash, report_id);
