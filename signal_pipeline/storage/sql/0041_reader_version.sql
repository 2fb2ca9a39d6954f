-- Which version of the readers a file's outcome is from; null before this was recorded. A later version may read the file otherwise.
alter table signal_outcomes add column reader_version text;
create index signal_outcomes_by_version on signal_outcomes (reader_version, report_id);
