-- What metrics are counted from. Totals never go back: what a deleted report had counted is kept as a base.
create table metric_bases (
    name   text not null,
    label  text not null,
    value  double precision not null,
    primary key (name, label)
);

-- Times of the steps of a run, one row per report and step, the newest.
create table stage_times (
    report_id  uuid not null references reports (id) on delete cascade,
    stage      text not null,
    seconds    double precision not null check (seconds >= 0),
    at         timestamptz not null default now(),
    primary key (report_id, stage)
);
create index stage_times_by_time on stage_times (at desc);

-- Things that happen in processes which nobody can ask: models loaded, caches hit.
create table event_counts (
    name   text primary key,
    value  bigint not null default 0
);

create function add_metric(a_name text, a_label text, a_value double precision) returns void language sql as $$
    insert into metric_bases (name, label, value) values (a_name, a_label, a_value)
    on conflict (name, label) do update set value = metric_bases.value + excluded.value
$$;

create function intake_keep_totals() returns trigger language plpgsql as $$
begin
    perform add_metric('jobs', h.to_state, count(*)) from intake_history h
    where h.intake_id = old.id and h.to_state in ('COMPLETED', 'FAILED', 'DEAD', 'CANCELLED') group by h.to_state;
    if old.state = 'COMPLETED' and old.started_at is not null then
        perform add_metric('job_seconds', 'sum', extract(epoch from old.finished_at - old.started_at));
        perform add_metric('job_seconds', bound::text, 1)
        from unnest(array[0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800]) bound
        where extract(epoch from old.finished_at - old.started_at) <= bound;
        perform add_metric('job_seconds', 'count', 1);
    end if;
    return old;
end $$;
create trigger intake_keep_totals before delete on intake for each row execute function intake_keep_totals();

create index intake_history_by_state on intake_history (to_state, at desc);
create index intake_finished on intake (finished_at desc) where finished_at is not null;
