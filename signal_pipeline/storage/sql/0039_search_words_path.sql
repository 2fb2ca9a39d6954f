-- pg_dump's scripts restore with an empty search_path, under which the generated column's function found nothing it calls:
-- a dump could not be restored.
alter function search_words(jsonb, text, text) set search_path from current;
