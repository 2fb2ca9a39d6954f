-- What pages of reports call a problem of the catalog, the most frequent of several; else the text of its errors.
create or replace view problem_titles as
select p.id as problem_id, coalesce(named.title, p.title) as title
from catalog_problems p
left join lateral (
    select rc.title from catalog_members m join report_causes rc on rc.root_signature = m.signature_hash
    where m.problem_id = p.id and rc.title <> '' group by rc.title order by count(*) desc, rc.title limit 1
) named on true;
