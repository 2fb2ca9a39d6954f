-- What the catalog shows of each problem.
create or replace view known_problems as
select p.id, p.title, p.label, p.error_type, p.size as signatures, p.radius, p.medoid_hash, p.created_at,
    seen.reports, seen.frequency, seen.first_seen, seen.last_seen
from catalog_problems p
left join lateral (
    select count(distinct o.report_id) as reports, sum(o.count)::bigint as frequency, min(o.first_seen) as first_seen,
        max(o.last_seen) as last_seen
    from catalog_members m join signature_occurrences o using (signature_hash) where m.problem_id = p.id
) seen on true
where p.merged_into is null and p.size > 0;
