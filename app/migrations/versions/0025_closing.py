"""Who closes her account leaves a shell without a name."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0025"
down_revision = "0024"

CLOSING = """
ALTER TABLE app.person DROP CONSTRAINT person_standing_check,
    ADD CONSTRAINT person_standing_check CHECK (standing IN ('ACTIVE', 'SUSPENDED', 'CLOSED'));

CREATE TABLE app.closing (                            -- who has the id sees how far it has come, and not whose it is
    person   uuid PRIMARY KEY REFERENCES app.person,
    id       uuid NOT NULL UNIQUE,
    asked_at timestamptz NOT NULL,
    done_at  timestamptz);
GRANT SELECT (id, asked_at, done_at), INSERT ON app.closing TO app_api;
CREATE POLICY known ON app.closing FOR SELECT TO app_api USING (true);
CREATE POLICY leave ON app.closing FOR INSERT TO app_api WITH CHECK (person = app.person() AND done_at IS NULL);
GRANT SELECT, UPDATE (done_at) ON app.closing TO app_door;
CREATE POLICY door ON app.closing TO app_door USING (true);
"""

DOOR = """
GRANT SELECT (person), DELETE ON app.identity TO app_door;
CREATE POLICY door ON app.identity TO app_door USING (true);
GRANT SELECT (person) ON app.refresh_token, app.access TO app_door;
GRANT UPDATE (names) ON app.delegation TO app_door;
GRANT UPDATE (content, wiped_at) ON app.draft TO app_door;

SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- Each room gives up its part, of nobody but who wants it.
CREATE FUNCTION door.give_up_drafts(whose uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    hers uuid[];
BEGIN
    IF NOT EXISTS (SELECT FROM app.closing c WHERE c.person = whose) THEN RETURN; END IF;
    hers := ARRAY(SELECT d.id FROM app.draft d WHERE d.person = whose);
    DELETE FROM app.key WHERE subject = ANY (hers);
    DELETE FROM app.reader WHERE subject = ANY (hers);
    DELETE FROM app.draft WHERE id = ANY (hers);
    -- And what she sent for nothing yet; what is stored of it is removed when its time comes.
    UPDATE app.file SET state = 'GONE', kek = NULL, key = '', owner = NULL WHERE owner = whose AND subject IS NULL;
END $$;

CREATE FUNCTION door.give_up_notices(whose uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM app.closing c WHERE c.person = whose) THEN RETURN; END IF;
    DELETE FROM app.notice WHERE person = whose;
    DELETE FROM app.feed WHERE person = whose;
END $$;

-- When she asked, while something of hers is still there; null once nothing is, and had not been a minute ago either.
CREATE FUNCTION door.give_up_person(whose uuid) RETURNS timestamptz LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    since timestamptz := (SELECT asked_at FROM app.closing WHERE person = whose AND done_at IS NULL);
BEGIN
    IF since IS NULL THEN RETURN NULL; END IF;
    UPDATE app.person SET standing = 'CLOSED' WHERE id = whose;
    DELETE FROM app.identity WHERE person = whose;
    DELETE FROM app.refresh_token WHERE person = whose;
    UPDATE app.sign_in SET ended_at = app.clock(), ended_why = 'CLOSED' WHERE person = whose AND ended_at IS NULL;
    UPDATE app.delegation SET ended_at = app.clock(), ended_by = CASE WHEN elder = whose THEN 'ELDER' ELSE 'DELEGATE' END
    WHERE whose IN (elder, delegate) AND ended_at IS NULL;
    UPDATE app.delegation SET names = '' WHERE whose IN (elder, delegate);
    DELETE FROM app.idempotency WHERE actor = whose;
    DELETE FROM app.access WHERE person = whose AND basis = 'delegate';
    DELETE FROM app.reader WHERE person = whose AND basis = 'delegate';
    IF since + interval '1 minute' <= app.clock()
       AND NOT EXISTS (SELECT FROM app.draft d WHERE d.person = whose)
       AND NOT EXISTS (SELECT FROM app.notice t WHERE t.person = whose)
       AND NOT EXISTS (SELECT FROM app.reader r JOIN app.question q ON q.id = r.subject WHERE r.person = whose AND r.basis = 'asker') THEN
        UPDATE app.closing SET done_at = app.clock() WHERE person = whose;
        RETURN NULL;
    END IF;
    RETURN since;
END $$;
GRANT EXECUTE ON FUNCTION door.give_up_drafts(uuid), door.give_up_notices(uuid), door.give_up_person(uuid) TO app_worker;
RESET ROLE;
"""


def upgrade() -> None:
    run(op, CLOSING + DOOR)
    wall(op, "closing")
