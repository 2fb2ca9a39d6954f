-- Business events of all sources, once each, and what the rules over them found.
create table business_events (
    source      text not null,
    event_id    text not null,
    type        text not null,
    -- when it happened; rules look only at events that say so
    at          timestamptz,
    fields      jsonb not null,
    report_id   uuid references reports (id) on delete cascade,
    received_at timestamptz not null default now(),
    number      bigint generated always as identity,
    primary key (source, event_id)
);
create index business_events_by_day on business_events (at, source);
create index business_events_by_number on business_events (number);
create index business_events_of_report on business_events (report_id) where report_id is not null;

-- Each event as each rule sees it, in the order in which rules look at them. `at` and `due` are microseconds since 1970.
create table event_occurrences (
    rule     text not null,
    key      text not null,
    at       bigint not null,
    source   text not null,
    event_id text not null,
    type     text not null,
    value    bigint not null,
    mark     text not null,
    -- from when on it is to be judged without another event; null once it was
    due      bigint,
    primary key (rule, key, at, source, event_id),
    foreign key (source, event_id) references business_events on delete cascade
);
create index event_occurrences_of_event on event_occurrences (source, event_id);
create index event_occurrences_due on event_occurrences (due) where due is not null;

-- What holds now: signals of rules, and violations of schemas (rule 'schema', whose key is the subject).
create table business_signals (
    rule       text not null,
    key        text not null,
    source     text not null,
    event_id   text not null,
    kind       text not null,
    type       text not null,
    at         timestamptz not null,
    subject    text not null,
    severity   text not null check (severity in ('critical', 'high', 'medium', 'low')),
    created_at timestamptz not null default now(),
    primary key (rule, key, source, event_id),
    foreign key (source, event_id) references business_events on delete cascade
);
create index business_signals_of_event on business_signals (source, event_id);
create index business_signals_newest on business_signals (at desc, rule);

-- How many events came, by what became of them: counted in the transaction that recorded them.
create table event_outcomes (
    outcome text primary key check (outcome in ('accepted', 'duplicate', 'violation', 'rejected')),
    count   bigint not null default 0
);
insert into event_outcomes (outcome) values ('accepted'), ('duplicate'), ('violation'), ('rejected');
