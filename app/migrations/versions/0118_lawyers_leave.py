"""Who has left the bar for good is no lawyer of the service any more, and may close her account.

Nothing ended a lawyer's office: closeAccount told her to have it ended first, for ever."""

from alembic import op

from app.migrations.sql import run

revision = "0118"
down_revision = "0117"

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
-- Her office ends with her standing, and begins again with it.
CREATE FUNCTION door.lawyer_leaves() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NEW.standing = 'LEFT' THEN
        UPDATE app.role_held SET until = app.clock() WHERE person = NEW.id AND role = 'LAWYER' AND until > app.clock();
    ELSIF NEW.standing = 'ACTIVE' THEN
        UPDATE app.role_held SET since = app.clock(), until = 'infinity' WHERE person = NEW.id AND role = 'LAWYER' AND until <= app.clock()
            AND NOT EXISTS (SELECT FROM app.closing c WHERE c.person = NEW.id);
    END IF;
    RETURN NULL;
END $$;
GRANT EXECUTE ON FUNCTION door.lawyer_leaves() TO app_owner;           -- to make the trigger
UPDATE app.role_held h SET until = app.clock()
WHERE h.role = 'LAWYER' AND h.until > app.clock() AND EXISTS (SELECT FROM app.lawyer l WHERE l.id = h.person AND l.standing = 'LEFT');
RESET ROLE;
CREATE TRIGGER lawyer_leaves AFTER UPDATE OF standing ON app.lawyer FOR EACH ROW
    WHEN (OLD.standing <> NEW.standing AND 'LEFT' IN (OLD.standing, NEW.standing)) EXECUTE FUNCTION door.lawyer_leaves();
"""


def upgrade() -> None:
    run(op, DOOR)
