-- Search by words (weighted: what the error says, before its message in full, before its stack) and by parts of words.
create function searchable(text text) returns text immutable parallel safe language sql as $$
    -- NullPointerException and orders.email are found by their parts as well as whole
    select text || ' ' || regexp_replace(regexp_replace(text, '([a-z0-9])([A-Z])', '\1 \2', 'g'), '[^[:alnum:]]+', ' ', 'g')
$$;

create function search_words(parts jsonb, message text, stack_trace text) returns tsvector
immutable parallel safe language sql as $$
    -- Bounded far below the 1,048,575 bytes that a tsvector may have: 20,000 characters of distinct words make 300 KB.
    select setweight(to_tsvector('english', searchable(left(concat_ws(' ', parts ->> 'exception_class',
            parts ->> 'template', parts ->> 'error_type'), 4000))), 'A')
        || setweight(to_tsvector('english', searchable(left(coalesce(message, ''), 4000))), 'B')
        || setweight(to_tsvector('english', searchable(left(coalesce(stack_trace, ''), 4000))), 'C')
$$;

-- concat_ws is only stable for Postgres, as it takes any type; for texts it is immutable.
alter table error_signatures
    add column words tsvector generated always as (search_words(key_components, message, stack_trace)) stored,
    add column head  text generated always as (
        lower(left(coalesce(key_components ->> 'exception_class', '') || ' ' || coalesce(key_components ->> 'template', ''), 600))
    ) stored;
create index error_signatures_words on error_signatures using gin (words);
create index error_signatures_head on error_signatures using gin (head gin_trgm_ops);
create index error_signatures_severity on error_signatures (severity, error_type);
