"""Lawyers apply, an administrator checks and decides; what they sent is destroyed some time after the decision."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0027"
down_revision = "0026"

TABLES = """
CREATE TABLE app.lawyer_application (                 -- a subject of its own: its readers are who applies and who checks it
    id         uuid PRIMARY KEY,
    person     uuid NOT NULL REFERENCES app.person,
    licence    bytea NOT NULL,                        -- a keyed digest of its number; empty once the text is destroyed
    body       bytea NOT NULL,                        -- sealed JSON; the same
    state      text NOT NULL CHECK (state IN ('OPEN', 'APPROVED', 'REFUSED', 'WITHDRAWN')),
    made_at    timestamptz NOT NULL,
    checker    uuid,                                  -- the administrator who reads it now, or who decided
    decided_at timestamptz,
    reason     bytea,                                 -- sealed; who takes hers back gives none
    keep_until timestamptz,                           -- then text and pictures are destroyed
    CHECK ((state = 'OPEN') = (decided_at IS NULL) AND (decided_at IS NULL) = (keep_until IS NULL)),
    CHECK ((state IN ('APPROVED', 'REFUSED')) = (reason IS NOT NULL) AND (reason IS NULL OR checker IS NOT NULL)));
-- One that is open a person, and one a licence, however many are made at once.
CREATE UNIQUE INDEX lawyer_application_person  ON app.lawyer_application (person)  WHERE state = 'OPEN';
CREATE UNIQUE INDEX lawyer_application_licence ON app.lawyer_application (licence) WHERE state = 'OPEN';
CREATE INDEX lawyer_application_open    ON app.lawyer_application (made_at, id) WHERE state = 'OPEN';
CREATE INDEX lawyer_application_done    ON app.lawyer_application (made_at, id) WHERE state <> 'OPEN';
CREATE INDEX lawyer_application_of      ON app.lawyer_application (person, made_at);
CREATE INDEX lawyer_application_checked ON app.lawyer_application (checker) WHERE state = 'OPEN';
GRANT SELECT, INSERT (id, person, licence, body, state, made_at), UPDATE (state, checker, decided_at, reason, keep_until)
    ON app.lawyer_application TO app_api;
-- Administrators see that there is one. What it says is sealed: the policy of app.key asks who reads it.
CREATE POLICY read ON app.lawyer_application FOR SELECT TO app_api USING (CASE WHEN person = app.person() THEN true ELSE EXISTS (
    SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role = 'ADMIN' AND h.until > app.clock() OFFSET 0) END);
CREATE POLICY apply ON app.lawyer_application FOR INSERT TO app_api
    WITH CHECK (person = app.person() AND state = 'OPEN' AND made_at = app.clock());
CREATE POLICY withdraw ON app.lawyer_application FOR UPDATE TO app_api USING (state = 'OPEN' AND person = app.person())
    WITH CHECK (person = app.person() AND state = 'WITHDRAWN' AND decided_at = app.clock() AND keep_until = app.clock());
-- Nobody checks her own.
CREATE POLICY decide ON app.lawyer_application FOR UPDATE TO app_api USING (state = 'OPEN' AND person <> app.person() AND EXISTS (
    SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role = 'ADMIN' AND h.until > app.clock() OFFSET 0))
    WITH CHECK (person <> app.person() AND checker = app.person() AND CASE WHEN state = 'OPEN' THEN true
                ELSE state IN ('APPROVED', 'REFUSED') AND decided_at = app.clock() AND keep_until > app.clock() END);
GRANT SELECT (id, person, state, keep_until) ON app.lawyer_application TO app_worker;
CREATE POLICY worker ON app.lawyer_application FOR SELECT TO app_worker USING (true);
GRANT SELECT (id, person, state, checker, decided_at, keep_until), UPDATE (person, licence, body, state, checker, decided_at, keep_until)
    ON app.lawyer_application TO app_door;
CREATE POLICY door ON app.lawyer_application TO app_door USING (true);

-- Whoever is approved is entered by who approved her, in the same moment: a trigger asks for it.
GRANT INSERT ON app.firm TO app_api;
CREATE POLICY enter ON app.firm FOR INSERT TO app_api WITH CHECK (EXISTS (
    SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role = 'ADMIN' AND h.until > app.clock() OFFSET 0));
GRANT INSERT (id, licence, title, name, firm, pool, specialties, divisions, languages, gender, practising_since, introduction)
    ON app.lawyer TO app_api;
CREATE POLICY enter ON app.lawyer FOR INSERT TO app_api WITH CHECK (id <> app.person() AND EXISTS (
    SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role = 'ADMIN' AND h.until > app.clock() OFFSET 0));

ALTER TABLE app.person_move DROP CONSTRAINT person_move_kind_check,
    ADD CONSTRAINT person_move_kind_check CHECK (kind IN ('ROLES', 'SUSPENDED', 'REINSTATED', 'TOTP_RESET', 'ADMITTED'));

-- A month for what was sent with a lawyer's application, from its decision (PIPL 19, 47).
INSERT INTO app.retention_policy (version, since, terms)
SELECT version + 1, app.clock(), terms || '{"licence": 2592000}' FROM app.retention_policy ORDER BY version DESC LIMIT 1;
"""

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

CREATE FUNCTION door.application_made() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO app.reader (subject, person, basis, since) VALUES (NEW.id, NEW.person, 'asker', NEW.made_at);
    RETURN NULL;
END $$;

-- Who checks it reads it, one at a time, until it is decided.
CREATE FUNCTION door.application_checked() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NEW.state <> 'OPEN' OR NEW.checker IS DISTINCT FROM OLD.checker THEN
        UPDATE app.reader SET until = app.clock() WHERE subject = NEW.id AND basis = 'staff' AND until > app.clock();
    END IF;
    IF NEW.state = 'OPEN' AND NEW.checker IS DISTINCT FROM OLD.checker AND NEW.checker IS NOT NULL THEN
        INSERT INTO app.reader (subject, person, basis, since) VALUES (NEW.id, NEW.checker, 'staff', app.clock())
        ON CONFLICT (subject, person) DO UPDATE SET until = 'infinity' WHERE reader.basis = 'staff';
    END IF;
    RETURN NULL;
END $$;

-- Who is an administrator no longer reads none of them any more, from this instant.
CREATE FUNCTION door.checker_ends() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.lawyer_application SET checker = NULL WHERE checker = OLD.person AND state = 'OPEN';
    RETURN NULL;
END $$;

-- No administrator makes a lawyer of whom she has not approved just now.
CREATE FUNCTION door.lawyer_enters() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF app.person() IS NOT NULL AND NOT EXISTS (
            SELECT FROM app.lawyer_application a WHERE a.person = NEW.id AND a.state = 'APPROVED'
                                                   AND a.checker = app.person() AND a.decided_at = app.clock()) THEN
        RAISE 'nobody is entered who was not approved' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;

-- The decision makes her a lawyer, once she is in the directory.
CREATE FUNCTION door.person_admitted() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('offices', 0));
    PERFORM FROM app.lawyer l WHERE l.id = NEW.person AND l.standing = 'ACTIVE';
    IF NOT FOUND THEN RAISE 'nobody is admitted who is not in the directory' USING ERRCODE = '42501'; END IF;
    INSERT INTO app.role_held (person, role, since) VALUES (NEW.person, 'LAWYER', NEW.at)
    ON CONFLICT (person, role) DO UPDATE SET since = excluded.since, until = 'infinity' WHERE role_held.until <> 'infinity';
    RETURN NULL;
END $$;

-- Key, text and pictures, once their time is over and no legal hold keeps them; whether it was so. Twice changes nothing.
CREATE FUNCTION door.forget_application(asked uuid) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('legal hold', 0));
    PERFORM FROM app.lawyer_application a WHERE a.id = asked AND a.keep_until <= app.clock() AND NOT EXISTS (
        SELECT FROM app.legal_hold h WHERE h.lifted_at IS NULL AND h.subject IN (a.id, a.person));
    IF NOT FOUND THEN RETURN false; END IF;
    DELETE FROM app.key WHERE subject = asked;
    UPDATE app.file SET state = 'GONE', kek = NULL, key = '' WHERE subject = asked;
    UPDATE app.lawyer_application SET body = '', licence = '' WHERE id = asked;
    RETURN true;
END $$;

-- Two identities become one person, with one application that is open: if both had one, that of who stays.
CREATE FUNCTION door.applications_move() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF EXISTS (SELECT FROM app.lawyer_application WHERE person = NEW.person AND state = 'OPEN') THEN
        UPDATE app.lawyer_application SET state = 'WITHDRAWN', decided_at = app.clock(), keep_until = app.clock()
        WHERE person = OLD.person AND state = 'OPEN';
        PERFORM door.forget_application(a.id) FROM app.lawyer_application a WHERE a.person = OLD.person AND a.decided_at = app.clock();
    END IF;
    UPDATE app.lawyer_application SET person = NEW.person WHERE person = OLD.person;
    RETURN NULL;
END $$;

-- Of somebody who closes her account, what is open included: those whose stored pictures are to be removed.
CREATE FUNCTION door.give_up_applications(whose uuid) RETURNS uuid[] LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    hers uuid[];
BEGIN
    IF NOT EXISTS (SELECT FROM app.closing c WHERE c.person = whose) THEN RETURN '{}'; END IF;
    UPDATE app.lawyer_application SET state = 'WITHDRAWN', decided_at = app.clock(), keep_until = app.clock()
    WHERE person = whose AND state = 'OPEN';
    UPDATE app.lawyer_application SET keep_until = app.clock() WHERE person = whose AND keep_until > app.clock();
    hers := ARRAY(SELECT a.id FROM app.lawyer_application a JOIN app.key k ON k.subject = a.id WHERE a.person = whose);
    RETURN ARRAY(SELECT h FROM unnest(hers) AS h WHERE door.forget_application(h));
END $$;

GRANT EXECUTE ON FUNCTION door.application_made(), door.application_checked(), door.checker_ends(), door.applications_move(),
    door.lawyer_enters(), door.person_admitted() TO app_owner; -- to make the triggers
GRANT EXECUTE ON FUNCTION door.forget_application(uuid), door.give_up_applications(uuid) TO app_worker;
RESET ROLE;

CREATE TRIGGER application_made    AFTER INSERT ON app.lawyer_application FOR EACH ROW EXECUTE FUNCTION door.application_made();
CREATE TRIGGER application_checked AFTER UPDATE OF checker, state ON app.lawyer_application
    FOR EACH ROW EXECUTE FUNCTION door.application_checked();
CREATE TRIGGER checker_ends        AFTER DELETE OR UPDATE OF role, until ON app.role_held
    FOR EACH ROW WHEN (OLD.role = 'ADMIN') EXECUTE FUNCTION door.checker_ends();
CREATE TRIGGER applications_move   AFTER UPDATE OF person ON app.identity
    FOR EACH ROW WHEN (OLD.person <> NEW.person) EXECUTE FUNCTION door.applications_move();
CREATE TRIGGER lawyer_enters       BEFORE INSERT ON app.lawyer FOR EACH ROW EXECUTE FUNCTION door.lawyer_enters();
DROP TRIGGER person_moves ON app.person_move;
CREATE TRIGGER person_moves        AFTER INSERT ON app.person_move
    FOR EACH ROW WHEN (NEW.kind <> 'ADMITTED') EXECUTE FUNCTION door.person_moves();
CREATE TRIGGER person_admitted     AFTER INSERT ON app.person_move
    FOR EACH ROW WHEN (NEW.kind = 'ADMITTED') EXECUTE FUNCTION door.person_admitted();
"""


def upgrade() -> None:
    run(op, TABLES + DOOR)
    wall(op, "lawyer_application")
