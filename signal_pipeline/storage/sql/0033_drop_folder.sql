-- What was taken from a drop folder, by content: the same content is not taken twice, whatever it is called.
create table drop_folder_taken (
    content_digest  text primary key,
    report_id       uuid not null references reports (id) on delete cascade,
    taken_at        timestamptz not null default now()
);
