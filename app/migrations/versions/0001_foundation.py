"""Who is asking, what time it is, who may read; keys, the access ledger, events, news and repeats."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0001"
down_revision = None

IDENTITY = """
CREATE SCHEMA door AUTHORIZATION app_door;
GRANT USAGE ON SCHEMA app TO app_door, app_api, app_worker;
-- Without IN SCHEMA: a per-schema default can only add to the global one, never take PUBLIC's EXECUTE away.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- The questions a policy asks the outside. After a transaction a custom setting is '' and not NULL, hence nullif.
CREATE FUNCTION app.person() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('app.person', true), '')::uuid;
-- What a caller who is nobody yet holds in hand: digests of a phone, an openid, a refresh token.
CREATE FUNCTION app.presented() RETURNS bytea[] LANGUAGE sql STABLE PARALLEL SAFE
    RETURN ARRAY(SELECT decode(d, 'hex')
                 FROM unnest(string_to_array(nullif(current_setting('app.presented', true), ''), ',')) AS d);
-- The clock of every deadline. A test database replaces this body; policies keep its oid.
CREATE FUNCTION app.clock() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE RETURN now();
GRANT EXECUTE ON FUNCTION app.person(), app.presented(), app.clock() TO app_door, app_api, app_worker;
"""

READER = """
CREATE TABLE app.reader (                             -- one person, one basis, one subject
    subject uuid NOT NULL,
    person  uuid NOT NULL,
    basis   text NOT NULL CHECK (basis IN ('asker', 'offered', 'seat', 'answered')),
    since   timestamptz NOT NULL,
    until   timestamptz NOT NULL DEFAULT 'infinity',  -- never NULL: one comparison, no OR
    PRIMARY KEY (subject, person));
-- Listings are driven from here. A lawyer's many offers have a page of their own.
CREATE INDEX reader_page ON app.reader (person, since DESC, subject DESC) INCLUDE (until, basis) WHERE basis <> 'offered';

-- A bare comparison: every other policy may ask reader, and reader asks none.
GRANT SELECT ON app.reader TO app_api, app_worker;
CREATE POLICY own    ON app.reader FOR SELECT TO app_api    USING (person = app.person());
CREATE POLICY worker ON app.reader FOR SELECT TO app_worker USING (true);
GRANT SELECT, INSERT, UPDATE (basis, until) ON app.reader TO app_door;
CREATE POLICY door ON app.reader TO app_door USING (true);

CREATE TABLE app.key (                                -- a data key, wrapped; to erase a subject is to delete this row
    subject uuid PRIMARY KEY,
    kek     text NOT NULL,
    wrapped bytea NOT NULL);
GRANT SELECT, INSERT ON app.key TO app_api;
-- OFFSET 0 is load-bearing: one probe of reader's primary key a row, and keyset order survives.
CREATE POLICY read ON app.key FOR SELECT TO app_api USING (EXISTS (
    SELECT FROM app.reader r WHERE r.subject = key.subject AND r.person = app.person() AND r.until > app.clock() OFFSET 0));
CREATE POLICY seal ON app.key FOR INSERT TO app_api WITH CHECK (EXISTS (
    SELECT FROM app.reader r WHERE r.subject = key.subject AND r.person = app.person() AND r.basis = 'asker' OFFSET 0));

CREATE TABLE app.access (                             -- who else than the asker was given a key; append only
    subject uuid NOT NULL,
    person  uuid NOT NULL,
    slot    bigint NOT NULL,                          -- quarter of an hour since 1970
    basis   text NOT NULL,
    at      timestamptz NOT NULL,
    PRIMARY KEY (subject, person, slot));
GRANT SELECT, INSERT ON app.access TO app_api;
CREATE POLICY write ON app.access FOR INSERT TO app_api WITH CHECK (person = app.person() AND EXISTS (
    SELECT FROM app.reader r WHERE r.subject = access.subject AND r.person = app.person() AND r.until > app.clock() OFFSET 0));
CREATE POLICY asker ON app.access FOR SELECT TO app_api USING (EXISTS (
    SELECT FROM app.reader r WHERE r.subject = access.subject AND r.person = app.person() AND r.basis = 'asker' OFFSET 0));
"""

EVENTS = """
CREATE TABLE app.outbox (                             -- facts, due now or later; PostgreSQL remembers, arq does
    id       uuid PRIMARY KEY,
    kind     text NOT NULL,
    actor    uuid,
    ids      jsonb NOT NULL,
    due_at   timestamptz NOT NULL,
    next_at  timestamptz NOT NULL,                    -- due_at at first, then the end of the hand-over's lease
    handed   integer NOT NULL DEFAULT 0,
    reacted  text[] NOT NULL DEFAULT '{}',
    done_at  timestamptz) WITH (fillfactor = 70);
CREATE INDEX outbox_due ON app.outbox (next_at) WHERE done_at IS NULL;
GRANT INSERT ON app.outbox TO app_api;                -- no SELECT: no RETURNING, ids are made in Python
CREATE POLICY emit ON app.outbox FOR INSERT TO app_api WITH CHECK (actor IS NOT DISTINCT FROM app.person());
GRANT SELECT, INSERT, UPDATE (next_at, handed, reacted, done_at) ON app.outbox TO app_worker;
CREATE POLICY worker ON app.outbox TO app_worker USING (true);

CREATE TABLE app.feed (                               -- news of a subject for its readers, or for one person
    xid     xid8 NOT NULL DEFAULT pg_current_xact_id(),
    id      bigint GENERATED ALWAYS AS IDENTITY,
    subject uuid,
    person  uuid,
    kind    text NOT NULL,
    ids     jsonb NOT NULL,
    at      timestamptz NOT NULL,
    CHECK ((subject IS NULL) <> (person IS NULL)),
    PRIMARY KEY (xid, id));
CREATE INDEX feed_subject ON app.feed (subject, xid, id) WHERE subject IS NOT NULL;
CREATE INDEX feed_person  ON app.feed (person, xid, id)  WHERE person IS NOT NULL;
GRANT INSERT, SELECT ON app.feed TO app_api;
CREATE POLICY emit ON app.feed FOR INSERT TO app_api WITH CHECK (
    CASE WHEN person IS NOT NULL THEN person = app.person() ELSE EXISTS (
        SELECT FROM app.reader r WHERE r.subject = feed.subject AND r.person = app.person() AND r.until > app.clock() OFFSET 0) END);
CREATE POLICY read ON app.feed FOR SELECT TO app_api USING (
    CASE WHEN person IS NOT NULL THEN person = app.person() ELSE EXISTS (
        SELECT FROM app.reader r WHERE r.subject = feed.subject AND r.person = app.person() AND r.until > app.clock() OFFSET 0) END);
GRANT INSERT ON app.feed TO app_worker;
CREATE POLICY worker ON app.feed FOR INSERT TO app_worker WITH CHECK (true);

CREATE TABLE app.idempotency (                        -- which node a key made; no content
    actor       uuid NOT NULL,
    key         text NOT NULL CHECK (length(key) BETWEEN 8 AND 64),
    operation   text NOT NULL,
    input_hmac  bytea NOT NULL,
    result_id   uuid NOT NULL,
    at          timestamptz NOT NULL,
    PRIMARY KEY (actor, key));
GRANT SELECT, INSERT ON app.idempotency TO app_api;
CREATE POLICY own ON app.idempotency TO app_api USING (actor = app.person());
"""


def upgrade() -> None:
    run(op, IDENTITY + READER + EVENTS)
    wall(op, "reader", "key", "access", "outbox", "feed", "idempotency")
