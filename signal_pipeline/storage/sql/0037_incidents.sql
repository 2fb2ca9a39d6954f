-- What went wrong in a report, once per time: a root and what follows from it. Problems are made of these and the report's
-- current clustering whenever they are read, so they follow re-clustering and verdicts.
create table incidents (
    report_id       uuid not null references reports (id) on delete cascade,
    number          integer not null check (number > 0),
    root_signature  text not null,
    started_at      timestamptz,
    record          jsonb not null,
    primary key (report_id, number)
);
create index incidents_by_root on incidents (root_signature);

-- Which signature followed from which, per report: what is known of causes where only a symptom was seen.
create table incident_symptoms (
    report_id          uuid not null references reports (id) on delete cascade,
    root_signature     text not null,
    symptom_signature  text not null,
    incidents          integer not null check (incidents > 0),
    primary key (report_id, root_signature, symptom_signature)
);
create index incident_symptoms_by_symptom on incident_symptoms (symptom_signature);
