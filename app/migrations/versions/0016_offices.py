"""Offices that end, and the record by which they begin and end: nobody's standing or roles change without a reason."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0016"
down_revision = "0015"

OFFICES = """
ALTER TABLE app.role_held ADD COLUMN until timestamptz NOT NULL DEFAULT 'infinity';  -- infinity, or a moment that is over
-- Who keeps the service, who keeps it safe and who looks at both are three people (网络安全法, 三权分立 of 等级保护 2.0).
CREATE UNIQUE INDEX role_held_apart ON app.role_held (person)
    WHERE role IN ('ADMIN', 'SECURITY_OFFICER', 'AUDITOR') AND until = 'infinity';
CREATE INDEX role_held_office ON app.role_held (role, person) WHERE role <> 'LAWYER';
GRANT SELECT, INSERT, UPDATE (since, until) ON app.role_held TO app_door;
CREATE POLICY door ON app.role_held TO app_door USING (true);
GRANT SELECT, UPDATE (standing) ON app.person TO app_door;
CREATE POLICY door ON app.person TO app_door USING (true);
GRANT SELECT (person, ended_at), UPDATE (ended_at, ended_why) ON app.sign_in TO app_door;
CREATE POLICY door ON app.sign_in TO app_door USING (true);
GRANT UPDATE (standing) ON app.lawyer TO app_door;
CREATE POLICY suspend ON app.lawyer FOR UPDATE TO app_door USING (true);

CREATE TABLE app.person_move (                        -- append only: writing it is the act, a trigger does the rest
    id     uuid PRIMARY KEY,
    person uuid NOT NULL REFERENCES app.person,
    actor  uuid REFERENCES app.person,                -- NULL: the owner's scripts
    kind   text NOT NULL CHECK (kind IN ('ROLES', 'SUSPENDED', 'REINSTATED')),
    roles  text[] NOT NULL,                           -- of ROLES: the offices she holds from then on
    reason bytea NOT NULL,                            -- sealed
    at     timestamptz NOT NULL);
CREATE INDEX person_move_of ON app.person_move (person, at DESC, id DESC);
CREATE INDEX person_move_at ON app.person_move (at DESC, id DESC);
GRANT SELECT, INSERT ON app.person_move TO app_api;
CREATE POLICY read ON app.person_move FOR SELECT TO app_api USING (EXISTS (
    SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role IN ('ADMIN', 'AUDITOR') AND h.until > app.clock() OFFSET 0));
-- Nobody decides about herself: whoever ends an administrator's office remains one.
CREATE POLICY act ON app.person_move FOR INSERT TO app_api WITH CHECK (actor = app.person() AND person <> actor AND at = app.clock() AND EXISTS (
    SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role = 'ADMIN' AND h.until > app.clock() OFFSET 0));
GRANT SELECT, INSERT ON app.person_move TO app_owner;
CREATE POLICY owner ON app.person_move TO app_owner USING (actor IS NULL);
GRANT SELECT ON app.person_move TO app_door;
CREATE POLICY door ON app.person_move FOR SELECT TO app_door USING (true);

-- A role that has ended opens nothing.
DROP POLICY supervisor ON app.task;
CREATE POLICY supervisor ON app.task FOR SELECT TO app_api USING (EXISTS (
    SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role = 'SUPERVISOR' AND h.until > app.clock() OFFSET 0));
DROP POLICY take ON app.task;
CREATE POLICY take ON app.task FOR UPDATE TO app_api USING (
    done_at IS NULL AND EXISTS (
        SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role = 'SUPERVISOR' AND h.until > app.clock() OFFSET 0)
    AND CASE WHEN taken_by IS NULL THEN NOT EXISTS (
        SELECT FROM app.reader r WHERE r.subject = question AND r.person = app.person() OFFSET 0) ELSE taken_by = app.person() END)
    WITH CHECK (CASE WHEN taken_by IS NULL THEN done_at IS NULL ELSE taken_by = app.person() END);
DROP TRIGGER role_ends ON app.role_held;
CREATE TRIGGER role_ends AFTER DELETE OR UPDATE OF role, until ON app.role_held FOR EACH ROW
    WHEN (OLD.role = 'SUPERVISOR') EXECUTE FUNCTION door.role_ends();
"""

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
-- A suspension ends every role at its own moment, by which its end finds them again.
CREATE FUNCTION door.person_moves() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    ended bigint := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('offices', 0));
    IF NEW.kind = 'ROLES' THEN
        UPDATE app.role_held SET until = NEW.at
        WHERE person = NEW.person AND role <> 'LAWYER' AND role <> ALL (NEW.roles) AND until = 'infinity';
        GET DIAGNOSTICS ended = ROW_COUNT;
        INSERT INTO app.role_held (person, role, since) SELECT NEW.person, role, NEW.at FROM unnest(NEW.roles) AS role
        ON CONFLICT (person, role) DO UPDATE SET since = excluded.since, until = 'infinity' WHERE role_held.until <> 'infinity';
    ELSIF NEW.kind = 'SUSPENDED' THEN
        UPDATE app.person SET standing = 'SUSPENDED' WHERE id = NEW.person;
        UPDATE app.lawyer SET standing = 'SUSPENDED' WHERE id = NEW.person AND standing = 'ACTIVE';
        UPDATE app.role_held SET until = NEW.at WHERE person = NEW.person AND until = 'infinity';
        ended := 1;
    ELSE
        UPDATE app.person SET standing = 'ACTIVE' WHERE id = NEW.person;
        UPDATE app.lawyer SET standing = 'ACTIVE' WHERE id = NEW.person AND standing = 'SUSPENDED';
        UPDATE app.role_held SET until = 'infinity' WHERE person = NEW.person AND until = (
            SELECT max(m.at) FROM app.person_move m WHERE m.person = NEW.person AND m.kind = 'SUSPENDED');
    END IF;
    IF ended > 0 THEN
        UPDATE app.sign_in SET ended_at = NEW.at, ended_why = CASE NEW.kind WHEN 'ROLES' THEN 'ROLES_CHANGED' ELSE NEW.kind END
        WHERE person = NEW.person AND ended_at IS NULL;
    END IF;
    RETURN NULL;
END $$;
-- Lends those who keep people's files a look at how these people stand; without ids, at all who hold or held an office.
CREATE FUNCTION door.people(wanted uuid[]) RETURNS TABLE (id uuid, standing text, created_at timestamptz, roles text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT p.id, p.standing, p.created_at, coalesce(array_agg(h.role ORDER BY h.role) FILTER (WHERE h.until > app.clock()), '{}')
    FROM (SELECT unnest(wanted) UNION SELECT o.person FROM app.role_held o WHERE wanted IS NULL AND o.role <> 'LAWYER') w (person)
    JOIN app.person p ON p.id = w.person
    LEFT JOIN app.role_held h ON h.person = p.id
    WHERE EXISTS (SELECT FROM app.role_held k
                  WHERE k.person = app.person() AND k.role IN ('ADMIN', 'AUDITOR') AND k.until > app.clock())
    GROUP BY p.id;
END;
GRANT EXECUTE ON FUNCTION door.person_moves() TO app_owner;
GRANT EXECUTE ON FUNCTION door.people(uuid[]) TO app_api;
RESET ROLE;
CREATE TRIGGER person_moves AFTER INSERT ON app.person_move FOR EACH ROW EXECUTE FUNCTION door.person_moves();
"""


def upgrade() -> None:
    run(op, OFFICES + DOOR)
    wall(op, "person_move")
