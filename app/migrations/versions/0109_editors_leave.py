"""Who is no editor any more reads no case that she took, and no entry that she was looking at."""

from alembic import op

from app.migrations.sql import run

revision = "0109"
down_revision = "0108"

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
-- From this instant. Of entries another may look; who looks after contests as a supervisor goes on.
CREATE FUNCTION door.editor_ends() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    her constant uuid := OLD.person;
BEGIN
    UPDATE app.reader r SET until = app.clock() WHERE r.person = her AND r.basis = 'staff' AND r.until > app.clock() AND (
        EXISTS (SELECT FROM app.case_donation d WHERE d.id = r.subject AND d.taker = her) AND NOT EXISTS (
            SELECT FROM app.role_held h WHERE h.person = her AND h.role = 'EDITOR' AND h.until > app.clock())
        OR EXISTS (SELECT FROM app.entry e WHERE e.id = r.subject AND e.checker = her) AND NOT EXISTS (
            SELECT FROM app.role_held h WHERE h.person = her AND h.role IN ('EDITOR', 'SUPERVISOR') AND h.until > app.clock()));
    RETURN NULL;
END $$;
GRANT EXECUTE ON FUNCTION door.editor_ends() TO app_owner; -- to make the trigger
RESET ROLE;
CREATE TRIGGER editor_ends AFTER DELETE OR UPDATE OF role, until ON app.role_held
    FOR EACH ROW WHEN (OLD.role IN ('EDITOR', 'SUPERVISOR')) EXECUTE FUNCTION door.editor_ends();
"""


def upgrade() -> None:
    run(op, DOOR)
