-- What a report's page calls its problem; empty for reports whose problems were last made before this was recorded.
alter table report_causes add column if not exists title text not null default '';
