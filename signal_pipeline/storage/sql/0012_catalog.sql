-- Problems across reports. An id belongs to its founding signature for ever: it leads to whatever problem holds that
-- signature now, so a merged id redirects and one that is parted again comes back.
create table catalog_problems (
    id            uuid primary key,
    founder_hash  text not null unique,
    -- the problem that it is part of; always one that is not merged itself
    merged_into   uuid references catalog_problems (id),
    medoid_hash   text not null,
    title         text not null,
    label         text not null,
    error_type    text not null,
    size          integer not null check (size >= 0),
    radius        real not null,
    created_at    timestamptz not null default now(),
    -- not now(): a writer may have waited for the catalog's lock since its transaction began
    updated_at    timestamptz not null default clock_timestamp(),
    check (merged_into <> id)
);
create index catalog_problems_merged on catalog_problems (merged_into) where merged_into is not null;
create index catalog_problems_changed on catalog_problems (updated_at, id);

create table catalog_members (
    -- no foreign key: a signature that no report has just now keeps its place
    signature_hash      text primary key,
    -- what similarity alone joined; verdicts join several of these to one problem
    core_id             uuid not null references catalog_problems (id),
    problem_id          uuid not null references catalog_problems (id),
    distance_to_medoid  real not null,
    joined_at           timestamptz not null default now()
);
create index catalog_members_core on catalog_members (core_id, signature_hash);
create index catalog_members_problem on catalog_members (problem_id, signature_hash);

-- What became of ids: never updated, never deleted.
create table catalog_events (
    id          bigint generated always as identity primary key,
    at          timestamptz not null default clock_timestamp(),
    kind        text not null check (kind in ('merged', 'parted')),
    problem_id  uuid not null references catalog_problems (id),
    -- merged: the problem that it became part of; parted: the one that it came from
    other_id    uuid not null references catalog_problems (id),
    reason      text not null
);
create index catalog_events_of on catalog_events (problem_id, id);

-- One row per materialization of signature_catalog: what the next one is compared with.
create table catalog_runs (
    id              bigint generated always as identity primary key,
    at              timestamptz not null default now(),
    dagster_run_id  text,
    settings        jsonb not null,
    versions        jsonb not null,
    counts          jsonb not null,
    quality         jsonb not null,
    published       boolean not null,
    -- the last problem that was compared with its neighbours; the next run goes on behind it
    checked_at      timestamptz,
    checked_id      uuid
);
