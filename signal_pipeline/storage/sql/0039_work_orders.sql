-- How a request wants to be processed: in which queue, with which config of the steps, and after which other reports.
alter table intake
    add column kind    text not null default 'report' check (kind ~ '^[a-z][a-z0-9-]{0,30}$'),
    add column config  text;

-- No foreign key to the report that is waited for: what was deleted is found, and the request that waits is cancelled.
create table intake_dependencies (
    intake_id  uuid not null references intake (id) on delete cascade,
    report_id  uuid not null,
    primary key (intake_id, report_id)
);
create index intake_dependencies_on on intake_dependencies (report_id);
