-- What the catalog shows of each problem. Times are those of reports and of signals of events; where an entry has no date,
-- the report's stands for it.
create or replace view known_problems as
select p.id, p.title, p.label, p.error_type, p.size as signatures, p.radius, p.medoid_hash, p.created_at,
    seen.reports, seen.frequency, least(seen.first_seen, live.first_at) as first_seen,
    greatest(seen.last_seen, live.last_at) as last_seen, live.signals
from catalog_problems p
left join lateral (
    select count(distinct o.report_id) as reports, sum(o.count)::bigint as frequency,
        min(coalesce(o.first_seen, r.created_at)) as first_seen, max(coalesce(o.last_seen, r.created_at)) as last_seen
    from catalog_members m join signature_occurrences o using (signature_hash) join reports r on r.id = o.report_id
    where m.problem_id = p.id
) seen on true
left join lateral (
    select count(*) as signals, min(b.at) as first_at, max(b.at) as last_at
    from catalog_members m join signal_subjects k using (signature_hash) join business_signals b using (kind, subject)
    where m.problem_id = p.id
) live on true
where p.merged_into is null and p.size > 0;
