-- "Caused by": a person's correction of a root. signature_hash is what was taken for a cause, other_hash what it followed from.
-- An entry that is not an error has no hash: its template stands for it.
alter table verdicts
    drop constraint verdicts_kind_check,
    drop constraint verdicts_check,
    drop constraint verdicts_check1,
    add constraint verdicts_kind_check check (kind in ('same', 'not_same', 'not_a_bug', 'fixed', 'caused_by')),
    add constraint verdicts_other_check check ((kind in ('same', 'not_same', 'caused_by')) = (other_hash is not null)),
    add constraint verdicts_order_check check (
        case when kind = 'caused_by' then signature_hash <> other_hash else signature_hash < other_hash collate "C" end
    );
drop index verdicts_of_a_pair;
create unique index verdicts_of_a_pair on verdicts (signature_hash, other_hash)
    where removed_at is null and kind in ('same', 'not_same');
create unique index verdicts_of_a_cause on verdicts (signature_hash, other_hash)
    where removed_at is null and kind = 'caused_by';

-- A report without a fault: whatever it has is background in the other reports of its source.
alter table reports
    add column healthy_by  text check (length(healthy_by) between 1 and 200),
    add column healthy_at  timestamptz,
    add constraint reports_healthy_check check ((healthy_by is null) = (healthy_at is null));
create index reports_healthy on reports (source) where healthy_at is not null;

-- The problems of a report as they were last made of its incidents and its clustering, in the order in which a person reads
-- them: what lists of reports and of problems show. A report's own page makes them again whenever it is read.
create table report_causes (
    report_id       uuid not null references reports (id) on delete cascade,
    root_signature  text not null,
    position        integer not null check (position > 0),
    is_background   boolean not null,
    primary key (report_id, root_signature)
);
create index report_causes_by_root on report_causes (root_signature);

create table report_headlines (
    report_id     uuid primary key references reports (id) on delete cascade,
    headline      text not null,
    problems      integer not null check (problems >= 0),
    background    integer not null check (background >= 0),
    error_groups  integer not null check (error_groups >= 0),
    explained     integer not null check (explained >= 0),
    corrections   integer not null check (corrections >= 0),
    made_at       timestamptz not null default clock_timestamp()
);

-- Reports that are there: their causes are known, what is background among them is found when they are next read.
insert into report_causes (report_id, root_signature, position, is_background)
select report_id, root_signature, row_number() over (partition by report_id order by min(number)), false
from incidents group by report_id, root_signature;
