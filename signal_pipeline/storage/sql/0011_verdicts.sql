-- What people decided about signatures. Rows are never deleted: a removed one says who removed it, and when.
create table verdicts (
    id              bigint generated always as identity primary key,
    kind            text not null check (kind in ('same', 'not_same', 'not_a_bug', 'fixed')),
    -- no foreign key: a verdict outlasts a signature that no report has just now
    signature_hash  text not null,
    other_hash      text,
    fixed_in        text check (length(fixed_in) between 1 and 100),
    note            text check (length(note) <= 2000),
    created_by      text not null check (length(created_by) between 1 and 200),
    created_at      timestamptz not null default clock_timestamp(),
    removed_by      text check (length(removed_by) between 1 and 200),
    removed_at      timestamptz,
    check ((kind in ('same', 'not_same')) = (other_hash is not null)),
    check (signature_hash < other_hash collate "C"),
    check ((kind = 'fixed') = (fixed_in is not null)),
    check ((removed_by is null) = (removed_at is null))
);
create unique index verdicts_of_a_pair on verdicts (signature_hash, other_hash) where removed_at is null and other_hash is not null;
create unique index verdicts_of_one on verdicts (signature_hash) where removed_at is null and other_hash is null;
create index verdicts_other on verdicts (other_hash) where removed_at is null;
