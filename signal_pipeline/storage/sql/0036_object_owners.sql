-- Whose an object is: what we uploaded is deleted with the last report that refers to it, what a producer only referred to
-- is never ours to delete. Producers that insert rows by themselves say nothing, and so keep what is theirs.
alter table signals add column is_ours boolean not null default false;
update signals set is_ours = true where object_key like 'reports/' || report_id || '/%';
create index signals_by_object on signals (object_key);

-- Which objects go is decided when the rows go; what was noted before that named every object of the report.
update report_deletions d set object_keys = '{}'
where erased_at is null and exists (select from reports where id = d.report_id);
