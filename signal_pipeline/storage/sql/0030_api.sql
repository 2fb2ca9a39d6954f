-- What the API needs beyond the tables it shows: answers to repeated submissions, and lists in order of time.
create table idempotency_keys (
    -- hash of who asked and the key that was given; the key itself is not kept
    key_hash        text primary key,
    content_digest  text not null,
    report_id       uuid not null references reports (id) on delete cascade,
    created_at      timestamptz not null default now()
);
create index idempotency_keys_age on idempotency_keys (created_at);

create index reports_by_time on reports (created_at desc, id desc);
create index intake_by_report on intake (report_id, created_at desc);
create index intake_by_state on intake (state, created_at desc);
create index dead_letters_by_time on dead_letters (created_at desc, id desc);
