-- The problems of a report as it is grouped now. Read by indexes: a report costs what it has, whatever else there is.
create or replace view report_problems as
select c.report_id, c.id as clustering_id, k.label, k.label < 0 as is_single, k.name as title,
    array_to_string(k.terms, ' · ') as label_terms, k.error_type, k.severity, k.size as signatures, k.frequency,
    k.first_seen, k.last_seen, k.medoid_hash,
    own.problem_id, own.problems,
    seen.first_report_id is not null and seen.first_report_id <> c.report_id
        or live.known_since is not null as is_known,
    coalesce(counted.reports, 1) as reports, seen.first_report_id, seen.first_reported_at,
    counted.first_seen as first_seen_anywhere, counted.last_seen as last_seen_anywhere,
    k.nearest, decided.verdict, decided.fixed_in, decided.verdict_at, live.known_since as signal_since
from clusterings c
join clusters k on k.clustering_id = c.id
-- the problems of its members, the medoid's first
cross join lateral (
    select (array_agg(m.problem_id order by m.signature_hash = k.medoid_hash desc, m.problem_id))[1] as problem_id,
        array_agg(distinct m.problem_id) as problems
    from (
        select x.signature_hash from cluster_members x
        where k.label >= 0 and x.clustering_id = c.id and x.label = k.label
        union all select k.medoid_hash where k.label < 0
    ) x join catalog_members m using (signature_hash)
) own
-- the report that was made first of all that have it. Ordered by a row, which no index has: with two columns the planner
-- walks all reports by time until one fits, which for a new problem is nearly all of them
left join lateral (
    select r.id as first_report_id, r.created_at as first_reported_at
    from catalog_members m join error_signatures e using (signature_hash) join reports r on r.id = e.report_id
    where m.problem_id = any(own.problems) order by row(r.created_at, r.id) limit 1
) seen on true
left join lateral (
    select count(distinct o.report_id) as reports, min(o.first_seen) as first_seen, max(o.last_seen) as last_seen
    from catalog_members m join signature_occurrences o using (signature_hash) where m.problem_id = any(own.problems)
) counted on true
left join lateral (
    select v.kind as verdict, v.fixed_in, v.created_at as verdict_at
    from verdicts v join catalog_members m using (signature_hash)
    where v.removed_at is null and v.other_hash is null and m.problem_id = any(own.problems)
    order by v.created_at desc limit 1
) decided on true
-- the first signal of events that says it, where there was one before it was in this report
left join lateral (
    select min(earliest.at) as known_since
    from catalog_members m join signal_subjects s using (signature_hash)
    -- the first of each, by its index: there may be a million of them
    cross join lateral (
        select b.at from business_signals b
        where b.kind = s.kind and b.subject = s.subject and b.at < k.first_seen
          and not exists (select from business_events e where (e.source, e.event_id) = (b.source, b.event_id)
            and e.report_id = c.report_id)
        order by b.at limit 1
    ) earliest
    where m.problem_id = any(own.problems)
) live on true
where c.is_current;
