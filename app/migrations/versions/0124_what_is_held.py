"""A legal hold is on something that is there: whoever places one is told where an id is nobody's."""

from alembic import op

from app.migrations.sql import run

revision = "0124"
down_revision = "0123"

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
CREATE FUNCTION door.can_be_held(asked uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM app.question q WHERE q.id = asked) OR EXISTS (SELECT FROM app.person p WHERE p.id = asked);
END;
GRANT EXECUTE ON FUNCTION door.can_be_held(uuid) TO app_owner; -- scripts.legal_hold
RESET ROLE;
"""


def upgrade() -> None:
    run(op, DOOR)
