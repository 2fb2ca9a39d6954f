-- What the captures of a report show: windows of time and alerts. Flows are in the report's Parquet files.
create table traffic_windows (
    report_id      uuid not null references reports (id) on delete cascade,
    started_at     timestamptz not null,
    seconds        integer not null check (seconds > 0),
    -- by the names of traffic.columns.MEASURES
    measures       jsonb not null,
    isolation      double precision,
    compared_with  integer not null,
    differs        text,
    primary key (report_id, started_at)
);

create table traffic_alerts (
    report_id  uuid not null references reports (id) on delete cascade,
    number     integer not null check (number > 0),
    rule       text not null,
    severity   text not null check (severity in ('critical', 'high', 'medium', 'low')),
    sentence   text not null,
    source     text,
    target     text,
    count      bigint not null,
    first_at   timestamptz,
    last_at    timestamptz,
    -- flows by signal_id, member and number
    flows      jsonb not null,
    primary key (report_id, number)
);
create index traffic_alerts_by_rule on traffic_alerts (rule);

-- Reports whose alerts were made; those of others are made when they are asked for.
create table traffic_reports (
    report_id       uuid primary key references reports (id) on delete cascade,
    window_seconds  integer not null,
    made_at         timestamptz not null default now()
);
