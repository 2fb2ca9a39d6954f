-- Every clustering is kept with its settings and versions; one per report is current.
create table clusterings (
    id              uuid primary key,
    report_id       uuid not null references reports (id) on delete cascade,
    is_current      boolean not null,
    algorithm       text not null,
    settings        jsonb not null,
    versions        jsonb not null,
    signatures      integer not null,
    clusters        integer not null,
    noise           integer not null,
    dagster_run_id  text,
    created_at      timestamptz not null default now()
);
create unique index clusterings_current on clusterings (report_id) where is_current;
create index clusterings_of on clusterings (report_id, created_at);

create table clusters (
    clustering_id  uuid not null references clusterings (id) on delete cascade,
    label          integer not null,
    medoid_hash    text not null,
    title          text not null,
    error_type     text not null,
    severity       text not null,
    size           integer not null,
    frequency      bigint not null,
    first_seen     timestamptz,
    last_seen      timestamptz,
    primary key (clustering_id, label)
);

create table cluster_members (
    clustering_id           uuid not null references clusterings (id) on delete cascade,
    signature_hash          text not null,
    label                   integer not null,
    is_medoid               boolean not null,
    distance_to_medoid      real not null,
    nearest_other_hash      text,
    nearest_other_distance  real,
    frequency               bigint not null,
    primary key (clustering_id, signature_hash)
);
create index cluster_members_of on cluster_members (signature_hash);
