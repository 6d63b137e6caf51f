"""A lawyer who is suspended takes no seat at the same moment: either she had it before, or she is refused."""

from alembic import op

from app.migrations.sql import run

revision = "0017"
down_revision = "0016"

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
-- Before her standing changes whoever claims a seat in her name has come to an end (door.board takes the same lock).
CREATE FUNCTION door.standing_changes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(NEW.id::text, 0));
    RETURN NEW;
END $$;
GRANT EXECUTE ON FUNCTION door.standing_changes() TO app_owner;
RESET ROLE;
CREATE TRIGGER standing_changes BEFORE UPDATE OF standing ON app.lawyer FOR EACH ROW
    WHEN (OLD.standing <> NEW.standing) EXECUTE FUNCTION door.standing_changes();
"""


def upgrade() -> None:
    run(op, DOOR)
