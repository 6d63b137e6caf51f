"""Files: what people send, whose it is while it hangs on nothing, and who reads it once it does."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0023"
down_revision = "0022"

FILES = """
CREATE TABLE app.file (                               -- its bytes lie in a store of their own, sealed under its key
    id           uuid PRIMARY KEY,
    owner        uuid,                                -- who sent it; nobody once a question is erased
    kind         text NOT NULL CHECK (kind IN ('VOICE', 'PICTURE', 'DOCUMENT')),
    content_type text NOT NULL,                       -- as claimed; once it is READY, as kept
    size         integer NOT NULL CHECK (size > 0),   -- bytes
    state        text NOT NULL CHECK (state IN ('WAITING', 'READY', 'REFUSED', 'GONE')),
    fault        text,                                -- why it was refused
    received     integer NOT NULL,                    -- how far an upload has come that may be broken off
    lease        uuid,                                -- of the one request that sends it now
    lease_until  timestamptz,
    made_at      timestamptz NOT NULL,
    keep_until   timestamptz NOT NULL,                -- while it hangs on nothing
    duration     integer,                             -- milliseconds
    width        integer,
    height       integer,
    thumbnail    integer,                             -- bytes
    kek          text,
    key          bytea NOT NULL,                      -- wrapped under kek; without one sealed under the subject's key; empty once gone
    subject      uuid,                                -- whose readers read it; with its key it is erased
    part         uuid,                                -- the question, answer or message it hangs on
    place        smallint,
    from_owner   boolean,                             -- as app.message has it
    addressee    uuid,
    attached_at  timestamptz,
    CHECK ((subject IS NULL) = (part IS NULL) AND (subject IS NULL) = (place IS NULL)
       AND (subject IS NULL) = (from_owner IS NULL) AND (subject IS NULL) = (attached_at IS NULL)),
    CHECK (subject IS NULL OR kek IS NULL),
    CHECK (owner IS NOT NULL OR state = 'GONE'));
CREATE INDEX file_loose   ON app.file (owner) WHERE subject IS NULL AND state IN ('WAITING', 'READY');
CREATE INDEX file_part    ON app.file (part, place) WHERE part IS NOT NULL;
CREATE INDEX file_subject ON app.file (subject)     WHERE subject IS NOT NULL;
GRANT SELECT, INSERT, UPDATE (content_type, size, state, fault, received, lease, lease_until, keep_until, duration, width, height,
    thumbnail, kek, key, subject, part, place, from_owner, addressee, attached_at) ON app.file TO app_api;
-- Its owner's alone until it hangs on something; then blind like the messages and the answers.
CREATE POLICY read ON app.file FOR SELECT TO app_api USING (CASE WHEN subject IS NULL THEN owner = app.person() ELSE EXISTS (
    SELECT FROM app.reader r WHERE r.subject = file.subject AND r.person = app.person() AND r.until > app.clock()
                               AND (r.basis <> 'seat' OR owner = r.person OR addressee = r.person OR from_owner AND addressee IS NULL) OFFSET 0) END);
CREATE POLICY send ON app.file FOR INSERT TO app_api WITH CHECK (owner = app.person() AND state = 'WAITING' AND subject IS NULL);
-- It is attached once, as it is, to what its owner may write about; then nothing of it changes.
CREATE POLICY attach ON app.file FOR UPDATE TO app_api USING (owner = app.person() AND subject IS NULL)
    WITH CHECK (owner = app.person() AND CASE WHEN subject IS NULL THEN true ELSE state = 'READY' AND EXISTS (
        SELECT FROM app.reader r WHERE r.subject = file.subject AND r.person = app.person() AND r.until > app.clock()
                                   AND r.basis <> 'offered' AND from_owner = (r.basis IN ('asker', 'delegate')) OFFSET 0) END);
-- The worker ends what hangs on nothing; it sees neither whose it is nor what.
GRANT SELECT (id, state, subject, keep_until), UPDATE (state, kek, key) ON app.file TO app_worker;
CREATE POLICY worker ON app.file FOR SELECT TO app_worker USING (true);
CREATE POLICY finish ON app.file FOR UPDATE TO app_worker USING (true) WITH CHECK (state = 'GONE' AND key = '' AND kek IS NULL);
-- Whoever rotates sees wrapped keys, as in app.key.
CREATE POLICY rotate ON app.file FOR SELECT TO app_owner USING (kek IS NOT NULL);
CREATE POLICY rewrap ON app.file FOR UPDATE TO app_owner USING (kek IS NOT NULL);
CREATE INDEX file_kek ON app.file (kek) WHERE kek IS NOT NULL;

-- The ledger says what of a subject was opened: a file, or (the same as the subject) what was written.
ALTER TABLE app.access NO FORCE ROW LEVEL SECURITY;
ALTER TABLE app.access ADD COLUMN part uuid;
UPDATE app.access SET part = subject;
ALTER TABLE app.access ALTER COLUMN part SET NOT NULL, DROP CONSTRAINT access_pkey, ADD PRIMARY KEY (subject, person, slot, part);
ALTER TABLE app.access FORCE ROW LEVEL SECURITY;
"""

DOOR = """
GRANT SELECT (owner, subject, part, from_owner), UPDATE (owner, addressee, state, kek, key) ON app.file TO app_door;
CREATE POLICY door ON app.file TO app_door USING (true);

SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- Two identities become one person: what she has sent and not used yet comes along.
CREATE FUNCTION door.files_move() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.file SET owner = NEW.person WHERE owner = OLD.person AND subject IS NULL;
    RETURN NULL;
END $$;

-- A message is opened to all: so are its files.
CREATE FUNCTION door.files_open() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.file SET addressee = NEW.addressee WHERE part = NEW.id;
    RETURN NULL;
END $$;

-- As it was, and files with their keys.
CREATE OR REPLACE FUNCTION door.destroy(asked uuid) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    subjects uuid[];
    keys bigint; texts bigint := 1; digests bigint := 0; links bigint := 1; n bigint;
BEGIN
    PERFORM FROM app.question WHERE id = asked AND status = 'ERASED';
    IF NOT FOUND THEN RETURN NULL; END IF;
    subjects := ARRAY(SELECT asked UNION ALL SELECT id FROM app.brief WHERE question = asked
        UNION ALL SELECT id FROM app.petition WHERE question = asked UNION ALL SELECT id FROM app.draft WHERE asked_as = asked);
    DELETE FROM app.key WHERE subject = ANY (subjects);                                GET DIAGNOSTICS keys = ROW_COUNT;

    UPDATE app.file SET state = 'GONE', kek = NULL, key = '', owner = CASE WHEN from_owner THEN NULL ELSE owner END
    WHERE subject = asked;                                                             GET DIAGNOSTICS n = ROW_COUNT; keys := keys + n;

    UPDATE app.brief SET body = '' WHERE question = asked;                             GET DIAGNOSTICS n = ROW_COUNT; texts := texts + n;
    UPDATE app.petition SET body = '', person = NULL WHERE question = asked;           GET DIAGNOSTICS n = ROW_COUNT; texts := texts + n;
    UPDATE app.answer SET content = '' WHERE question = asked;                         GET DIAGNOSTICS n = ROW_COUNT; texts := texts + n;
    UPDATE app.amendment SET content = '' WHERE question = asked;                      GET DIAGNOSTICS n = ROW_COUNT; texts := texts + n;
    UPDATE app.answer_draft SET content = '' WHERE question = asked;                   GET DIAGNOSTICS n = ROW_COUNT; texts := texts + n;
    UPDATE app.message SET body = '', author = CASE WHEN from_owner THEN NULL ELSE author END
    WHERE subject = asked;                                                             GET DIAGNOSTICS n = ROW_COUNT; texts := texts + n;

    DELETE FROM app.sketch WHERE question = asked;                                     GET DIAGNOSTICS n = ROW_COUNT; digests := digests + n;
    UPDATE app.dispatch SET party = NULL, named = '{}', division = left(division, 9)
    WHERE question = asked;                                                            GET DIAGNOSTICS n = ROW_COUNT; digests := digests + n;

    UPDATE app.rating SET rater = NULL, comment = NULL WHERE question = asked;         GET DIAGNOSTICS n = ROW_COUNT; links := links + n;
    UPDATE app.draft SET asked_as = NULL WHERE asked_as = asked;                       GET DIAGNOSTICS n = ROW_COUNT; links := links + n;
    DELETE FROM app.access WHERE subject = ANY (subjects) AND basis = 'delegate';      GET DIAGNOSTICS n = ROW_COUNT; links := links + n;
    DELETE FROM app.read_mark m WHERE m.subject = asked AND NOT EXISTS (
        SELECT FROM app.offer o WHERE o.question = asked AND o.lawyer = m.person);     GET DIAGNOSTICS n = ROW_COUNT; links := links + n;
    DELETE FROM app.notice t WHERE t.about = asked AND NOT EXISTS (
        SELECT FROM app.offer o WHERE o.question = asked AND o.lawyer = t.person);     GET DIAGNOSTICS n = ROW_COUNT; links := links + n;
    DELETE FROM app.reader WHERE subject = ANY (subjects)
        AND basis IN ('asker', 'delegate');                                            GET DIAGNOSTICS n = ROW_COUNT; links := links + n;
    -- Not `app.clock()`: for a transaction that began a moment earlier that would still lie ahead, and it would find no text.
    UPDATE app.reader SET until = 'epoch' WHERE subject = ANY (subjects);
    RETURN jsonb_build_object('keys', keys, 'texts', texts, 'digests', digests, 'links', links);
END $$;

GRANT EXECUTE ON FUNCTION door.files_move(), door.files_open() TO app_owner; -- to make the triggers
RESET ROLE;

CREATE TRIGGER files_move AFTER UPDATE OF person ON app.identity
    FOR EACH ROW WHEN (OLD.person <> NEW.person) EXECUTE FUNCTION door.files_move();
CREATE TRIGGER files_open AFTER UPDATE OF addressee ON app.message FOR EACH ROW EXECUTE FUNCTION door.files_open();
"""


def upgrade() -> None:
    run(op, FILES + DOOR)
    wall(op, "file")
