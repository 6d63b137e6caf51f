"""What is erased is destroyed: keys, texts, digests, and whose it was. Legal holds; how long things are kept."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0018"
down_revision = "0017"

TABLES = """
CREATE TABLE app.retention_policy (                   -- how long what is kept; versions are added, never changed
    version smallint PRIMARY KEY,
    terms   jsonb NOT NULL,                           -- seconds
    since   timestamptz NOT NULL);
GRANT SELECT ON app.retention_policy TO app_api, app_worker, app_door;
GRANT SELECT, INSERT ON app.retention_policy TO app_owner;
CREATE POLICY everyone ON app.retention_policy FOR SELECT TO app_api, app_worker, app_door USING (true);
CREATE POLICY owner    ON app.retention_policy TO app_owner USING (true);
-- Contents three years after the end; what was blocked half a year, for which the law wants a record (网络安全法); backups
-- five weeks.
INSERT INTO app.retention_policy (version, since, terms) VALUES (1, app.clock(), '{
    "backup": 3024000, "content": 94608000, "blocked": 15552000}');

CREATE TABLE app.legal_hold (                         -- kept, and by nobody erased, until it is lifted; opens nothing to anybody
    id        uuid PRIMARY KEY,
    subject   uuid NOT NULL,                          -- a question, or a person: then all that is hers
    why       text NOT NULL CHECK (length(why) BETWEEN 1 AND 500),
    document  text NOT NULL CHECK (length(document) BETWEEN 1 AND 200), -- the order's number
    placed_by text NOT NULL CHECK (length(placed_by) BETWEEN 1 AND 100),
    placed_at timestamptz NOT NULL,
    lifted_by text CHECK (length(lifted_by) BETWEEN 1 AND 100),
    lifted_at timestamptz);
CREATE UNIQUE INDEX legal_hold_live ON app.legal_hold (subject, document) WHERE lifted_at IS NULL;
GRANT SELECT, INSERT, UPDATE (lifted_by, lifted_at) ON app.legal_hold TO app_owner;
CREATE POLICY owner ON app.legal_hold TO app_owner USING (true);
GRANT SELECT (subject, lifted_at) ON app.legal_hold TO app_api, app_worker, app_door;
CREATE POLICY own ON app.legal_hold FOR SELECT TO app_api USING (CASE WHEN subject = app.person() THEN true ELSE EXISTS (
    SELECT FROM app.reader r WHERE r.subject = legal_hold.subject AND r.person = app.person() AND r.basis = 'asker' OFFSET 0) END);
CREATE POLICY worker ON app.legal_hold FOR SELECT TO app_worker USING (true);
CREATE POLICY door   ON app.legal_hold FOR SELECT TO app_door USING (true);

CREATE TABLE app.erasure (                            -- that a question was erased, and what of it; nobody's name
    id            uuid PRIMARY KEY,
    question      uuid NOT NULL UNIQUE REFERENCES app.question,
    why           text NOT NULL CHECK (why IN ('ASKED', 'RETENTION', 'ACCOUNT_CLOSED')),
    asked_at      timestamptz NOT NULL,
    at            timestamptz NOT NULL,
    backups_until timestamptz NOT NULL,               -- no backup that still holds it is kept longer
    destroyed     jsonb NOT NULL);                    -- how many keys, texts, digests and links; counted by the trigger
GRANT SELECT, INSERT ON app.erasure TO app_api, app_worker;
CREATE POLICY read ON app.erasure FOR SELECT TO app_api USING (EXISTS (
    SELECT FROM app.reader r WHERE r.subject = id AND r.person = app.person() AND r.until > app.clock() OFFSET 0));
CREATE POLICY make ON app.erasure FOR INSERT TO app_api WITH CHECK (why = 'ASKED' AND destroyed = '{}' AND EXISTS (
    SELECT FROM app.reader r WHERE r.subject = question AND r.person = app.person() AND r.until > app.clock() AND r.basis = 'asker' OFFSET 0));
CREATE POLICY worker ON app.erasure TO app_worker USING (true);
"""

QUESTION = """
ALTER TABLE app.question
    DROP CONSTRAINT question_status_check,
    ADD CONSTRAINT question_status_check CHECK (status IN ('NEEDS_EDIT', 'BLOCKED', 'OPEN', 'RESOLVED', 'CLOSED', 'WITHDRAWN', 'ERASED')),
    ALTER COLUMN asker DROP NOT NULL,
    ADD CONSTRAINT question_erased CHECK (CASE status WHEN 'ERASED' THEN asker IS NULL AND delegation IS NULL AND body = '' AND crisis = '{}'
                                          ELSE asker IS NOT NULL END);
ALTER TABLE app.message  ALTER COLUMN author DROP NOT NULL, ADD CONSTRAINT message_author CHECK (author IS NOT NULL OR from_owner);
ALTER TABLE app.rating   ALTER COLUMN rater  DROP NOT NULL;
ALTER TABLE app.petition ALTER COLUMN person DROP NOT NULL;
CREATE INDEX draft_sent   ON app.draft (asked_as) WHERE asked_as IS NOT NULL;
CREATE INDEX notice_about ON app.notice (about);
GRANT SELECT (asked_at) ON app.question TO app_worker; -- how old what it erases is

CREATE FUNCTION app.erased_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
    RAISE 'what was erased stays erased' USING ERRCODE = '42501';
END $$;
CREATE TRIGGER erased_stays BEFORE UPDATE ON app.question FOR EACH ROW
    WHEN (OLD.status = 'ERASED') EXECUTE FUNCTION app.erased_stays();
"""

DOOR = """
-- The hand that destroys: it finds rows by their ids, empties them, and reads no content.
GRANT SELECT (status) ON app.question TO app_door;
GRANT SELECT (subject), DELETE ON app.key TO app_door;
GRANT DELETE ON app.reader TO app_door;
GRANT SELECT (id, question), UPDATE (body) ON app.brief TO app_door;
GRANT SELECT (question), UPDATE (person, body) ON app.petition TO app_door;
GRANT SELECT (id, asked_as), UPDATE (asked_as) ON app.draft TO app_door;
GRANT UPDATE (content) ON app.answer TO app_door;
GRANT SELECT (question), UPDATE (content) ON app.amendment TO app_door;
GRANT SELECT (question), UPDATE (content) ON app.answer_draft TO app_door;
GRANT SELECT (question), DELETE ON app.sketch TO app_door;
GRANT UPDATE (rater, comment) ON app.rating TO app_door;
GRANT SELECT (subject, author, from_owner), UPDATE (author, body) ON app.message TO app_door;
GRANT SELECT (subject, person), DELETE ON app.read_mark TO app_door;
GRANT SELECT (subject, basis), DELETE ON app.access TO app_door;
GRANT SELECT (about), DELETE ON app.notice TO app_door;
GRANT UPDATE (division, named, party) ON app.dispatch TO app_door;
GRANT SELECT (question), UPDATE (destroyed) ON app.erasure TO app_door;
CREATE POLICY door ON app.key          TO app_door USING (true);
CREATE POLICY door ON app.brief        TO app_door USING (true);
CREATE POLICY door ON app.amendment    TO app_door USING (true);
CREATE POLICY door ON app.answer_draft TO app_door USING (true);
CREATE POLICY door ON app.sketch       TO app_door USING (true);
CREATE POLICY door ON app.message      TO app_door USING (true);
CREATE POLICY door ON app.read_mark    TO app_door USING (true);
CREATE POLICY door ON app.access       TO app_door USING (true);
CREATE POLICY door ON app.erasure      TO app_door USING (true);
DROP POLICY door ON app.rating;
CREATE POLICY door ON app.rating       TO app_door USING (true);

SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- A hold and an erasure never pass each other: placing one waits for erasures under way, and these wait for it.
CREATE FUNCTION door.hold_begins() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('legal hold', 0));
    RETURN NULL;
END $$;

-- Who erased it goes on seeing the receipt until the backups have lost what was erased; then that link goes too.
CREATE FUNCTION door.erasure_reads() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO app.reader (subject, person, basis, since, until)
    SELECT NEW.id, person, 'asker', NEW.at, NEW.backups_until FROM app.reader WHERE subject = NEW.question AND basis = 'asker';
    RETURN NULL;
END $$;

-- In somebody's own name only what she asked herself, and nothing that the law wants on record. A village is too small a
-- place to stay with what is nobody's any more: its town does.
CREATE FUNCTION door.question_empties() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('legal hold', 0));
    IF EXISTS (SELECT FROM app.legal_hold h WHERE h.lifted_at IS NULL AND (h.subject IN (OLD.id, OLD.asker) OR EXISTS (
            SELECT FROM app.reader r WHERE r.subject = OLD.id AND r.person = h.subject AND r.basis = 'asker'))) THEN
        RAISE 'a legal hold keeps this question' USING ERRCODE = '42501';
    END IF;
    IF app.person() IS NOT NULL AND (OLD.status = 'BLOCKED' OR NOT EXISTS (
            SELECT FROM app.reader r WHERE r.subject = OLD.id AND r.person = app.person() AND r.basis = 'asker')) THEN
        RAISE 'not hers to erase' USING ERRCODE = '42501';
    END IF;
    NEW.asker := NULL;
    NEW.delegation := NULL;
    NEW.body := '';
    NEW.crisis := '{}';
    NEW.division := left(NEW.division, 9);
    RETURN NEW;
END $$;

-- Everything that hangs on an erased question. What stays says which lawyers did what when, and of whom nothing. Again
-- finds what was written while it ran.
CREATE FUNCTION door.destroy(asked uuid) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    subjects uuid[];
    keys bigint; texts bigint := 1; digests bigint := 0; links bigint := 1; n bigint;
BEGIN
    PERFORM FROM app.question WHERE id = asked AND status = 'ERASED';
    IF NOT FOUND THEN RETURN NULL; END IF;
    subjects := ARRAY(SELECT asked UNION ALL SELECT id FROM app.brief WHERE question = asked
        UNION ALL SELECT id FROM app.petition WHERE question = asked UNION ALL SELECT id FROM app.draft WHERE asked_as = asked);
    DELETE FROM app.key WHERE subject = ANY (subjects);                                GET DIAGNOSTICS keys = ROW_COUNT;

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

CREATE FUNCTION door.question_erased() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.erasure SET destroyed = door.destroy(NEW.id) WHERE question = NEW.id;
    IF NOT FOUND THEN RAISE 'nothing is erased without a receipt' USING ERRCODE = '42501'; END IF;
    RETURN NULL;
END $$;

GRANT EXECUTE ON FUNCTION door.hold_begins(), door.erasure_reads(), door.question_empties(), door.question_erased() TO app_owner; -- to make the triggers
GRANT EXECUTE ON FUNCTION door.destroy(uuid) TO app_worker;
GRANT USAGE ON SCHEMA door TO app_worker;
RESET ROLE;

CREATE TRIGGER hold_begins      AFTER INSERT ON app.legal_hold FOR EACH ROW EXECUTE FUNCTION door.hold_begins();
CREATE TRIGGER erasure_reads    AFTER INSERT ON app.erasure FOR EACH ROW EXECUTE FUNCTION door.erasure_reads();
CREATE TRIGGER question_empties BEFORE UPDATE OF status ON app.question FOR EACH ROW
    WHEN (OLD.status <> 'ERASED' AND NEW.status = 'ERASED') EXECUTE FUNCTION door.question_empties();
CREATE TRIGGER question_erased  AFTER UPDATE OF status ON app.question FOR EACH ROW
    WHEN (OLD.status <> 'ERASED' AND NEW.status = 'ERASED') EXECUTE FUNCTION door.question_erased();
"""

TASKS = """
-- What a task was about may be gone: the worker ends it, and no task for another reason.
ALTER TABLE app.task DROP CONSTRAINT task_outcome_check,
    ADD CONSTRAINT task_outcome_check CHECK (outcome IN ('DONE', 'NOT_REACHED', 'UPHELD', 'DISMISSED', 'ERASED'));
GRANT UPDATE (done_at, outcome) ON app.task TO app_worker;
CREATE POLICY worker_ends ON app.task AS RESTRICTIVE FOR UPDATE TO app_worker USING (done_at IS NULL)
    WITH CHECK (CASE WHEN done_at IS NULL THEN true ELSE outcome = 'ERASED' END);
"""


def upgrade() -> None:
    run(op, TABLES + QUESTION + DOOR + TASKS)
    wall(op, "retention_policy", "legal_hold", "erasure")
