-- Where a report has errors (service, exception, function or text): what most reports of a source have is background.
create table incident_places (
    report_id  uuid not null references reports (id) on delete cascade,
    place      text not null,
    primary key (report_id, place)
);
create index incident_places_by_place on incident_places (place);
