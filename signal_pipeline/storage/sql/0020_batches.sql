-- A backlog is worked in batches: many requests share a run. What failed before travels in smaller company.
alter table intake
    add column batch_id  uuid,
    add column failures  integer not null default 0 check (failures >= 0),
    add column alone     boolean not null default false,
    add column priority  smallint not null default 0;
drop index intake_due;
create index intake_due on intake (priority desc, due_at, created_at) where state = 'PENDING';
create index intake_batch on intake (batch_id) where state = 'RUNNING';
create index intake_of_report on intake (report_id, state);

-- Who works on a report now, whoever started the run: no two runs ever do.
create table report_claims (
    report_id   uuid primary key references reports (id) on delete cascade,
    run_id      text not null,
    held_until  timestamptz not null,
    -- set when this run gave the report up, so that its later steps leave it alone
    failed      text
);
create index report_claims_of on report_claims (run_id);
