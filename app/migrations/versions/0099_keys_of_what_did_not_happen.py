"""One's own idempotency key may be given back, where what it was for did not happen after all."""

from alembic import op

from app.migrations.sql import run

revision = "0099"
down_revision = "0098"

DOOR = """
SET LOCAL ROLE app_door;
CREATE FUNCTION door.give_back_key(said text) RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    DELETE FROM app.idempotency i WHERE i.actor = app.person() AND i.key = said;
END;
REVOKE EXECUTE ON FUNCTION door.give_back_key(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION door.give_back_key(text) TO app_api;
RESET ROLE;
"""


def upgrade() -> None:
    run(op, DOOR)
