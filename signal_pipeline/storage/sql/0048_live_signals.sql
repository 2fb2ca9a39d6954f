-- Signals of events that were sent alone are errors like those of reports: in the catalog and in search.
-- null: no report has the signature now, only signals of events have it
alter table error_signatures alter column report_id drop not null;

-- What signals say, once each, and the signature that this is.
create table signal_subjects (
    kind           text not null,
    subject        text not null,
    severity       text not null check (severity in ('critical', 'high', 'medium', 'low')),
    signature_hash text,
    -- of the rules and the model by which it was placed; null until it was
    version        text,
    -- when a run was asked for that places it
    asked_at       timestamptz,
    created_at     timestamptz not null default now(),
    primary key (kind, subject)
);
create index signal_subjects_of on signal_subjects (signature_hash) where signature_hash is not null;
create index signal_subjects_by_version on signal_subjects (version);
create index signal_subjects_asked on signal_subjects (asked_at) where asked_at is not null;
create index business_signals_by_subject on business_signals (kind, subject, at);
insert into signal_subjects (kind, subject, severity)
    select distinct on (kind, subject) kind, subject, severity from business_signals
    order by kind, subject, array_position(array['critical', 'high', 'medium', 'low'], severity);

-- By which form of each rule the stored events were judged. `behind`: those up to this number were judged again by a
-- changed rule, and the others wait; null once all were.
create table event_rule_states (
    rule   text primary key,
    digest text not null,
    behind bigint
);
