"""Who is no lawyer of the service any more reads none of the legal aid cases that she took on, and again when she is."""

from alembic import op

from app.migrations.sql import run

revision = "0130"
down_revision = "0129"

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
CREATE FUNCTION door.lawyer_reads() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF EXISTS (SELECT FROM app.role_held h WHERE h.person = OLD.person AND h.role = 'LAWYER' AND h.until > app.clock()) THEN
        UPDATE app.reader r SET until = 'infinity' WHERE r.person = OLD.person AND r.basis = 'assigned' AND r.until <= app.clock()
            AND EXISTS (SELECT FROM app.assignment s WHERE s.application = r.subject AND s.lawyer = r.person AND s.state = 'ACCEPTED');
    ELSE
        UPDATE app.reader r SET until = app.clock() WHERE r.person = OLD.person AND r.basis = 'assigned' AND r.until > app.clock();
    END IF;
    RETURN NULL;
END $$;
GRANT EXECUTE ON FUNCTION door.lawyer_reads() TO app_owner;            -- to make the trigger
UPDATE app.reader r SET until = app.clock() WHERE r.basis = 'assigned' AND r.until > app.clock()
    AND NOT EXISTS (SELECT FROM app.role_held h WHERE h.person = r.person AND h.role = 'LAWYER' AND h.until > app.clock());
RESET ROLE;
CREATE TRIGGER lawyer_reads AFTER DELETE OR UPDATE OF role, until ON app.role_held
    FOR EACH ROW WHEN (OLD.role = 'LAWYER') EXECUTE FUNCTION door.lawyer_reads();
"""


def upgrade() -> None:
    run(op, DOOR)
