-- Reports that are deleted for good. The row outlives the report: it is what is left to be done, and then the proof.
create table report_deletions (
    report_id     uuid primary key,
    reason        text not null check (reason in ('asked', 'age')),
    -- noted before the rows go, so that an interrupted deletion still knows them
    object_keys   text[] not null,
    requested_at  timestamptz not null default now(),
    -- rows, frames and objects are gone
    erased_at     timestamptz,
    -- partition, events and runs in Dagster are gone as well
    finished_at   timestamptz,
    removed       jsonb not null default '{}'
);
create index report_deletions_open on report_deletions (requested_at) where finished_at is null;
