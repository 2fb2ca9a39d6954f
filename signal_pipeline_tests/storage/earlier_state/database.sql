--
-- PostgreSQL database dump
--


-- Dumped from database version 18.6
-- Dumped by pg_dump version 18.6

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', 'public', true);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: add_metric(text, text, double precision); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.add_metric(a_name text, a_label text, a_value double precision) RETURNS void
    LANGUAGE sql
    AS $$
    insert into metric_bases (name, label, value) values (a_name, a_label, a_value)
    on conflict (name, label) do update set value = metric_bases.value + excluded.value
$$;


--
-- Name: intake_guard(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.intake_guard() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    new.updated_at := now();
    if new.state is distinct from old.state and not exists (
        select from intake_transitions t where t.from_state = old.state and t.to_state = new.state
    ) then
        raise exception 'illegal transition of intake % from % to %', old.id, old.state, new.state
            using errcode = 'check_violation';
    end if;
    return new;
end $$;


--
-- Name: intake_keep_totals(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.intake_keep_totals() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    perform add_metric('jobs', h.to_state, count(*)) from intake_history h
    where h.intake_id = old.id and h.to_state in ('COMPLETED', 'FAILED', 'DEAD', 'CANCELLED') group by h.to_state;
    if old.state = 'COMPLETED' and old.started_at is not null then
        perform add_metric('job_seconds', 'sum', extract(epoch from old.finished_at - old.started_at));
        perform add_metric('job_seconds', bound::text, 1)
        from unnest(array[0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800]) bound
        where extract(epoch from old.finished_at - old.started_at) <= bound;
        perform add_metric('job_seconds', 'count', 1);
    end if;
    return old;
end $$;


--
-- Name: intake_record(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.intake_record() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    if tg_op = 'INSERT' then
        insert into intake_history (intake_id, attempt, to_state, reason)
        values (new.id, new.attempt, new.state, new.reason);
    elsif new.state is distinct from old.state then
        insert into intake_history (intake_id, attempt, from_state, to_state, reason)
        values (new.id, new.attempt, old.state, new.state, new.reason);
    end if;
    return null;
end $$;


--
-- Name: search_words(jsonb, text, text); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.search_words(parts jsonb, message text, stack_trace text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    -- Bounded far below the 1,048,575 bytes that a tsvector may have: 20,000 characters of distinct words make 300 KB.
    select setweight(to_tsvector('english', searchable(left(concat_ws(' ', parts ->> 'exception_class',
            parts ->> 'template', parts ->> 'error_type'), 4000))), 'A')
        || setweight(to_tsvector('english', searchable(left(coalesce(message, ''), 4000))), 'B')
        || setweight(to_tsvector('english', searchable(left(coalesce(stack_trace, ''), 4000))), 'C')
$$;


--
-- Name: searchable(text); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.searchable(text text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    -- NullPointerException and orders.email are found by their parts as well as whole
    select text || ' ' || regexp_replace(regexp_replace(text, '([a-z0-9])([A-Z])', '\1 \2', 'g'), '[^[:alnum:]]+', ' ', 'g')
$$;


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: catalog_events; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.catalog_events (
    id bigint NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    kind text NOT NULL,
    problem_id uuid NOT NULL,
    other_id uuid NOT NULL,
    reason text NOT NULL,
    CONSTRAINT catalog_events_kind_check CHECK ((kind = ANY (ARRAY['merged'::text, 'parted'::text])))
);


--
-- Name: catalog_events_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.catalog_events ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.catalog_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: catalog_members; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.catalog_members (
    signature_hash text NOT NULL,
    core_id uuid NOT NULL,
    problem_id uuid NOT NULL,
    distance_to_medoid real NOT NULL,
    joined_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: catalog_problems; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.catalog_problems (
    id uuid NOT NULL,
    founder_hash text NOT NULL,
    merged_into uuid,
    medoid_hash text NOT NULL,
    title text NOT NULL,
    label text NOT NULL,
    error_type text NOT NULL,
    size integer NOT NULL,
    radius real NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT catalog_problems_check CHECK ((merged_into <> id)),
    CONSTRAINT catalog_problems_size_check CHECK ((size >= 0))
);


--
-- Name: catalog_runs; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.catalog_runs (
    id bigint NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    dagster_run_id text,
    settings jsonb NOT NULL,
    versions jsonb NOT NULL,
    counts jsonb NOT NULL,
    quality jsonb NOT NULL,
    published boolean NOT NULL,
    checked_at timestamp with time zone,
    checked_id uuid
);


--
-- Name: catalog_runs_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.catalog_runs ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.catalog_runs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: cluster_members; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.cluster_members (
    clustering_id uuid NOT NULL,
    signature_hash text NOT NULL,
    label integer NOT NULL,
    is_medoid boolean NOT NULL,
    distance_to_medoid real NOT NULL,
    nearest_other_hash text,
    nearest_other_distance real,
    frequency bigint NOT NULL
);


--
-- Name: clusterings; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.clusterings (
    id uuid NOT NULL,
    report_id uuid NOT NULL,
    is_current boolean NOT NULL,
    algorithm text NOT NULL,
    settings jsonb NOT NULL,
    versions jsonb NOT NULL,
    signatures integer NOT NULL,
    clusters integer NOT NULL,
    noise integer NOT NULL,
    dagster_run_id text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    held_reason text,
    quality jsonb DEFAULT '{}'::jsonb NOT NULL
);


--
-- Name: clusters; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.clusters (
    clustering_id uuid NOT NULL,
    label integer NOT NULL,
    medoid_hash text NOT NULL,
    title text NOT NULL,
    error_type text NOT NULL,
    severity text NOT NULL,
    size integer NOT NULL,
    frequency bigint NOT NULL,
    first_seen timestamp with time zone,
    last_seen timestamp with time zone,
    name text DEFAULT ''::text NOT NULL,
    terms text[] DEFAULT '{}'::text[] NOT NULL,
    radius real DEFAULT 0 NOT NULL,
    nearest jsonb DEFAULT '[]'::jsonb NOT NULL
);


--
-- Name: dead_letters; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.dead_letters (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    kind text NOT NULL,
    dedup_key text NOT NULL,
    reason text NOT NULL,
    detail text,
    report_id uuid,
    intake_id uuid,
    payload bytea,
    payload_sha256 text,
    payload_bytes bigint,
    payload_redacted boolean DEFAULT false NOT NULL,
    stream_sequence bigint,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    announced_at timestamp with time zone,
    replayed_at timestamp with time zone,
    CONSTRAINT dead_letters_kind_check CHECK ((kind = ANY (ARRAY['message'::text, 'report'::text])))
);


--
-- Name: drop_folder_taken; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.drop_folder_taken (
    content_digest text NOT NULL,
    report_id uuid NOT NULL,
    taken_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: embedding_store; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.embedding_store (
    model_version text NOT NULL,
    text_hash bytea NOT NULL,
    vector public.vector(384) NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT embedding_store_text_hash_check CHECK ((octet_length(text_hash) = 32)),
    CONSTRAINT embedding_store_vector_check CHECK (((public.vector_norm(vector) >= (0.998)::double precision) AND (public.vector_norm(vector) <= (1.002)::double precision)))
);


--
-- Name: error_signatures; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.error_signatures (
    id uuid NOT NULL,
    report_id uuid NOT NULL,
    signature_hash text NOT NULL,
    error_type text NOT NULL,
    message text NOT NULL,
    details text,
    stack_trace text,
    key_components jsonb NOT NULL,
    severity text NOT NULL,
    frequency bigint DEFAULT 0 NOT NULL,
    embedding public.vector(384) NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    model_version text,
    text_hash bytea,
    words tsvector GENERATED ALWAYS AS (public.search_words(key_components, message, stack_trace)) STORED,
    head text GENERATED ALWAYS AS (lower("left"(((COALESCE((key_components ->> 'exception_class'::text), ''::text) || ' '::text) || COALESCE((key_components ->> 'template'::text), ''::text)), 600))) STORED,
    CONSTRAINT error_signatures_severity_check CHECK ((severity = ANY (ARRAY['critical'::text, 'high'::text, 'medium'::text, 'low'::text])))
)
WITH (fillfactor='50');


--
-- Name: event_counts; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.event_counts (
    name text NOT NULL,
    value bigint DEFAULT 0 NOT NULL
);


--
-- Name: golden_scores; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.golden_scores (
    key bytea NOT NULL,
    joined integer NOT NULL,
    "right" integer NOT NULL,
    due integer NOT NULL
);


--
-- Name: idempotency_keys; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.idempotency_keys (
    key_hash text NOT NULL,
    content_digest text NOT NULL,
    report_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: intake; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.intake (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    report_id uuid NOT NULL,
    content_digest text NOT NULL,
    state text DEFAULT 'PENDING'::text NOT NULL,
    attempt integer DEFAULT 0 NOT NULL,
    due_at timestamp with time zone DEFAULT now() NOT NULL,
    lease_until timestamp with time zone,
    progress smallint DEFAULT 0 NOT NULL,
    reason text,
    last_error text,
    dagster_run_id text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    started_at timestamp with time zone,
    finished_at timestamp with time zone,
    batch_id uuid,
    failures integer DEFAULT 0 NOT NULL,
    alone boolean DEFAULT false NOT NULL,
    priority smallint DEFAULT 0 NOT NULL,
    CONSTRAINT intake_attempt_check CHECK ((attempt >= 0)),
    CONSTRAINT intake_failures_check CHECK ((failures >= 0)),
    CONSTRAINT intake_progress_check CHECK (((progress >= 0) AND (progress <= 100))),
    CONSTRAINT intake_state_check CHECK ((state = ANY (ARRAY['PENDING'::text, 'RUNNING'::text, 'COMPLETED'::text, 'FAILED'::text, 'CANCELLED'::text, 'DEAD'::text])))
);


--
-- Name: intake_history; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.intake_history (
    id bigint NOT NULL,
    intake_id uuid NOT NULL,
    attempt integer NOT NULL,
    from_state text,
    to_state text NOT NULL,
    reason text,
    at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: intake_history_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.intake_history ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.intake_history_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: intake_transitions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.intake_transitions (
    from_state text NOT NULL,
    to_state text NOT NULL
);


--
-- Name: signature_occurrences; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.signature_occurrences (
    report_id uuid NOT NULL,
    signature_hash text NOT NULL,
    signal_id uuid NOT NULL,
    count bigint NOT NULL,
    severity text NOT NULL,
    first_seen timestamp with time zone,
    last_seen timestamp with time zone,
    evidence jsonb NOT NULL,
    CONSTRAINT signature_occurrences_count_check CHECK ((count > 0))
);


--
-- Name: known_problems; Type: VIEW; Schema: public; Owner: -
--

CREATE VIEW public.known_problems AS
 SELECT p.id,
    p.title,
    p.label,
    p.error_type,
    p.size AS signatures,
    p.radius,
    p.medoid_hash,
    p.created_at,
    seen.reports,
    seen.frequency,
    seen.first_seen,
    seen.last_seen
   FROM (public.catalog_problems p
     LEFT JOIN LATERAL ( SELECT count(DISTINCT o.report_id) AS reports,
            (sum(o.count))::bigint AS frequency,
            min(o.first_seen) AS first_seen,
            max(o.last_seen) AS last_seen
           FROM (public.catalog_members m
             JOIN public.signature_occurrences o USING (signature_hash))
          WHERE (m.problem_id = p.id)) seen ON (true))
  WHERE ((p.merged_into IS NULL) AND (p.size > 0));


--
-- Name: metric_bases; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.metric_bases (
    name text NOT NULL,
    label text NOT NULL,
    value double precision NOT NULL
);


--
-- Name: report_claims; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.report_claims (
    report_id uuid NOT NULL,
    run_id text NOT NULL,
    held_until timestamp with time zone NOT NULL,
    failed text
);


--
-- Name: report_deletions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.report_deletions (
    report_id uuid NOT NULL,
    reason text NOT NULL,
    object_keys text[] NOT NULL,
    requested_at timestamp with time zone DEFAULT now() NOT NULL,
    erased_at timestamp with time zone,
    finished_at timestamp with time zone,
    removed jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT report_deletions_reason_check CHECK ((reason = ANY (ARRAY['asked'::text, 'age'::text])))
);


--
-- Name: reports; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.reports (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    title text,
    source text DEFAULT 'unknown'::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: verdicts; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.verdicts (
    id bigint NOT NULL,
    kind text NOT NULL,
    signature_hash text NOT NULL,
    other_hash text,
    fixed_in text,
    note text,
    created_by text NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    removed_by text,
    removed_at timestamp with time zone,
    CONSTRAINT verdicts_check CHECK (((kind = ANY (ARRAY['same'::text, 'not_same'::text])) = (other_hash IS NOT NULL))),
    CONSTRAINT verdicts_check1 CHECK ((signature_hash < (other_hash COLLATE "C"))),
    CONSTRAINT verdicts_check2 CHECK (((kind = 'fixed'::text) = (fixed_in IS NOT NULL))),
    CONSTRAINT verdicts_check3 CHECK (((removed_by IS NULL) = (removed_at IS NULL))),
    CONSTRAINT verdicts_created_by_check CHECK (((length(created_by) >= 1) AND (length(created_by) <= 200))),
    CONSTRAINT verdicts_fixed_in_check CHECK (((length(fixed_in) >= 1) AND (length(fixed_in) <= 100))),
    CONSTRAINT verdicts_kind_check CHECK ((kind = ANY (ARRAY['same'::text, 'not_same'::text, 'not_a_bug'::text, 'fixed'::text]))),
    CONSTRAINT verdicts_note_check CHECK ((length(note) <= 2000)),
    CONSTRAINT verdicts_removed_by_check CHECK (((length(removed_by) >= 1) AND (length(removed_by) <= 200)))
);


--
-- Name: report_problems; Type: VIEW; Schema: public; Owner: -
--

CREATE VIEW public.report_problems AS
 SELECT c.report_id,
    c.id AS clustering_id,
    k.label,
    (k.label < 0) AS is_single,
    k.name AS title,
    array_to_string(k.terms, ' · '::text) AS label_terms,
    k.error_type,
    k.severity,
    k.size AS signatures,
    k.frequency,
    k.first_seen,
    k.last_seen,
    k.medoid_hash,
    own.problem_id,
    own.problems,
    ((seen.first_report_id IS NOT NULL) AND (seen.first_report_id <> c.report_id)) AS is_known,
    COALESCE(counted.reports, (1)::bigint) AS reports,
    seen.first_report_id,
    seen.first_reported_at,
    counted.first_seen AS first_seen_anywhere,
    counted.last_seen AS last_seen_anywhere,
    k.nearest,
    decided.verdict,
    decided.fixed_in,
    decided.verdict_at
   FROM (((((public.clusterings c
     JOIN public.clusters k ON ((k.clustering_id = c.id)))
     CROSS JOIN LATERAL ( SELECT (array_agg(m.problem_id ORDER BY (m.signature_hash = k.medoid_hash) DESC, m.problem_id))[1] AS problem_id,
            array_agg(DISTINCT m.problem_id) AS problems
           FROM (( SELECT x_1.signature_hash
                   FROM public.cluster_members x_1
                  WHERE ((k.label >= 0) AND (x_1.clustering_id = c.id) AND (x_1.label = k.label))
                UNION ALL
                 SELECT k.medoid_hash
                  WHERE (k.label < 0)) x
             JOIN public.catalog_members m USING (signature_hash))) own)
     LEFT JOIN LATERAL ( SELECT r.id AS first_report_id,
            r.created_at AS first_reported_at
           FROM ((public.catalog_members m
             JOIN public.error_signatures e USING (signature_hash))
             JOIN public.reports r ON ((r.id = e.report_id)))
          WHERE (m.problem_id = ANY (own.problems))
          ORDER BY ROW(r.created_at, r.id)
         LIMIT 1) seen ON (true))
     LEFT JOIN LATERAL ( SELECT count(DISTINCT o.report_id) AS reports,
            min(o.first_seen) AS first_seen,
            max(o.last_seen) AS last_seen
           FROM (public.catalog_members m
             JOIN public.signature_occurrences o USING (signature_hash))
          WHERE (m.problem_id = ANY (own.problems))) counted ON (true))
     LEFT JOIN LATERAL ( SELECT v.kind AS verdict,
            v.fixed_in,
            v.created_at AS verdict_at
           FROM (public.verdicts v
             JOIN public.catalog_members m USING (signature_hash))
          WHERE ((v.removed_at IS NULL) AND (v.other_hash IS NULL) AND (m.problem_id = ANY (own.problems)))
          ORDER BY v.created_at DESC
         LIMIT 1) decided ON (true))
  WHERE c.is_current;


--
-- Name: runtime_settings; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.runtime_settings (
    name text NOT NULL,
    value jsonb NOT NULL,
    changed_by text NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: runtime_settings_history; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.runtime_settings_history (
    id bigint NOT NULL,
    name text NOT NULL,
    old_value jsonb,
    new_value jsonb,
    changed_by text NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: runtime_settings_history_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.runtime_settings_history ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.runtime_settings_history_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: schema_steps; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.schema_steps (
    name text NOT NULL,
    applied_at timestamp with time zone DEFAULT now()
);


--
-- Name: signal_outcomes; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.signal_outcomes (
    report_id uuid NOT NULL,
    signal_id uuid NOT NULL,
    status text NOT NULL,
    kind text NOT NULL,
    format text,
    runner_up text,
    share_understood real NOT NULL,
    entries bigint NOT NULL,
    lines bigint NOT NULL,
    reasons text[] NOT NULL,
    redactions jsonb NOT NULL,
    duplicate_of uuid,
    processed_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT signal_outcomes_status_check CHECK ((status = ANY (ARRAY['ok'::text, 'partial'::text, 'failed'::text])))
);


--
-- Name: signals; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.signals (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    report_id uuid NOT NULL,
    name text NOT NULL,
    object_key text NOT NULL,
    size_bytes bigint,
    sha256 text,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT signals_sha256_check CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT signals_size_bytes_check CHECK ((size_bytes >= 0))
);


--
-- Name: stage_times; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.stage_times (
    report_id uuid NOT NULL,
    stage text NOT NULL,
    seconds double precision NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT stage_times_seconds_check CHECK ((seconds >= (0)::double precision))
);


--
-- Name: verdicts_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.verdicts ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.verdicts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Data for Name: catalog_events; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: catalog_members; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.catalog_members VALUES ('3886b8e9916da6c01458796ba79ffe5d1e29f7af0fc020319a5ab2807f6ff1a7', 'de46bcf2-fe60-5823-b26f-04f63c4bc5a5', 'de46bcf2-fe60-5823-b26f-04f63c4bc5a5', 0, '2026-11-30 13:47:16.36049+00');
INSERT INTO public.catalog_members VALUES ('4483fe0dd4c4f4ef23b03fc758bc2a4efc522e35fde2b498b0705ee65ba111cc', 'd78b07f7-8370-50e9-ba2d-4034da15b82e', 'd78b07f7-8370-50e9-ba2d-4034da15b82e', 0, '2026-11-30 13:47:16.36049+00');
INSERT INTO public.catalog_members VALUES ('5a73f3c310ba886d637745cfccff1534a5bf85c63e000320ab2e8c2e7a0d2876', 'bcdc0646-5daf-5578-af62-14dc0452a7a8', 'bcdc0646-5daf-5578-af62-14dc0452a7a8', 0, '2026-11-30 13:47:16.36049+00');


--
-- Data for Name: catalog_problems; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.catalog_problems VALUES ('de46bcf2-fe60-5823-b26f-04f63c4bc5a5', '3886b8e9916da6c01458796ba79ffe5d1e29f7af0fc020319a5ab2807f6ff1a7', NULL, '3886b8e9916da6c01458796ba79ffe5d1e29f7af0fc020319a5ab2807f6ff1a7', 'Cannot send mail <NUM>: connection refused', 'send · mail · connection · refused', 'NetworkError', 1, 0, '2026-11-30 13:47:16.36049+00', '2026-11-30 13:47:16.476792+00');
INSERT INTO public.catalog_problems VALUES ('d78b07f7-8370-50e9-ba2d-4034da15b82e', '4483fe0dd4c4f4ef23b03fc758bc2a4efc522e35fde2b498b0705ee65ba111cc', NULL, '4483fe0dd4c4f4ef23b03fc758bc2a4efc522e35fde2b498b0705ee65ba111cc', 'POST /api/orders -> 500 database is locked', 'POST · /api/orders · 500 · database', 'DatabaseError', 1, 0, '2026-11-30 13:47:16.36049+00', '2026-11-30 13:47:16.476885+00');
INSERT INTO public.catalog_problems VALUES ('bcdc0646-5daf-5578-af62-14dc0452a7a8', '5a73f3c310ba886d637745cfccff1534a5bf85c63e000320ab2e8c2e7a0d2876', NULL, '5a73f3c310ba886d637745cfccff1534a5bf85c63e000320ab2e8c2e7a0d2876', 'Cannot save order <NUM>: database is locked | IllegalStateException: database is locked', 'Cannot · save · order · IllegalStateException', 'DatabaseError', 1, 0, '2026-11-30 13:47:16.36049+00', '2026-11-30 13:47:16.476898+00');


--
-- Data for Name: catalog_runs; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: cluster_members; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.cluster_members VALUES ('530e909a-35c4-5970-a5d5-11d3cdbdf2db', '3886b8e9916da6c01458796ba79ffe5d1e29f7af0fc020319a5ab2807f6ff1a7', 0, true, 0, '5a73f3c310ba886d637745cfccff1534a5bf85c63e000320ab2e8c2e7a0d2876', 0.7598448, 1);
INSERT INTO public.cluster_members VALUES ('530e909a-35c4-5970-a5d5-11d3cdbdf2db', '4483fe0dd4c4f4ef23b03fc758bc2a4efc522e35fde2b498b0705ee65ba111cc', 1, true, 0, '5a73f3c310ba886d637745cfccff1534a5bf85c63e000320ab2e8c2e7a0d2876', 0.39110678, 1);
INSERT INTO public.cluster_members VALUES ('530e909a-35c4-5970-a5d5-11d3cdbdf2db', '5a73f3c310ba886d637745cfccff1534a5bf85c63e000320ab2e8c2e7a0d2876', 2, true, 0, '4483fe0dd4c4f4ef23b03fc758bc2a4efc522e35fde2b498b0705ee65ba111cc', 0.39110678, 1);


--
-- Data for Name: clusterings; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.clusterings VALUES ('530e909a-35c4-5970-a5d5-11d3cdbdf2db', 'ebca29c8-322c-4571-810a-bd9d6363f005', true, 'calibrated', '{"version": 2, "algorithm": "calibrated", "radius_cap": 0.5, "min_samples": 2, "similarity_threshold": 0.3}', '{"numpy": "2.4.6", "clustering": "2"}', 3, 3, 0, '4ec7f465-cdbe-42cc-b70c-26a6dcb3c8ac', '2026-11-30 13:47:16.508063+00', NULL, '{"churn": null, "clusters": 3, "signatures": 3, "largest_share": 0.333333, "median_radius": 0.0, "singles_share": 1.0}');


--
-- Data for Name: clusters; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.clusters VALUES ('530e909a-35c4-5970-a5d5-11d3cdbdf2db', 0, '3886b8e9916da6c01458796ba79ffe5d1e29f7af0fc020319a5ab2807f6ff1a7', 'Cannot send mail <NUM>: connection refused', 'NetworkError', 'high', 1, 1, '2026-03-01 10:00:05+00', '2026-03-01 10:00:05+00', 'Cannot send mail <NUM>: connection refused', '{send,mail,connection,refused}', 0, '[]');
INSERT INTO public.clusters VALUES ('530e909a-35c4-5970-a5d5-11d3cdbdf2db', 1, '4483fe0dd4c4f4ef23b03fc758bc2a4efc522e35fde2b498b0705ee65ba111cc', 'POST /api/orders -> 500 database is locked', 'DatabaseError', 'high', 1, 1, '2026-03-01 10:00:01.24+00', '2026-03-01 10:00:01.24+00', 'POST /api/orders -> 500 database is locked', '{POST,/api/orders,500,database}', 0, '[]');
INSERT INTO public.clusters VALUES ('530e909a-35c4-5970-a5d5-11d3cdbdf2db', 2, '5a73f3c310ba886d637745cfccff1534a5bf85c63e000320ab2e8c2e7a0d2876', 'Cannot save order <NUM>: database is locked | IllegalStateException: database is locked', 'DatabaseError', 'high', 1, 1, '2026-03-01 10:00:01.25+00', '2026-03-01 10:00:01.25+00', 'Cannot save order <NUM>: database is locked | IllegalStateException: database is locked', '{Cannot,save,order,IllegalStateException}', 0, '[]');


--
-- Data for Name: dead_letters; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: drop_folder_taken; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: embedding_store; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: error_signatures; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.error_signatures VALUES ('96cd2fcb-7287-56d8-9075-cb7945a42c62', 'ebca29c8-322c-4571-810a-bd9d6363f005', '3886b8e9916da6c01458796ba79ffe5d1e29f7af0fc020319a5ab2807f6ff1a7', 'NetworkError', 'Cannot send mail 5: connection refused', NULL, NULL, '{"text": "Network Error: Cannot send mail number: connection refused", "template": "Cannot send mail <NUM>: connection refused", "error_type": "NetworkError", "top_frames": [], "model_version": "all-MiniLM-L6-v2@53aa51172d14+onnx-fp32-r1", "exception_class": null}', 'high', 1, '[0.010659338,0.077829845,0.01011208,-0.008530873,-0.059800558,-0.07875258,-0.0167434,-0.002586769,0.062432244,-0.032122377,-0.023907887,0.054006945,-0.01393879,0.055134475,-0.051300246,0.05792133,-0.0043069473,-0.040597674,0.065364346,0.051006097,-0.070704944,-0.04290619,-0.06542909,-0.04408089,0.014235592,-0.010062801,-0.08911196,0.05301823,-0.024106007,0.00071173935,0.0004531376,0.07300301,0.039930556,-0.044223625,-0.01463647,0.00063734944,0.04195945,0.10319387,-0.056623206,0.023046032,0.019275634,0.04375257,0.035749987,-0.0069232243,0.092349745,-0.009592847,0.095703475,0.0096735535,0.01139463,0.033857472,-0.016760988,0.049579076,-0.027233591,-0.0682922,0.02992189,-0.006252379,-0.0052036787,0.024480505,0.045307662,-0.04766355,0.09326343,0.052211408,-0.047623143,-0.09591079,-0.04672282,-0.08641436,0.06469392,0.013043045,-0.04421346,0.07642637,0.007219174,0.022022285,-0.04601493,0.029513784,0.040410206,0.07910256,0.01718345,-0.06034212,-0.01911857,0.06746075,-0.08958666,-0.02652874,-0.05440093,0.06810533,-0.055665087,-0.027515452,0.0057323556,-0.025847329,-0.07891107,-0.040338494,0.009268808,0.014150736,-0.054477774,0.0598228,-0.00050948886,0.009135643,-0.0011909504,-0.012853705,-0.08009145,0.06063258,0.1065433,0.017899597,0.00570991,-0.014862669,0.0007338788,-0.046907607,0.07362012,-0.05001834,-0.045092188,-0.009236592,0.01632785,-0.031390153,-0.012198097,-0.008223426,0.091142744,-0.14804196,-0.04802613,0.05705269,0.027618103,0.015872689,-0.038211495,-0.035927396,-0.027149128,-0.0030243988,-0.053599335,0.008721215,0.036078565,-2.9960975e-34,0.05464612,-0.00035626953,0.107752204,0.053839095,0.07514542,-0.07683886,0.07091053,0.010933394,0.011382807,0.014327594,-0.09924162,-0.07018336,0.056424815,-0.085242964,0.015425357,-0.06277162,0.063872844,-0.046462115,0.023012629,-0.00038699844,-0.033328358,-0.0347796,0.03372322,-0.017881133,0.040719364,-0.016646024,-0.023327952,-0.04812128,0.005557286,-0.047044676,0.06812095,0.027619157,0.09247143,0.045877177,0.031296376,-0.0071878103,0.0056303525,0.03747473,-0.02197173,0.050690744,-0.03039498,-0.015235357,-0.015271811,0.029371537,0.030721132,0.07791112,0.018566286,0.037649743,0.00196221,0.019028395,-0.011515761,-0.04496437,-0.025890362,0.03667447,0.04024781,0.058690242,-0.020174634,0.035385516,-0.026381437,-0.030108904,0.012004106,0.049786378,-0.0028764214,-0.038546838,0.08030332,-0.020720305,-0.07196693,0.025864607,-0.003178233,-0.058038514,-0.009661779,-0.07345486,-0.0046910234,0.0670813,0.069399975,-0.07793606,-0.05010317,-0.06664043,-0.041623358,0.0026421153,-0.019140035,0.026642041,-0.04212267,0.021492843,-0.021758216,0.09205544,0.008474677,0.0929278,0.03865839,0.053453606,-0.045055926,-0.0010347855,0.034511164,0.0272859,-0.02266862,4.3920744e-34,-0.099335946,-0.012901934,-0.02198011,0.004220328,0.009324338,0.013483615,0.05182883,0.03085353,0.081903644,0.06650829,0.05915251,0.06358245,0.03365111,-0.014535493,-0.098217584,-0.0720091,-0.037708227,0.030730223,-0.023705192,0.01134359,-0.04974459,0.17294496,-0.005112242,0.0061054486,-0.13227628,0.06522825,-0.014021228,-0.011481371,-0.02297351,-0.04970559,0.047779936,0.0604558,-0.038827278,0.13873968,-0.0343715,-0.0015975854,0.07721054,0.0029600926,-0.00023277475,-0.024121746,0.04169717,0.04294811,0.0594452,0.00022962644,0.04110867,-0.013824609,0.08174345,-0.025364207,-0.023698626,0.007453886,-0.006373526,0.03355837,0.028821716,0.0340607,0.04992966,0.07137448,0.014165297,-0.052350294,0.12220148,0.05419842,-0.048266385,-0.09021618,-0.017737506,0.05777144,0.09657368,0.07876519,-0.053854927,0.008244046,0.09061095,-0.030574294,-0.008887948,0.011081158,0.050757937,0.031730793,-0.058836393,-0.07159506,-0.05589937,0.13543221,-0.08438306,0.04114602,0.0129134925,-0.045523245,-0.059143532,-0.035367955,-0.031175785,0.055126775,0.040084362,-0.027476037,0.04934403,-0.037852827,0.0073478883,-0.04912662,0.042435758,-0.016661035,-0.04296465,-1.6038465e-08,0.048751757,-0.09770147,-0.026405655,-0.023639182,-0.009942152,0.071597524,0.017188752,-0.06744302,-0.029581936,-0.03102487,-0.08163876,0.06479329,-0.12769651,0.059894886,-0.032943908,-0.011542331,0.025445798,-0.080060735,0.04377845,-0.016334541,0.019097833,-0.06784556,-0.04813135,0.056835078,-0.008774302,-0.052641463,0.022937834,0.068663776,-0.011549206,0.0152551215,-0.08497126,-0.02712493,-0.11107129,0.00034471878,-0.124631755,-0.02202572,0.022243245,0.009723537,-0.024371214,-0.090523206,0.03938948,0.0143758375,0.044421054,-0.009459637,0.04406512,0.07275513,-0.07540207,0.042162485,0.037448432,-0.019810868,-0.014344523,0.035752773,0.018135177,0.004082134,-0.059503634,-0.030579709,-0.01945565,-0.026922869,-0.10259933,-0.026497584,0.0029561075,0.055338528,0.013680464,-0.09493493]', '2026-11-30 13:47:13.946045+00', '2026-11-30 13:47:13.946045+00', 'all-MiniLM-L6-v2@53aa51172d14+onnx-fp32-r1', '\x8fc5fb37b024da89f7ef2c32a6fa382277584c2bee4f64e3c97152faaddc56af', DEFAULT, DEFAULT);
INSERT INTO public.error_signatures VALUES ('166df48a-2b63-587a-9360-228d5a4e36d8', 'ebca29c8-322c-4571-810a-bd9d6363f005', '4483fe0dd4c4f4ef23b03fc758bc2a4efc522e35fde2b498b0705ee65ba111cc', 'DatabaseError', 'POST http://shop.example/api/orders -> 500 Internal Server Error: database is locked', 'method=POST, url=http://shop.example/api/orders, status=500, slowest_phase=wait', NULL, '{"text": "HTTP 500: POST /api/orders -> 500 database is locked", "template": "POST /api/orders -> 500 database is locked", "error_type": "DatabaseError", "top_frames": [], "model_version": "all-MiniLM-L6-v2@53aa51172d14+onnx-fp32-r1", "exception_class": "HTTP 500"}', 'high', 1, '[-0.041140668,0.035994258,-0.017085291,-0.048000727,-0.04379905,-0.00824887,-0.13101669,-0.11184979,0.014871281,0.06424874,-0.012398982,0.09862833,0.025180664,-0.04542883,-0.011873517,0.051357023,0.004475281,-0.031968314,-0.086371094,0.09423969,-0.029379575,0.021879278,-0.060265828,0.07058795,0.0054432373,-0.042937938,-0.043993127,0.053181104,-0.07823626,0.016984556,-0.078855045,-0.013115416,-0.070324644,0.061731767,-0.021035999,0.047707297,0.005200717,-0.14764872,0.08682173,-0.028303716,0.045040023,0.027076758,-0.032724813,0.015766902,0.080540895,0.044489637,-0.014625266,0.02369802,0.020256154,0.031440824,-0.0321957,0.036423862,-0.035840448,-0.0076367343,-0.045764796,-0.031872608,0.07627322,0.065985456,-0.041388452,0.010689643,0.08345768,-0.02114695,0.021582203,0.04923429,-0.0536636,0.03433627,-0.046711963,-0.09747608,0.0120313885,-0.051302712,0.016735796,-0.077318,-0.088311,0.043698967,0.04810868,0.034776967,-0.042476088,-0.033233408,-0.018652193,0.015149543,-0.04418496,-0.04766689,-0.0672389,0.043246362,-0.03585731,0.06420748,-0.0038580408,0.0565265,0.007996605,-0.02498177,0.02162668,-0.022160897,0.010547513,-0.06706054,0.016607804,0.025284817,0.01496377,-0.026463896,-0.08978077,0.008043166,0.055206917,-0.007077828,-0.022030331,0.03403694,0.013889088,-0.024254657,0.09339445,0.013894336,-0.058931336,-0.03557853,-0.02993845,-0.004950523,-0.008342967,0.0008670476,-0.07394096,0.11153982,-0.092718415,0.012373205,0.029811645,-0.032441363,0.016290523,0.015521509,-0.04056093,-0.050605,-0.0210166,-0.016581662,0.024128579,-3.2791403e-33,0.027851617,0.013391069,0.095841445,-0.016623143,0.037998777,0.0053773965,-0.01878809,-0.02462374,-0.016975332,0.021557204,0.0027472442,-0.07430251,0.04299398,-0.009399765,-0.002627662,-0.018273141,0.08922872,0.087819554,0.059237953,0.03432788,0.03676919,0.024662878,0.043015596,0.04481915,0.00015299207,0.08770714,0.0024638865,-0.0068839774,0.036743663,0.05713188,-0.019220138,-0.012691672,-0.007487861,-0.013616629,-0.025870716,0.053261165,0.03509642,-0.024967505,-0.022204217,-0.03450622,-0.08177701,0.03380263,-0.15216886,0.07012779,-0.050662637,0.09673912,-0.09643185,0.019639995,0.033778843,-0.017142545,-0.15622212,0.0041856845,0.035169028,0.00039467964,-0.007003883,-0.025695618,0.043992583,-0.05200478,0.020505162,-0.042603273,-0.016037485,-0.0043029427,0.057273097,0.05572796,0.062565595,-0.006534374,-0.045812856,0.01914516,0.06140942,0.036589622,-0.020133805,0.03279449,0.040619526,0.008695615,-0.08989411,-0.017202225,0.058220483,-0.027358193,-0.0002026085,0.013830482,0.12330884,-0.067710206,0.032037918,0.02049617,-0.09305107,0.06854022,-0.0010880162,0.13684006,0.03957137,0.06789101,0.01453903,0.03300709,0.08921193,-0.030551968,-0.0124628525,9.385321e-34,-0.03443486,-0.07034462,-0.031899385,-0.019361716,0.03162643,-0.04088023,-0.08002929,0.028718436,-0.0641714,0.07824462,0.044981617,0.058710825,-0.0076200687,0.04583399,-0.024016473,-0.0152635425,0.02812349,0.009244741,-0.011138069,0.10200994,0.032422177,0.06761944,-0.0011409755,0.036348756,-0.045840982,0.03364371,-0.0835902,0.03172663,-0.065580025,-0.059859056,-0.026214963,-0.020986399,-0.010183193,0.10681516,-0.0013110145,-0.044444747,-0.011803739,0.10702196,-0.04836111,0.02703151,-0.047823213,0.021190507,0.014264355,-0.040696044,0.024991818,-0.08695878,0.0139688775,0.008050569,-0.03177584,0.052150685,-0.035006173,0.016968248,0.06879801,-0.053799734,0.06495277,-0.0012283935,0.019814566,-0.03715499,-0.038044833,-0.014619866,-0.07374067,0.10386895,-0.04100736,0.04069361,0.07907186,0.05164099,0.015231012,-0.0517966,0.008121528,-0.03715519,0.004453553,-0.05629593,0.11390792,0.09525091,0.06347226,-0.006442038,-0.14334717,-0.018600062,-0.020061834,0.045658253,-0.03725332,-0.019768108,0.013278794,0.059894882,-0.013294515,-0.030622343,-0.043015193,0.01628793,-0.006152787,-0.0020763134,-0.037267648,-0.04167348,-0.11278982,-0.03702381,0.086909704,-1.6177426e-08,0.039504245,0.044881467,0.024585385,0.06616344,0.060892697,0.017088875,0.05191566,0.013459421,0.007433867,0.032769974,-0.006116784,-0.00039256565,-0.050943203,0.0023415207,-0.10693605,-0.10855736,-0.04985375,-0.071743466,-0.0025762722,-0.016286295,-0.09950539,-0.040235326,0.08042931,-0.119554274,0.039452314,-0.04184838,0.041756637,0.032520935,0.023085434,0.029930925,-0.096223466,-0.03780293,-0.029042156,-0.07152874,-0.043255348,0.015877673,-0.07248578,0.082675576,0.038950812,-0.063264705,-0.01320002,-0.024846923,0.053498607,-0.006155428,0.030839572,0.026069295,0.03152911,0.034843292,0.048262488,0.007789404,-0.055729374,0.006901704,0.02025702,0.07225747,-0.02859196,0.01942586,-0.001961754,-0.05213621,-0.014800008,0.00081831217,0.07688741,-0.025801111,0.047967352,-0.037045408]', '2026-11-30 13:47:13.946045+00', '2026-11-30 13:47:13.946045+00', 'all-MiniLM-L6-v2@53aa51172d14+onnx-fp32-r1', '\x1a7b63b4100786d81e44fcd58e8c0d8775f6a6f8bf1d95f0ec06fb4cabd8e941', DEFAULT, DEFAULT);
INSERT INTO public.error_signatures VALUES ('ef69cff9-20c5-5079-b442-9cef0e42b172', 'ebca29c8-322c-4571-810a-bd9d6363f005', '5a73f3c310ba886d637745cfccff1534a5bf85c63e000320ab2e8c2e7a0d2876', 'DatabaseError', 'Cannot save order 1007: database is locked', NULL, 'java.lang.IllegalStateException: database is locked
	at shop.Orders.save(Orders.java:41)
	at shop.Api.handle(Api.java:12)', '{"text": "Illegal State Exception: Cannot save order number: database is locked | IllegalStateException: database is locked", "template": "Cannot save order <NUM>: database is locked | IllegalStateException: database is locked", "error_type": "DatabaseError", "top_frames": ["shop.Orders:save", "shop.Api:handle"], "model_version": "all-MiniLM-L6-v2@53aa51172d14+onnx-fp32-r1", "exception_class": "java.lang.IllegalStateException"}', 'high', 1, '[0.0040256935,-0.0032619673,-0.016090501,-0.016659677,-0.052907716,0.08015259,-0.033862665,-0.046315636,0.04738111,0.11982305,0.019215891,0.07088012,0.066602215,-0.042217623,-0.06773922,-0.0039645927,-0.06545597,-0.021672258,-0.03268649,0.11867153,-0.009119296,0.014891775,-0.056966815,0.072756216,0.09365547,-0.031812016,-0.02941377,0.0507919,-0.0040632174,-0.034542438,-0.07470075,-0.013594996,-0.026732428,0.020241084,0.090906374,-0.034740176,-0.009433796,-0.050889965,-0.028141126,0.009824212,0.019374926,-0.014988402,0.014931795,0.007296142,0.025653386,0.00066113967,-0.018343128,0.017120829,0.0398563,0.06338548,-0.06538949,0.06941193,-0.030566158,0.08068407,-0.0109137595,0.0149594825,0.17204952,0.076796256,-0.059355676,0.075137846,0.072916076,0.051931098,0.0022885788,-0.039937783,-0.072886184,0.034104872,-0.037573416,-0.05712772,0.0045082597,-0.016811531,-0.0010721746,-0.043498922,-0.106268466,0.014870383,-0.01552884,0.030452136,-0.0016316593,-0.018695988,-0.034802206,0.020768734,-0.04482577,-0.09994339,-0.039903924,4.271209e-05,0.030078493,-0.0011208802,0.012544928,-0.018712372,0.04331202,-0.0006257348,-0.0006600908,0.023019183,0.05361299,-0.04399827,0.0043158373,-0.03904414,0.062564336,0.04809581,-0.0438803,-0.02563437,0.03400334,0.04407998,-0.012557325,0.06567629,0.032262433,-0.044416085,0.06999898,-0.070830084,-0.06564261,-0.030654183,0.00036316755,0.072665155,0.011729884,-0.0182411,-0.04915249,0.016005754,-0.107188046,0.005931574,-0.07609111,-0.036507547,-0.038124032,0.018060425,-0.029245045,-0.015009237,-0.04297821,-0.004008415,0.028883167,5.2142868e-34,0.017473334,-0.0483796,0.044184662,0.008122909,0.0784674,0.017376143,-0.058620077,-0.06342023,-0.049821857,0.10170758,0.029449042,-0.09162604,0.043718956,-0.060794044,0.06264245,-0.024933273,0.022982508,0.05939832,0.040321223,0.06807067,0.08367442,-0.004087754,0.021227555,-0.004743192,-0.015984971,0.035980593,-0.04756464,0.0061621745,0.060012057,0.009369783,-0.011612615,-0.04809541,0.014091559,0.014249706,-0.00990782,-0.019424062,0.038985312,-0.022279553,-0.05334911,-0.076372914,-0.061209902,0.01731247,-0.02177,0.07412863,0.08340498,0.04437795,-0.05124305,0.079082415,0.007917071,-0.0011546345,-0.12905636,0.017998269,-0.020682104,-0.010355776,-0.028802183,-0.029005947,0.023331098,-0.021537464,0.05111448,-0.075343646,-0.018791804,0.040748037,0.017899517,-0.05710447,0.041492026,-0.06469197,7.331173e-06,-0.021184813,0.03561683,-0.023298014,-0.024008933,0.0047313888,0.04912204,0.010569019,-0.041376457,-0.0104905795,-0.0029071346,-0.053115625,-0.037916295,-0.0016674428,0.037059613,-0.08365808,-0.02644774,-0.012763862,-0.050116092,0.06856697,-0.072291575,0.1338594,0.036171418,0.08303798,0.0641221,0.013732889,0.040070567,0.018347645,-0.035441186,-8.935725e-34,-0.012050085,-0.06983041,0.027232159,-0.037631936,0.12142864,-0.047329713,-0.07658762,0.04569149,-0.115292914,-0.069377184,-0.0046497444,0.050431,0.011776719,0.054445025,0.020421483,-0.01474845,0.024674015,0.024859492,-0.004439366,0.070213325,0.03264418,0.08923833,-0.05467208,0.097943716,-0.06705329,0.023321988,-0.046654597,-0.030303633,0.006935036,0.03480479,0.025310071,-0.011457098,-0.06724738,0.12822972,-0.031581797,-0.116455935,0.023776058,-0.0473859,-0.042434122,0.044821363,-0.038499586,0.030235084,0.024871174,-0.0610447,0.0027834582,-0.010988264,0.02234672,0.003453713,-0.07930057,0.013841488,0.010555082,-0.0171213,0.02432574,-0.03591855,0.08306842,0.05078531,0.02487854,0.025328297,0.032945607,0.0058140936,0.01223406,0.09104309,-0.037349913,-0.003854296,0.07879123,0.10528013,-0.038969737,0.0044712545,0.011624144,-0.06301181,-0.014469649,0.045503862,0.070144005,0.13098626,0.10242127,-0.05096222,-0.12242048,0.058972027,-0.030145029,0.0073836674,0.047154475,-0.002000568,-0.043115243,0.008140439,-0.024142789,0.00074544834,-0.018547809,-0.024970708,-0.068439774,-0.039741557,-0.05349422,-0.02602764,-0.10125771,0.0031184242,0.031215305,-1.7699538e-08,0.0099309785,-0.058059007,0.0013621339,-0.0045679426,0.089978054,-0.07618502,-0.020917093,-0.0017285831,0.00589387,0.022962796,-0.016345548,0.051669184,-0.04275876,0.027616268,-0.0995413,-0.1075355,0.029918825,-0.081195414,0.023390125,-0.024198463,0.012874501,0.005305635,0.06573401,-0.048933785,0.039422486,-0.016849352,0.07605788,0.08831308,0.051760633,0.03588872,-0.05712829,-0.033108987,0.012121234,-0.035315175,-0.10811142,0.06782976,-0.014259885,0.021332532,0.13077593,-0.13191746,0.025033299,0.036880706,-0.008116348,0.011059562,-0.042895384,0.012977847,-0.017019292,0.044242285,0.034963004,0.02939768,-0.11285262,-0.03489714,0.045573216,0.08403328,-0.008963515,0.009980533,-0.021349438,-0.015031236,0.0058606584,0.012442778,0.10737674,-0.03518244,0.012307004,-0.06417632]', '2026-11-30 13:47:13.946045+00', '2026-11-30 13:47:13.946045+00', 'all-MiniLM-L6-v2@53aa51172d14+onnx-fp32-r1', '\xc62afe867387bca4e57075e11f9b22f42e33fdf839b22c88050d8b5cb8c33e5a', DEFAULT, DEFAULT);


--
-- Data for Name: event_counts; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.event_counts VALUES ('model_loads', 1);
INSERT INTO public.event_counts VALUES ('cache_misses', 105);


--
-- Data for Name: golden_scores; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: idempotency_keys; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: intake; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.intake VALUES ('38aa6d48-7f30-4e03-953a-ee608edbe487', 'ebca29c8-322c-4571-810a-bd9d6363f005', '6d5ff09af14c01af78c8bf63f5a5ea383519588fde8d5c858f60949f413dcae9', 'COMPLETED', 1, '2026-11-30 13:47:06.066225+00', NULL, 100, NULL, NULL, '4ec7f465-cdbe-42cc-b70c-26a6dcb3c8ac', '2026-11-30 13:47:06.066225+00', '2026-11-30 13:47:17.707696+00', '2026-11-30 13:47:06.305557+00', '2026-11-30 13:47:17.707696+00', '95461df4-8be6-43d0-978b-5689537c0a21', 0, false, 0);


--
-- Data for Name: intake_history; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.intake_history OVERRIDING SYSTEM VALUE VALUES (1, '38aa6d48-7f30-4e03-953a-ee608edbe487', 0, NULL, 'PENDING', NULL, '2026-11-30 13:47:06.066225+00');
INSERT INTO public.intake_history OVERRIDING SYSTEM VALUE VALUES (2, '38aa6d48-7f30-4e03-953a-ee608edbe487', 1, 'PENDING', 'RUNNING', NULL, '2026-11-30 13:47:06.305557+00');
INSERT INTO public.intake_history OVERRIDING SYSTEM VALUE VALUES (3, '38aa6d48-7f30-4e03-953a-ee608edbe487', 1, 'RUNNING', 'COMPLETED', NULL, '2026-11-30 13:47:17.707696+00');


--
-- Data for Name: intake_transitions; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.intake_transitions VALUES ('PENDING', 'RUNNING');
INSERT INTO public.intake_transitions VALUES ('PENDING', 'CANCELLED');
INSERT INTO public.intake_transitions VALUES ('RUNNING', 'COMPLETED');
INSERT INTO public.intake_transitions VALUES ('RUNNING', 'FAILED');
INSERT INTO public.intake_transitions VALUES ('RUNNING', 'CANCELLED');
INSERT INTO public.intake_transitions VALUES ('RUNNING', 'PENDING');
INSERT INTO public.intake_transitions VALUES ('FAILED', 'PENDING');
INSERT INTO public.intake_transitions VALUES ('FAILED', 'DEAD');
INSERT INTO public.intake_transitions VALUES ('FAILED', 'CANCELLED');
INSERT INTO public.intake_transitions VALUES ('COMPLETED', 'PENDING');
INSERT INTO public.intake_transitions VALUES ('DEAD', 'PENDING');
INSERT INTO public.intake_transitions VALUES ('CANCELLED', 'PENDING');
INSERT INTO public.intake_transitions VALUES ('FAILED', 'RUNNING');
INSERT INTO public.intake_transitions VALUES ('DEAD', 'RUNNING');
INSERT INTO public.intake_transitions VALUES ('CANCELLED', 'RUNNING');


--
-- Data for Name: metric_bases; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: report_claims; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: report_deletions; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: reports; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.reports VALUES ('ebca29c8-322c-4571-810a-bd9d6363f005', NULL, 'command line', '2026-11-30 13:47:06.066225+00');


--
-- Data for Name: runtime_settings; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: runtime_settings_history; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: schema_steps; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.schema_steps VALUES ('0001_reports', '2026-11-30 13:39:37.776482+00');
INSERT INTO public.schema_steps VALUES ('0002_intake', '2026-11-30 13:39:37.821767+00');
INSERT INTO public.schema_steps VALUES ('0003_dead_letters', '2026-11-30 13:39:37.945741+00');
INSERT INTO public.schema_steps VALUES ('0004_signatures', '2026-11-30 13:39:37.994281+00');
INSERT INTO public.schema_steps VALUES ('0005_clusterings', '2026-11-30 13:39:38.045748+00');
INSERT INTO public.schema_steps VALUES ('0010_embedding_store', '2026-11-30 13:39:38.086203+00');
INSERT INTO public.schema_steps VALUES ('0011_verdicts', '2026-11-30 13:39:38.115675+00');
INSERT INTO public.schema_steps VALUES ('0012_catalog', '2026-11-30 13:39:38.137712+00');
INSERT INTO public.schema_steps VALUES ('0013_problems', '2026-11-30 13:39:38.193044+00');
INSERT INTO public.schema_steps VALUES ('0014_search', '2026-11-30 13:39:38.231478+00');
INSERT INTO public.schema_steps VALUES ('0020_batches', '2026-11-30 13:39:38.268233+00');
INSERT INTO public.schema_steps VALUES ('0021_deletions', '2026-11-30 13:39:38.29668+00');
INSERT INTO public.schema_steps VALUES ('0030_api', '2026-11-30 13:39:38.318695+00');
INSERT INTO public.schema_steps VALUES ('0031_metrics', '2026-11-30 13:39:38.352176+00');
INSERT INTO public.schema_steps VALUES ('0032_runtime_settings', '2026-11-30 13:39:38.407589+00');
INSERT INTO public.schema_steps VALUES ('0033_drop_folder', '2026-11-30 13:39:38.478329+00');
INSERT INTO public.schema_steps VALUES ('0034_problems_by_index', '2026-11-30 13:39:38.506454+00');
INSERT INTO public.schema_steps VALUES ('0035_first_report_by_index', '2026-11-30 13:39:38.53821+00');


--
-- Data for Name: signal_outcomes; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.signal_outcomes VALUES ('ebca29c8-322c-4571-810a-bd9d6363f005', '51bfd3ab-a53c-4c0a-acfc-43e3aab022f1', 'ok', 'log', 'log4j-level-thread', NULL, 1, 4, 7, '{}', '{}', NULL, '2026-11-30 13:47:10.066428+00');
INSERT INTO public.signal_outcomes VALUES ('ebca29c8-322c-4571-810a-bd9d6363f005', 'dbb0f091-4585-4760-a860-e0e8ca715bca', 'ok', 'har', 'chrome', NULL, 1, 2, 0, '{}', '{}', NULL, '2026-11-30 13:47:10.066428+00');


--
-- Data for Name: signals; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.signals VALUES ('51bfd3ab-a53c-4c0a-acfc-43e3aab022f1', 'ebca29c8-322c-4571-810a-bd9d6363f005', 'server.log', 'reports/ebca29c8-322c-4571-810a-bd9d6363f005/51bfd3ab-a53c-4c0a-acfc-43e3aab022f1', 462, '26cd7de0738b279ad2ab5142f8bd854139cc12bf2adddf229aad18b8bf98ad2f', '2026-11-30 13:47:06.078829+00');
INSERT INTO public.signals VALUES ('dbb0f091-4585-4760-a860-e0e8ca715bca', 'ebca29c8-322c-4571-810a-bd9d6363f005', 'shop.har', 'reports/ebca29c8-322c-4571-810a-bd9d6363f005/dbb0f091-4585-4760-a860-e0e8ca715bca', 1224, '39dcdbc9bb621f6a65eb518a13d6608e5073ea74d72eb160cf1c1ff176125894', '2026-11-30 13:47:06.082194+00');


--
-- Data for Name: signature_occurrences; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.signature_occurrences VALUES ('ebca29c8-322c-4571-810a-bd9d6363f005', '3886b8e9916da6c01458796ba79ffe5d1e29f7af0fc020319a5ab2807f6ff1a7', '51bfd3ab-a53c-4c0a-acfc-43e3aab022f1', 1, 'high', '2026-03-01 10:00:05+00', '2026-03-01 10:00:05+00', '[{"timestamp": "2026-03-01T10:00:05+00:00", "line_count": 1, "byte_length": 91, "byte_offset": 370, "line_number": 7}]');
INSERT INTO public.signature_occurrences VALUES ('ebca29c8-322c-4571-810a-bd9d6363f005', '4483fe0dd4c4f4ef23b03fc758bc2a4efc522e35fde2b498b0705ee65ba111cc', 'dbb0f091-4585-4760-a860-e0e8ca715bca', 1, 'high', '2026-03-01 10:00:01.24+00', '2026-03-01 10:00:01.24+00', '[{"timestamp": "2026-03-01T10:00:01.240000+00:00", "byte_length": 587, "byte_offset": 99, "entry_index": 0}]');
INSERT INTO public.signature_occurrences VALUES ('ebca29c8-322c-4571-810a-bd9d6363f005', '5a73f3c310ba886d637745cfccff1534a5bf85c63e000320ab2e8c2e7a0d2876', '51bfd3ab-a53c-4c0a-acfc-43e3aab022f1', 1, 'high', '2026-03-01 10:00:01.25+00', '2026-03-01 10:00:01.25+00', '[{"timestamp": "2026-03-01T10:00:01.250000+00:00", "line_count": 4, "byte_length": 219, "byte_offset": 68, "line_number": 2}]');


--
-- Data for Name: stage_times; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.stage_times VALUES ('ebca29c8-322c-4571-810a-bd9d6363f005', 'raw_signals', 0.24338641000031203, '2026-11-30 13:47:09.039748+00');
INSERT INTO public.stage_times VALUES ('ebca29c8-322c-4571-810a-bd9d6363f005', 'parsed_entries', 0.4370794240003306, '2026-11-30 13:47:10.12634+00');
INSERT INTO public.stage_times VALUES ('ebca29c8-322c-4571-810a-bd9d6363f005', 'classified_errors', 1.2979818330004491, '2026-11-30 13:47:11.860254+00');
INSERT INTO public.stage_times VALUES ('ebca29c8-322c-4571-810a-bd9d6363f005', 'timeline', 1.091121988998566, '2026-11-30 13:47:13.486807+00');
INSERT INTO public.stage_times VALUES ('ebca29c8-322c-4571-810a-bd9d6363f005', 'embeddings', 0.25847377399986726, '2026-11-30 13:47:14.005068+00');
INSERT INTO public.stage_times VALUES ('ebca29c8-322c-4571-810a-bd9d6363f005', 'clusters', 2.232028165999509, '2026-11-30 13:47:16.66605+00');


--
-- Data for Name: verdicts; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Name: catalog_events_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.catalog_events_id_seq', 1, false);


--
-- Name: catalog_runs_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.catalog_runs_id_seq', 1, false);


--
-- Name: intake_history_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.intake_history_id_seq', 3, true);


--
-- Name: runtime_settings_history_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.runtime_settings_history_id_seq', 1, false);


--
-- Name: verdicts_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.verdicts_id_seq', 1, false);


--
-- Name: catalog_events catalog_events_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.catalog_events
    ADD CONSTRAINT catalog_events_pkey PRIMARY KEY (id);


--
-- Name: catalog_members catalog_members_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.catalog_members
    ADD CONSTRAINT catalog_members_pkey PRIMARY KEY (signature_hash);


--
-- Name: catalog_problems catalog_problems_founder_hash_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.catalog_problems
    ADD CONSTRAINT catalog_problems_founder_hash_key UNIQUE (founder_hash);


--
-- Name: catalog_problems catalog_problems_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.catalog_problems
    ADD CONSTRAINT catalog_problems_pkey PRIMARY KEY (id);


--
-- Name: catalog_runs catalog_runs_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.catalog_runs
    ADD CONSTRAINT catalog_runs_pkey PRIMARY KEY (id);


--
-- Name: cluster_members cluster_members_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.cluster_members
    ADD CONSTRAINT cluster_members_pkey PRIMARY KEY (clustering_id, signature_hash);


--
-- Name: clusterings clusterings_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.clusterings
    ADD CONSTRAINT clusterings_pkey PRIMARY KEY (id);


--
-- Name: clusters clusters_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.clusters
    ADD CONSTRAINT clusters_pkey PRIMARY KEY (clustering_id, label);


--
-- Name: dead_letters dead_letters_dedup_key_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.dead_letters
    ADD CONSTRAINT dead_letters_dedup_key_key UNIQUE (dedup_key);


--
-- Name: dead_letters dead_letters_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.dead_letters
    ADD CONSTRAINT dead_letters_pkey PRIMARY KEY (id);


--
-- Name: drop_folder_taken drop_folder_taken_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.drop_folder_taken
    ADD CONSTRAINT drop_folder_taken_pkey PRIMARY KEY (content_digest);


--
-- Name: embedding_store embedding_store_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.embedding_store
    ADD CONSTRAINT embedding_store_pkey PRIMARY KEY (model_version, text_hash);


--
-- Name: error_signatures error_signatures_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.error_signatures
    ADD CONSTRAINT error_signatures_pkey PRIMARY KEY (id);


--
-- Name: error_signatures error_signatures_signature_hash_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.error_signatures
    ADD CONSTRAINT error_signatures_signature_hash_key UNIQUE (signature_hash);


--
-- Name: event_counts event_counts_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.event_counts
    ADD CONSTRAINT event_counts_pkey PRIMARY KEY (name);


--
-- Name: golden_scores golden_scores_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.golden_scores
    ADD CONSTRAINT golden_scores_pkey PRIMARY KEY (key);


--
-- Name: idempotency_keys idempotency_keys_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT idempotency_keys_pkey PRIMARY KEY (key_hash);


--
-- Name: intake_history intake_history_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.intake_history
    ADD CONSTRAINT intake_history_pkey PRIMARY KEY (id);


--
-- Name: intake intake_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.intake
    ADD CONSTRAINT intake_pkey PRIMARY KEY (id);


--
-- Name: intake intake_report_id_content_digest_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.intake
    ADD CONSTRAINT intake_report_id_content_digest_key UNIQUE (report_id, content_digest);


--
-- Name: intake_transitions intake_transitions_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.intake_transitions
    ADD CONSTRAINT intake_transitions_pkey PRIMARY KEY (from_state, to_state);


--
-- Name: metric_bases metric_bases_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.metric_bases
    ADD CONSTRAINT metric_bases_pkey PRIMARY KEY (name, label);


--
-- Name: report_claims report_claims_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.report_claims
    ADD CONSTRAINT report_claims_pkey PRIMARY KEY (report_id);


--
-- Name: report_deletions report_deletions_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.report_deletions
    ADD CONSTRAINT report_deletions_pkey PRIMARY KEY (report_id);


--
-- Name: reports reports_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.reports
    ADD CONSTRAINT reports_pkey PRIMARY KEY (id);


--
-- Name: runtime_settings_history runtime_settings_history_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.runtime_settings_history
    ADD CONSTRAINT runtime_settings_history_pkey PRIMARY KEY (id);


--
-- Name: runtime_settings runtime_settings_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.runtime_settings
    ADD CONSTRAINT runtime_settings_pkey PRIMARY KEY (name);


--
-- Name: schema_steps schema_steps_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.schema_steps
    ADD CONSTRAINT schema_steps_pkey PRIMARY KEY (name);


--
-- Name: signal_outcomes signal_outcomes_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.signal_outcomes
    ADD CONSTRAINT signal_outcomes_pkey PRIMARY KEY (report_id, signal_id);


--
-- Name: signals signals_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.signals
    ADD CONSTRAINT signals_pkey PRIMARY KEY (id);


--
-- Name: signals signals_report_id_object_key_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.signals
    ADD CONSTRAINT signals_report_id_object_key_key UNIQUE (report_id, object_key);


--
-- Name: signature_occurrences signature_occurrences_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.signature_occurrences
    ADD CONSTRAINT signature_occurrences_pkey PRIMARY KEY (report_id, signature_hash, signal_id);


--
-- Name: stage_times stage_times_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.stage_times
    ADD CONSTRAINT stage_times_pkey PRIMARY KEY (report_id, stage);


--
-- Name: verdicts verdicts_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.verdicts
    ADD CONSTRAINT verdicts_pkey PRIMARY KEY (id);


--
-- Name: catalog_events_of; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX catalog_events_of ON public.catalog_events USING btree (problem_id, id);


--
-- Name: catalog_members_core; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX catalog_members_core ON public.catalog_members USING btree (core_id, signature_hash);


--
-- Name: catalog_members_problem; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX catalog_members_problem ON public.catalog_members USING btree (problem_id, signature_hash);


--
-- Name: catalog_problems_changed; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX catalog_problems_changed ON public.catalog_problems USING btree (updated_at, id);


--
-- Name: catalog_problems_merged; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX catalog_problems_merged ON public.catalog_problems USING btree (merged_into) WHERE (merged_into IS NOT NULL);


--
-- Name: cluster_members_by_label; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX cluster_members_by_label ON public.cluster_members USING btree (clustering_id, label);


--
-- Name: cluster_members_of; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX cluster_members_of ON public.cluster_members USING btree (signature_hash);


--
-- Name: clusterings_current; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX clusterings_current ON public.clusterings USING btree (report_id) WHERE is_current;


--
-- Name: clusterings_of; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX clusterings_of ON public.clusterings USING btree (report_id, created_at);


--
-- Name: dead_letters_by_time; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX dead_letters_by_time ON public.dead_letters USING btree (created_at DESC, id DESC);


--
-- Name: dead_letters_open; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX dead_letters_open ON public.dead_letters USING btree (created_at) WHERE (replayed_at IS NULL);


--
-- Name: dead_letters_unannounced; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX dead_letters_unannounced ON public.dead_letters USING btree (created_at) WHERE (announced_at IS NULL);


--
-- Name: error_signatures_embedding; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX error_signatures_embedding ON public.error_signatures USING hnsw (embedding public.vector_cosine_ops);


--
-- Name: error_signatures_first; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX error_signatures_first ON public.error_signatures USING btree (signature_hash) INCLUDE (report_id);


--
-- Name: error_signatures_head; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX error_signatures_head ON public.error_signatures USING gin (head public.gin_trgm_ops);


--
-- Name: error_signatures_report; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX error_signatures_report ON public.error_signatures USING btree (report_id);


--
-- Name: error_signatures_severity; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX error_signatures_severity ON public.error_signatures USING btree (severity, error_type);


--
-- Name: error_signatures_words; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX error_signatures_words ON public.error_signatures USING gin (words);


--
-- Name: idempotency_keys_age; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idempotency_keys_age ON public.idempotency_keys USING btree (created_at);


--
-- Name: intake_batch; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX intake_batch ON public.intake USING btree (batch_id) WHERE (state = 'RUNNING'::text);


--
-- Name: intake_by_report; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX intake_by_report ON public.intake USING btree (report_id, created_at DESC);


--
-- Name: intake_by_state; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX intake_by_state ON public.intake USING btree (state, created_at DESC);


--
-- Name: intake_due; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX intake_due ON public.intake USING btree (priority DESC, due_at, created_at) WHERE (state = 'PENDING'::text);


--
-- Name: intake_finished; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX intake_finished ON public.intake USING btree (finished_at DESC) WHERE (finished_at IS NOT NULL);


--
-- Name: intake_history_by_state; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX intake_history_by_state ON public.intake_history USING btree (to_state, at DESC);


--
-- Name: intake_history_of; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX intake_history_of ON public.intake_history USING btree (intake_id, id);


--
-- Name: intake_leased; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX intake_leased ON public.intake USING btree (lease_until) WHERE (state = 'RUNNING'::text);


--
-- Name: intake_of_report; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX intake_of_report ON public.intake USING btree (report_id, state);


--
-- Name: report_claims_of; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX report_claims_of ON public.report_claims USING btree (run_id);


--
-- Name: report_deletions_open; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX report_deletions_open ON public.report_deletions USING btree (requested_at) WHERE (finished_at IS NULL);


--
-- Name: reports_by_time; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX reports_by_time ON public.reports USING btree (created_at DESC, id DESC);


--
-- Name: runtime_settings_history_of; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX runtime_settings_history_of ON public.runtime_settings_history USING btree (name, id DESC);


--
-- Name: signature_occurrences_counts; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX signature_occurrences_counts ON public.signature_occurrences USING btree (signature_hash, report_id) INCLUDE (count, severity, first_seen, last_seen);


--
-- Name: stage_times_by_time; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX stage_times_by_time ON public.stage_times USING btree (at DESC);


--
-- Name: verdicts_of_a_pair; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX verdicts_of_a_pair ON public.verdicts USING btree (signature_hash, other_hash) WHERE ((removed_at IS NULL) AND (other_hash IS NOT NULL));


--
-- Name: verdicts_of_one; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX verdicts_of_one ON public.verdicts USING btree (signature_hash) WHERE ((removed_at IS NULL) AND (other_hash IS NULL));


--
-- Name: verdicts_other; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX verdicts_other ON public.verdicts USING btree (other_hash) WHERE (removed_at IS NULL);


--
-- Name: intake intake_guard; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER intake_guard BEFORE UPDATE ON public.intake FOR EACH ROW EXECUTE FUNCTION public.intake_guard();


--
-- Name: intake intake_keep_totals; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER intake_keep_totals BEFORE DELETE ON public.intake FOR EACH ROW EXECUTE FUNCTION public.intake_keep_totals();


--
-- Name: intake intake_record; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER intake_record AFTER INSERT OR UPDATE ON public.intake FOR EACH ROW EXECUTE FUNCTION public.intake_record();


--
-- Name: catalog_events catalog_events_other_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.catalog_events
    ADD CONSTRAINT catalog_events_other_id_fkey FOREIGN KEY (other_id) REFERENCES public.catalog_problems(id);


--
-- Name: catalog_events catalog_events_problem_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.catalog_events
    ADD CONSTRAINT catalog_events_problem_id_fkey FOREIGN KEY (problem_id) REFERENCES public.catalog_problems(id);


--
-- Name: catalog_members catalog_members_core_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.catalog_members
    ADD CONSTRAINT catalog_members_core_id_fkey FOREIGN KEY (core_id) REFERENCES public.catalog_problems(id);


--
-- Name: catalog_members catalog_members_problem_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.catalog_members
    ADD CONSTRAINT catalog_members_problem_id_fkey FOREIGN KEY (problem_id) REFERENCES public.catalog_problems(id);


--
-- Name: catalog_problems catalog_problems_merged_into_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.catalog_problems
    ADD CONSTRAINT catalog_problems_merged_into_fkey FOREIGN KEY (merged_into) REFERENCES public.catalog_problems(id);


--
-- Name: cluster_members cluster_members_clustering_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.cluster_members
    ADD CONSTRAINT cluster_members_clustering_id_fkey FOREIGN KEY (clustering_id) REFERENCES public.clusterings(id) ON DELETE CASCADE;


--
-- Name: clusterings clusterings_report_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.clusterings
    ADD CONSTRAINT clusterings_report_id_fkey FOREIGN KEY (report_id) REFERENCES public.reports(id) ON DELETE CASCADE;


--
-- Name: clusters clusters_clustering_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.clusters
    ADD CONSTRAINT clusters_clustering_id_fkey FOREIGN KEY (clustering_id) REFERENCES public.clusterings(id) ON DELETE CASCADE;


--
-- Name: dead_letters dead_letters_intake_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.dead_letters
    ADD CONSTRAINT dead_letters_intake_id_fkey FOREIGN KEY (intake_id) REFERENCES public.intake(id) ON DELETE CASCADE;


--
-- Name: dead_letters dead_letters_report_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.dead_letters
    ADD CONSTRAINT dead_letters_report_id_fkey FOREIGN KEY (report_id) REFERENCES public.reports(id) ON DELETE CASCADE;


--
-- Name: drop_folder_taken drop_folder_taken_report_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.drop_folder_taken
    ADD CONSTRAINT drop_folder_taken_report_id_fkey FOREIGN KEY (report_id) REFERENCES public.reports(id) ON DELETE CASCADE;


--
-- Name: error_signatures error_signatures_report_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.error_signatures
    ADD CONSTRAINT error_signatures_report_id_fkey FOREIGN KEY (report_id) REFERENCES public.reports(id);


--
-- Name: idempotency_keys idempotency_keys_report_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT idempotency_keys_report_id_fkey FOREIGN KEY (report_id) REFERENCES public.reports(id) ON DELETE CASCADE;


--
-- Name: intake_history intake_history_intake_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.intake_history
    ADD CONSTRAINT intake_history_intake_id_fkey FOREIGN KEY (intake_id) REFERENCES public.intake(id) ON DELETE CASCADE;


--
-- Name: intake intake_report_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.intake
    ADD CONSTRAINT intake_report_id_fkey FOREIGN KEY (report_id) REFERENCES public.reports(id) ON DELETE CASCADE;


--
-- Name: report_claims report_claims_report_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.report_claims
    ADD CONSTRAINT report_claims_report_id_fkey FOREIGN KEY (report_id) REFERENCES public.reports(id) ON DELETE CASCADE;


--
-- Name: signal_outcomes signal_outcomes_report_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.signal_outcomes
    ADD CONSTRAINT signal_outcomes_report_id_fkey FOREIGN KEY (report_id) REFERENCES public.reports(id) ON DELETE CASCADE;


--
-- Name: signal_outcomes signal_outcomes_signal_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.signal_outcomes
    ADD CONSTRAINT signal_outcomes_signal_id_fkey FOREIGN KEY (signal_id) REFERENCES public.signals(id) ON DELETE CASCADE;


--
-- Name: signals signals_report_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.signals
    ADD CONSTRAINT signals_report_id_fkey FOREIGN KEY (report_id) REFERENCES public.reports(id) ON DELETE CASCADE;


--
-- Name: signature_occurrences signature_occurrences_report_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.signature_occurrences
    ADD CONSTRAINT signature_occurrences_report_id_fkey FOREIGN KEY (report_id) REFERENCES public.reports(id) ON DELETE CASCADE;


--
-- Name: signature_occurrences signature_occurrences_signal_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.signature_occurrences
    ADD CONSTRAINT signature_occurrences_signal_id_fkey FOREIGN KEY (signal_id) REFERENCES public.signals(id) ON DELETE CASCADE;


--
-- Name: stage_times stage_times_report_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.stage_times
    ADD CONSTRAINT stage_times_report_id_fkey FOREIGN KEY (report_id) REFERENCES public.reports(id) ON DELETE CASCADE;


--
-- PostgreSQL database dump complete
--


