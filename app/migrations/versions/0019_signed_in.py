"""Whether the device that asks is still signed in: asked with every transaction."""

from alembic import op

from app.migrations.sql import run

revision = "0019"
down_revision = "0018"

SIGNED_IN = """
GRANT SELECT (id) ON app.sign_in TO app_door;

SET LOCAL ROLE app_door;
-- Asked by the first statement of a transaction, before there is anybody whose rows a policy could show.
CREATE FUNCTION door.signed_in(asking uuid, whose uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM app.sign_in s WHERE s.id = asking AND s.person = whose AND s.ended_at IS NULL);
END;

GRANT EXECUTE ON FUNCTION door.signed_in(uuid, uuid) TO app_api;
RESET ROLE;
"""


def upgrade() -> None:
    run(op, SIGNED_IN)
