"""Who works for which institution, as what; said by the same record that says which office somebody holds."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0040"
down_revision = "0039"

POSTS = """
CREATE TABLE app.post (                               -- written by triggers alone: of decisions, and of offices that end
    person      uuid PRIMARY KEY REFERENCES app.person, -- one post a person; what was before is in app.person_move
    institution uuid NOT NULL REFERENCES app.institution,
    duty        text NOT NULL CHECK (duty IN ('OFFICER', 'SUPERVISOR', 'WINDOW_STAFF', 'MEDIATOR', 'NOTARY')),
    called      text NOT NULL,                        -- how colleagues and applicants know her
    since       timestamptz NOT NULL,
    until       timestamptz NOT NULL DEFAULT 'infinity');
CREATE INDEX post_institution ON app.post (institution, duty, person);
GRANT SELECT ON app.post TO app_api;
GRANT SELECT (person, institution, duty, until) ON app.post TO app_worker;
-- A bare comparison: the policies of others ask this table, and it asks none.
CREATE POLICY own    ON app.post FOR SELECT TO app_api USING (person = app.person());
CREATE POLICY worker ON app.post FOR SELECT TO app_worker USING (true);
GRANT SELECT, INSERT, UPDATE (institution, duty, called, since, until) ON app.post TO app_door;
CREATE POLICY door   ON app.post TO app_door USING (true);

ALTER TABLE app.person_move ADD COLUMN institution uuid REFERENCES app.institution,
    ADD COLUMN duty text CHECK (duty IN ('OFFICER', 'SUPERVISOR', 'WINDOW_STAFF', 'MEDIATOR', 'NOTARY')),
    ADD COLUMN called text,                           -- of POSTED: where, as what and by which name from then on; nowhere, if NULL
    ADD CONSTRAINT person_move_post CHECK (
        (institution IS NULL) = (duty IS NULL) AND (duty IS NULL) = (called IS NULL) AND (kind = 'POSTED' OR duty IS NULL)),
    DROP CONSTRAINT person_move_kind_check,
    ADD CONSTRAINT person_move_kind_check CHECK (
        kind IN ('ROLES', 'SUSPENDED', 'REINSTATED', 'TOTP_RESET', 'ADMITTED', 'POSTED'));
"""

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- The office that a duty needs. Who supervises an institution's officers is an officer; app.role 'SUPERVISOR' is another matter.
CREATE FUNCTION door.person_posted() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('offices', 0));
    IF NEW.duty IS NULL THEN
        UPDATE app.post SET until = NEW.at WHERE person = NEW.person AND until > NEW.at;
        RETURN NULL;
    END IF;
    PERFORM FROM app.role_held h WHERE h.person = NEW.person AND h.until = 'infinity'
        AND h.role = CASE NEW.duty WHEN 'SUPERVISOR' THEN 'OFFICER' ELSE NEW.duty END;
    IF NOT FOUND THEN RAISE 'nobody has a post who does not hold its office' USING ERRCODE = '42501'; END IF;
    INSERT INTO app.post (person, institution, duty, called, since)
    VALUES (NEW.person, NEW.institution, NEW.duty, NEW.called, NEW.at)
    ON CONFLICT (person) DO UPDATE SET institution = excluded.institution, duty = excluded.duty, called = excluded.called,
        since = excluded.since, until = 'infinity';
    RETURN NULL;
END $$;

-- A post ends with its office, and comes back with it where a suspension ended both.
CREATE FUNCTION door.post_follows() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    ends timestamptz := CASE TG_OP WHEN 'DELETE' THEN app.clock() ELSE NEW.until END;
BEGIN
    IF ends = 'infinity' AND NOT EXISTS (
        SELECT FROM app.person_move m WHERE m.person = OLD.person AND m.kind = 'SUSPENDED' AND m.at = OLD.until) THEN
        RETURN NULL;                                  -- the office was given anew, and the post was not
    END IF;
    UPDATE app.post SET until = ends WHERE person = OLD.person AND until = OLD.until
        AND OLD.role = CASE duty WHEN 'SUPERVISOR' THEN 'OFFICER' ELSE duty END;
    RETURN NULL;
END $$;

-- Lends a look at posts: to who keeps people's files, at those of these people; to a colleague, at those of her institution.
CREATE FUNCTION door.posts(people uuid[]) RETURNS TABLE (person uuid, institution uuid, duty text, called text, since timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT p.person, p.institution, p.duty, p.called, p.since FROM app.post p
    WHERE p.until > app.clock() AND CASE WHEN people IS NULL THEN true ELSE p.person = ANY (people) END
      AND (p.institution = (SELECT m.institution FROM app.post m WHERE m.person = app.person() AND m.until > app.clock())
           OR people IS NOT NULL AND EXISTS (SELECT FROM app.role_held k WHERE k.person = app.person()
                                                AND k.role IN ('ADMIN', 'AUDITOR') AND k.until > app.clock()));
END;

GRANT EXECUTE ON FUNCTION door.person_posted(), door.post_follows() TO app_owner;
GRANT EXECUTE ON FUNCTION door.posts(uuid[]) TO app_api;
RESET ROLE;

DROP TRIGGER person_moves ON app.person_move;
CREATE TRIGGER person_moves  AFTER INSERT ON app.person_move
    FOR EACH ROW WHEN (NEW.kind NOT IN ('ADMITTED', 'POSTED')) EXECUTE FUNCTION door.person_moves();
CREATE TRIGGER person_posted AFTER INSERT ON app.person_move
    FOR EACH ROW WHEN (NEW.kind = 'POSTED') EXECUTE FUNCTION door.person_posted();
CREATE TRIGGER post_follows  AFTER DELETE OR UPDATE OF until ON app.role_held
    FOR EACH ROW EXECUTE FUNCTION door.post_follows();
"""


def upgrade() -> None:
    run(op, POSTS + DOOR)
    wall(op, "post")
