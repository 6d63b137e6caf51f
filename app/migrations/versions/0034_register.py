"""The register of institutions and legal workers: public, kept by the staff, and every change of it written down."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0034"
down_revision = "0033"

INSTITUTIONS = "'LAW_FIRM', 'LEGAL_AID_CENTRE', 'NOTARY_OFFICE', 'MEDIATION_COMMITTEE', 'JUDICIAL_OFFICE', 'SERVICE_WINDOW', 'ARBITRATION', 'FORENSIC'"
WORKERS = "'LAWYER', 'GRASSROOTS_LEGAL_WORKER', 'NOTARY', 'MEDIATOR', 'LEGAL_AID_OFFICER', 'WINDOW_STAFF'"

# What both tables share: the record, where it comes from, who changed it last and why, and how it is found.
RECORD = """
    number      text NOT NULL CHECK (number <> ''),       -- of the licence or the registration
    name        text NOT NULL,
    division    text NOT NULL,                            -- where in the city, '' outside it
    province    text NOT NULL,
    phones      text[] NOT NULL,
    specialties text[] NOT NULL,
    standing    text NOT NULL CHECK (standing IN ('ACTIVE', 'SUSPENDED', 'LEFT')),
    source      text NOT NULL CHECK (source <> ''),
    verified_at timestamptz,
    example     boolean NOT NULL,                         -- made up, and says so in its words
    version     integer NOT NULL CHECK (version > 0),
    changed_at  timestamptz NOT NULL,
    changed_by  uuid,                                     -- NULL: whoever owns the database, by a command
    reason      text NOT NULL,
    label       text NOT NULL,                            -- |each name|each name's pinyin|its initials|
    terms       tsvector NOT NULL,                        -- the pieces of all that it may be asked for by
"""
COMMON = "number, name, division, province, phones, specialties, standing, source, verified_at, example, version, changed_at, label, terms"
AN_OFFICE = "aliases, address, longitude, latitude, place_source, place_precision"
A_WORKER = "institution, workplace, languages"

TABLES = f"""
-- In a schema of its own, so that statements find it whatever the search path. PostgreSQL lets an owner of the database make it.
CREATE SCHEMA trigram;
GRANT USAGE ON SCHEMA trigram TO app_api, app_worker;
CREATE EXTENSION pg_trgm WITH SCHEMA trigram;
CREATE TABLE app.institution (
    id          uuid PRIMARY KEY,
    kind        text NOT NULL CHECK (kind IN ({INSTITUTIONS})),{RECORD}
    aliases     text[] NOT NULL,
    address     text NOT NULL,
    longitude   double precision,                         -- WGS-84, in degrees
    latitude    double precision,
    place_source    text NOT NULL,                        -- who says so
    place_precision text NOT NULL CHECK (place_precision IN ('', 'ENTRANCE', 'BUILDING', 'STREET', 'DIVISION')),
    UNIQUE (kind, number),
    CHECK (NOT example OR name LIKE '%示例%'),
    CHECK ((longitude IS NULL) = (latitude IS NULL) AND (longitude IS NULL) = (place_precision = '')),
    CHECK (longitude BETWEEN 73 AND 136 AND latitude BETWEEN 3 AND 54));   -- in the country, and not the other way round
CREATE TABLE app.legal_worker (
    id          uuid PRIMARY KEY,
    kind        text NOT NULL CHECK (kind IN ({WORKERS})),{RECORD}
    institution uuid REFERENCES app.institution,
    workplace   text NOT NULL,                            -- its name, whether or not it is in the register
    languages   text[] NOT NULL,
    UNIQUE (kind, number),
    CHECK (NOT example OR name || workplace LIKE '%示例%'));
CREATE TABLE app.register_change (                        -- no row is changed, none goes
    subject uuid NOT NULL,
    version integer NOT NULL,
    at      timestamptz NOT NULL,
    editor  uuid,
    reason  text NOT NULL,
    before  jsonb NOT NULL,                               -- of what changed alone; empty for what is new
    after   jsonb NOT NULL,
    PRIMARY KEY (subject, version));
CREATE INDEX institution_named  ON app.institution (name);
CREATE INDEX institution_listed ON app.institution (label, id) WHERE standing = 'ACTIVE';
CREATE INDEX institution_terms  ON app.institution USING gin (terms);
CREATE INDEX institution_label  ON app.institution USING gin (label trigram.gin_trgm_ops);
CREATE INDEX legal_worker_of     ON app.legal_worker (institution, id);
CREATE INDEX legal_worker_listed ON app.legal_worker (label, id) WHERE standing = 'ACTIVE';
CREATE INDEX legal_worker_terms  ON app.legal_worker USING gin (terms);
CREATE INDEX legal_worker_label  ON app.legal_worker USING gin (label trigram.gin_trgm_ops);
"""

KEEPER = """EXISTS (SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role IN ('EDITOR', 'OFFICER', 'ADMIN')
                            AND h.until > app.clock() OFFSET 0)"""


def rights(table: str, own: str) -> str:
    """Everybody reads, but for who changed it and why; the staff write, in their own name and at this moment."""
    columns = f"kind, {COMMON}, {own}, changed_by, reason"
    signed = "changed_by = app.person() AND changed_at = app.clock()"
    return f"""
GRANT SELECT (id, kind, {COMMON}, {own}) ON app.{table} TO app_api, app_worker;
GRANT INSERT (id, {columns}), UPDATE ({columns}) ON app.{table} TO app_api;
GRANT SELECT, INSERT, UPDATE ON app.{table} TO app_owner;
CREATE POLICY everyone ON app.{table} FOR SELECT TO app_api, app_worker USING (true);
CREATE POLICY enter    ON app.{table} FOR INSERT TO app_api WITH CHECK (version = 1 AND {signed} AND {KEEPER});
CREATE POLICY change   ON app.{table} FOR UPDATE TO app_api USING ({KEEPER}) WITH CHECK ({signed});
CREATE POLICY owner    ON app.{table} TO app_owner USING (true);
CREATE TRIGGER register_changes AFTER INSERT OR UPDATE ON app.{table} FOR EACH ROW EXECUTE FUNCTION door.register_changes();
"""


DOOR = f"""
GRANT SELECT ON app.register_change TO app_api, app_owner;
CREATE POLICY staff ON app.register_change FOR SELECT TO app_api USING ({KEEPER});
CREATE POLICY owner ON app.register_change FOR SELECT TO app_owner USING (true);
GRANT INSERT ON app.register_change TO app_door;
CREATE POLICY door ON app.register_change FOR INSERT TO app_door WITH CHECK (true);
SET LOCAL ROLE app_door;
-- What a record was before and is now, in nobody's hands: a version that is skipped or written twice is an error.
CREATE FUNCTION door.register_changes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    book constant text[] := '{{label,terms,version,changed_at,changed_by,reason}}';
    was jsonb := '{{}}';
    now_is jsonb := to_jsonb(NEW) - book;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.version <> OLD.version + 1 THEN RAISE 'a change makes the next version' USING ERRCODE = '42501'; END IF;
        was := to_jsonb(OLD) - book;
    END IF;
    INSERT INTO app.register_change (subject, version, at, editor, reason, before, after)
    SELECT NEW.id, NEW.version, NEW.changed_at, NEW.changed_by, NEW.reason,
           coalesce(jsonb_object_agg(key, was -> key) FILTER (WHERE was ? key), '{{}}'), coalesce(jsonb_object_agg(key, value), '{{}}')
    FROM jsonb_each(now_is) WHERE was -> key IS DISTINCT FROM value;
    RETURN NULL;
END $$;
GRANT EXECUTE ON FUNCTION door.register_changes() TO app_owner;
RESET ROLE;
{rights("institution", AN_OFFICE)}{rights("legal_worker", A_WORKER)}"""


def upgrade() -> None:
    run(op, TABLES + DOOR)
    wall(op, "institution", "legal_worker", "register_change")
