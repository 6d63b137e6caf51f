"""A mediation whose mediator has left her post has none, until another is chosen.

The case lost her, what both sides share did not: she was told of its overdue terms still, and a side that did not accept
her said so to nobody."""

from alembic import op

from app.migrations.sql import run

revision = "0114"
down_revision = "0113"

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
CREATE FUNCTION door.mediator_leaves() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.mediation SET mediator = NULL WHERE application = NEW.id;
    RETURN NULL;
END $$;
GRANT EXECUTE ON FUNCTION door.mediator_leaves() TO app_owner; -- to make the trigger
RESET ROLE;
CREATE TRIGGER mediator_leaves AFTER UPDATE OF officer ON app.application FOR EACH ROW
    WHEN (NEW.kind = 'MEDIATION' AND OLD.officer IS NOT NULL AND NEW.officer IS NULL) EXECUTE FUNCTION door.mediator_leaves();
-- Those who have left before: for the owner, for a moment.
ALTER TABLE app.mediation NO FORCE ROW LEVEL SECURITY;
ALTER TABLE app.application NO FORCE ROW LEVEL SECURITY;
UPDATE app.mediation m SET mediator = NULL FROM app.application a WHERE a.id = m.application AND a.officer IS NULL AND m.mediator IS NOT NULL;
ALTER TABLE app.application FORCE ROW LEVEL SECURITY;
ALTER TABLE app.mediation FORCE ROW LEVEL SECURITY;
"""


def upgrade() -> None:
    run(op, DOOR)
