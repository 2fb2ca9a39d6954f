-- What people see of a clustering: names, the problem across reports that a cluster is, and what is known near it.
-- A signature that its algorithm left alone (noise) has a row too, with a negative label: a cluster of one.
alter table clusterings
    -- why it was not published; null when it was, or simply is not current any more
    add column held_reason text,
    add column quality     jsonb not null default '{}';

alter table clusters
    add column name             text not null default '',
    add column terms            text[] not null default '{}',
    add column radius           real not null default 0,
    -- up to three known problems of other reports near the medoid: [{problem_id, signature_hash, distance}]
    add column nearest          jsonb not null default '[]';

-- Clusterings from before this step: their singles, and names for all.
update clusters set name = left(title, 120);
insert into clusters (clustering_id, label, medoid_hash, title, error_type, severity, size, frequency, first_seen,
    last_seen, name)
select m.clustering_id, -row_number() over (partition by m.clustering_id order by m.frequency desc, m.signature_hash),
    m.signature_hash, e.key_components ->> 'template', e.error_type, e.severity, 1, m.frequency, o.first_seen,
    o.last_seen, left(e.key_components ->> 'template', 120)
from cluster_members m
join clusterings c on c.id = m.clustering_id
join error_signatures e using (signature_hash)
cross join lateral (
    select min(first_seen) as first_seen, max(last_seen) as last_seen from signature_occurrences o
    where o.report_id = c.report_id and o.signature_hash = m.signature_hash
) o
where m.label = -1;

-- For readers: one row per problem of a report, as its current clustering has it, with what the catalog knows of it.
create view report_problems as
select c.report_id, c.id as clustering_id, k.label, k.label < 0 as is_single, k.name as title,
    array_to_string(k.terms, ' · ') as label_terms, k.error_type, k.severity, k.size as signatures, k.frequency,
    k.first_seen, k.last_seen, k.medoid_hash,
    own.problem_id, own.problems,
    seen.first_report_id is not null and seen.first_report_id <> c.report_id as is_known,
    coalesce(counted.reports, 1) as reports, seen.first_report_id, seen.first_reported_at,
    counted.first_seen as first_seen_anywhere, counted.last_seen as last_seen_anywhere,
    k.nearest, decided.verdict, decided.fixed_in, decided.verdict_at
from clusterings c
join clusters k on k.clustering_id = c.id
-- the problems of its members, the medoid's first
cross join lateral (
    select (array_agg(m.problem_id order by m.signature_hash = k.medoid_hash desc, m.problem_id))[1] as problem_id,
        array_agg(distinct m.problem_id) as problems
    from cluster_members x join catalog_members m using (signature_hash)
    where x.clustering_id = c.id
      and case when k.label >= 0 then x.label = k.label else x.signature_hash = k.medoid_hash end
) own
-- the report that was made first of all that have it
left join lateral (
    select r.id as first_report_id, r.created_at as first_reported_at
    from catalog_members m join error_signatures e using (signature_hash) join reports r on r.id = e.report_id
    where m.problem_id = any(own.problems) order by r.created_at, r.id limit 1
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
where c.is_current;

-- Catalog problems that stand, for readers; counts are as of now.
create view known_problems as
select p.id, p.title, p.label, p.error_type, p.size as signatures, p.radius, p.medoid_hash, p.created_at,
    seen.reports, seen.frequency, seen.first_seen, seen.last_seen
from catalog_problems p
left join lateral (
    select count(distinct o.report_id) as reports, sum(o.count)::bigint as frequency, min(o.first_seen) as first_seen,
        max(o.last_seen) as last_seen
    from catalog_members m join signature_occurrences o using (signature_hash) where m.problem_id = p.id
) seen on true
where p.merged_into is null and p.size > 0;

-- How settings did on the golden set with a model's vectors: key is a hash of all three.
create table golden_scores (
    key      bytea primary key,
    joined   integer not null,
    "right"  integer not null,
    due      integer not null
);
