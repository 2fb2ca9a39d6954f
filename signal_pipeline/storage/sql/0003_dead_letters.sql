-- What could not be worked: messages that mean nothing, and reports whose last attempt failed.
create table dead_letters (
    id               uuid primary key default gen_random_uuid(),
    kind             text not null check (kind in ('message', 'report')),
    -- one row per cause: a redelivered message and a second tick find the row that is there
    dedup_key        text not null unique,
    reason           text not null,
    detail           text,
    report_id        uuid references reports (id) on delete cascade,
    intake_id        uuid references intake (id) on delete cascade,
    payload          bytea,
    payload_sha256   text,
    payload_bytes    bigint,
    payload_redacted boolean not null default false,
    stream_sequence  bigint,
    created_at       timestamptz not null default now(),
    announced_at     timestamptz,
    replayed_at      timestamptz
);
create index dead_letters_open on dead_letters (created_at) where replayed_at is null;
create index dead_letters_unannounced on dead_letters (created_at) where announced_at is null;
