-- Reports and the files attached to them. Producers insert these rows before they publish the message.
create extension if not exists vector;
create extension if not exists pg_trgm;

create table reports (
    id          uuid primary key default gen_random_uuid(),
    title       text,
    source      text not null default 'unknown',
    created_at  timestamptz not null default now()
);

create table signals (
    id          uuid primary key default gen_random_uuid(),
    report_id   uuid not null references reports (id) on delete cascade,
    name        text not null,
    object_key  text not null,
    size_bytes  bigint check (size_bytes >= 0),
    sha256      text check (sha256 ~ '^[0-9a-f]{64}$'),
    -- clock_timestamp: files of one transaction keep the order in which they were attached
    created_at  timestamptz not null default clock_timestamp(),
    unique (report_id, object_key)
);
