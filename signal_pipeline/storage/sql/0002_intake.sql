-- The record of truth of what was asked for and what became of it. The broker is transport only.
create table intake (
    id              uuid primary key default gen_random_uuid(),
    report_id       uuid not null references reports (id) on delete cascade,
    content_digest  text not null,
    state           text not null default 'PENDING'
                    check (state in ('PENDING', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED', 'DEAD')),
    attempt         integer not null default 0 check (attempt >= 0),
    due_at          timestamptz not null default now(),
    lease_until     timestamptz,
    progress        smallint not null default 0 check (progress between 0 and 100),
    reason          text,
    last_error      text,
    dagster_run_id  text,
    created_at      timestamptz not null default now(),
    updated_at      timestamptz not null default now(),
    started_at      timestamptz,
    finished_at     timestamptz,
    unique (report_id, content_digest)
);
create index intake_due on intake (due_at) where state = 'PENDING';
create index intake_leased on intake (lease_until) where state = 'RUNNING';

create table intake_history (
    id          bigint generated always as identity primary key,
    intake_id   uuid not null references intake (id) on delete cascade,
    attempt     integer not null,
    from_state  text,
    to_state    text not null,
    reason      text,
    at          timestamptz not null default now()
);
create index intake_history_of on intake_history (intake_id, id);

create table intake_transitions (
    from_state  text not null,
    to_state    text not null,
    primary key (from_state, to_state)
);
insert into intake_transitions values
    ('PENDING', 'RUNNING'), ('PENDING', 'CANCELLED'),
    ('RUNNING', 'COMPLETED'), ('RUNNING', 'FAILED'), ('RUNNING', 'CANCELLED'), ('RUNNING', 'PENDING'),
    ('FAILED', 'PENDING'), ('FAILED', 'DEAD'), ('FAILED', 'CANCELLED'),
    -- an explicit re-run or a replay opens a finished request again
    ('COMPLETED', 'PENDING'), ('DEAD', 'PENDING'), ('CANCELLED', 'PENDING'),
    ('FAILED', 'RUNNING'), ('DEAD', 'RUNNING'), ('CANCELLED', 'RUNNING');

create function intake_guard() returns trigger language plpgsql as $$
begin
    new.updated_at := now();
    if new.state is distinct from old.state and not exists (
        select from intake_transitions t where t.from_state = old.state and t.to_state = new.state
    ) then
        raise exception 'illegal transition of intake % from % to %', old.id, old.state, new.state
            using errcode = 'check_violation';
    end if;
    return new;
end $$;
create trigger intake_guard before update on intake for each row execute function intake_guard();

create function intake_record() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        insert into intake_history (intake_id, attempt, to_state, reason)
        values (new.id, new.attempt, new.state, new.reason);
    elsif new.state is distinct from old.state then
        insert into intake_history (intake_id, attempt, from_state, to_state, reason)
        values (new.id, new.attempt, old.state, new.state, new.reason);
    end if;
    return null;
end $$;
create trigger intake_record after insert or update on intake for each row execute function intake_record();
