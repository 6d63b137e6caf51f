"""The whole life of a question: drafts, states, and who reads it then."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0007"
down_revision = "0006"

QUESTION = """
ALTER TABLE app.question DROP CONSTRAINT question_status_check,
    ADD CONSTRAINT question_status_check CHECK (status IN ('NEEDS_EDIT', 'BLOCKED', 'OPEN', 'RESOLVED', 'CLOSED', 'WITHDRAWN')),
    ADD COLUMN status_at  timestamptz,                -- since when; null for the first
    ADD COLUMN round      smallint NOT NULL DEFAULT 0, -- how often it was opened again
    ADD COLUMN delegation uuid REFERENCES app.delegation, -- on whose consent another asked it
    ADD COLUMN crisis     text[] NOT NULL DEFAULT '{}', -- signals that its words carry; behind the wall like the words
    ADD COLUMN cleared    boolean NOT NULL DEFAULT false; -- a supervisor upheld the appeal: not screened again
GRANT UPDATE (status_at, round, body, asked_at, category, division, policy, crisis) ON app.question TO app_api;
DROP POLICY ask ON app.question;
CREATE POLICY ask ON app.question FOR INSERT TO app_api WITH CHECK (NOT cleared AND CASE WHEN delegation IS NULL THEN asker = app.person()
    ELSE EXISTS (SELECT FROM app.delegation d WHERE d.id = delegation AND d.elder = asker AND d.delegate = app.person()
                                              AND d.ended_at IS NULL OFFSET 0) END);
DROP POLICY own ON app.question;
CREATE POLICY own ON app.question FOR UPDATE TO app_api USING (EXISTS (
    SELECT FROM app.reader r WHERE r.subject = id AND r.person = app.person() AND r.until > app.clock()
                               AND r.basis IN ('asker', 'delegate') OFFSET 0));
-- The worker ends what fell silent: columns without content.
GRANT SELECT (id, status, round, status_at, cleared), UPDATE (status, status_at, cleared) ON app.question TO app_worker;
CREATE POLICY worker ON app.question TO app_worker USING (true);

-- What lawyers have read is what was asked: words change only while nobody has been called.
CREATE FUNCTION app.words_stay() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
    RAISE 'a question that was sent keeps its words' USING ERRCODE = '42501';
END $$;
CREATE TRIGGER words_stay BEFORE UPDATE OF body, asked_at, division, policy ON app.question FOR EACH ROW
    WHEN (OLD.status <> 'NEEDS_EDIT' AND (OLD.body, OLD.asked_at, OLD.division, OLD.policy)
          IS DISTINCT FROM (NEW.body, NEW.asked_at, NEW.division, NEW.policy)) EXECUTE FUNCTION app.words_stay();

GRANT UPDATE (body) ON app.brief TO app_api;
CREATE POLICY own ON app.brief FOR UPDATE TO app_api USING (EXISTS (
    SELECT FROM app.reader r WHERE r.subject = id AND r.person = app.person() AND r.until > app.clock()
                               AND r.basis IN ('asker', 'delegate') OFFSET 0));
DROP POLICY ask ON app.brief;
CREATE POLICY ask ON app.brief FOR INSERT TO app_api WITH CHECK (EXISTS (
    SELECT FROM app.reader r WHERE r.subject = question AND r.person = app.person() AND r.basis IN ('asker', 'delegate') OFFSET 0));
DROP POLICY seal ON app.key;
CREATE POLICY seal ON app.key FOR INSERT TO app_api WITH CHECK (EXISTS (
    SELECT FROM app.reader r WHERE r.subject = key.subject AND r.person = app.person() AND r.basis IN ('asker', 'delegate') OFFSET 0));

CREATE TABLE app.draft (                              -- what a resident is writing, on any of her devices
    id       uuid PRIMARY KEY,
    person   uuid NOT NULL,
    content  bytea NOT NULL,                          -- sealed JSON; empty once it was wiped
    revision integer NOT NULL,
    saved_at timestamptz NOT NULL,
    asked_as uuid,
    wiped_at timestamptz);
CREATE INDEX draft_page ON app.draft (person, saved_at DESC, id DESC) WHERE asked_as IS NULL AND wiped_at IS NULL;
GRANT SELECT, INSERT, UPDATE (content, revision, saved_at, asked_as, wiped_at) ON app.draft TO app_api;
CREATE POLICY own ON app.draft TO app_api USING (person = app.person());
GRANT SELECT (id, saved_at, asked_as, wiped_at), UPDATE (content, wiped_at) ON app.draft TO app_worker;
CREATE POLICY worker ON app.draft FOR SELECT TO app_worker USING (true);
CREATE POLICY wipe   ON app.draft FOR UPDATE TO app_worker USING (true) WITH CHECK (content = '' AND wiped_at IS NOT NULL);
"""

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

CREATE OR REPLACE FUNCTION door.asker_reads() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO app.reader (subject, person, basis, since) VALUES (NEW.id, NEW.asker, 'asker', NEW.asked_at);
    IF NEW.delegation IS NOT NULL THEN                -- the policy has seen that the consent stands
        INSERT INTO app.reader (subject, person, basis, since) VALUES (NEW.id, app.person(), 'delegate', NEW.asked_at);
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION door.brief_reads() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO app.reader (subject, person, basis, since)
    SELECT NEW.id, person, basis, since FROM app.reader WHERE subject = NEW.question AND basis IN ('asker', 'delegate');
    RETURN NULL;
END $$;

-- A draft is its writer's own; what she seals under its key nobody else is ever given.
CREATE FUNCTION door.draft_reads() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO app.reader (subject, person, basis, since) VALUES (NEW.id, NEW.person, 'asker', NEW.saved_at);
    RETURN NULL;
END $$;

-- Consent withdrawn: the delegate reads nothing of the elder's from this instant.
CREATE FUNCTION door.delegation_ends() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.reader r SET until = app.clock()
    WHERE r.person = NEW.delegate AND r.basis = 'delegate' AND r.until > app.clock() AND EXISTS (
        SELECT FROM app.reader elder WHERE elder.subject = r.subject AND elder.person = NEW.elder AND elder.basis = 'asker');
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION door.question_ends() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.dispatch SET closed_at = app.clock() WHERE question = NEW.id;
    UPDATE app.seat SET ended_at = app.clock(), ended_why = CASE NEW.status WHEN 'WITHDRAWN' THEN 'WITHDRAWN' ELSE 'RESOLVED' END
    WHERE question = NEW.id AND ended_at IS NULL AND delivered_at IS NULL;
    UPDATE app.offer SET until = app.clock() WHERE question = NEW.id AND until > app.clock();
    RETURN NULL;
END $$;

CREATE FUNCTION door.question_reopens() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.dispatch SET closed_at = NULL WHERE question = NEW.id;
    RETURN NULL;
END $$;

GRANT EXECUTE ON FUNCTION door.draft_reads(), door.delegation_ends(), door.question_reopens() TO app_owner; -- to make the triggers
RESET ROLE;

CREATE TRIGGER draft_reads      AFTER INSERT ON app.draft FOR EACH ROW EXECUTE FUNCTION door.draft_reads();
CREATE TRIGGER delegation_ends  AFTER UPDATE OF ended_at ON app.delegation FOR EACH ROW
    WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL) EXECUTE FUNCTION door.delegation_ends();
CREATE TRIGGER question_reopens AFTER UPDATE OF status ON app.question FOR EACH ROW
    WHEN (OLD.status = 'RESOLVED' AND NEW.status = 'OPEN') EXECUTE FUNCTION door.question_reopens();
"""

POLICY = """
-- As policy 1, with the times of a question's whole life. Seconds.
INSERT INTO app.dispatch_policy (version, since, terms)
SELECT 2, app.clock(), terms || '{
    "named_for": 180, "senior_for": 1800,
    "follow_up_day": 1800, "follow_up_night": 14400, "day_begins": 8, "day_ends": 22,
    "silence": 259200, "reminded": 259200, "reopens": 2592000, "inquiry_holds": 1800}'
FROM app.dispatch_policy WHERE version = 1;
"""


def upgrade() -> None:
    run(op, QUESTION + DOOR + POLICY)
    wall(op, "draft")
