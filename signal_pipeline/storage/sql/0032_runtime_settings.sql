-- Settings that are changed while everything runs, and who changed what and when.
create table runtime_settings (
    name        text primary key,
    value       jsonb not null,
    changed_by  text not null,
    changed_at  timestamptz not null default now()
);

create table runtime_settings_history (
    id          bigint generated always as identity primary key,
    name        text not null,
    -- null: as the environment says
    old_value   jsonb,
    new_value   jsonb,
    changed_by  text not null,
    changed_at  timestamptz not null default now()
);
create index runtime_settings_history_of on runtime_settings_history (name, id desc);
