"""Who writes on a seat takes the locks of its question without counting what is on the board."""

from alembic import op

from app.migrations.sql import run

revision = "0087"
down_revision = "0086"

DOOR = """
SET LOCAL ROLE app_door;
-- The locks of `board`, in its order; null, and nothing is held, where the question was never offered to her.
CREATE FUNCTION door.hold_board(asked uuid) RETURNS boolean LANGUAGE sql SECURITY DEFINER SET search_path = '' BEGIN ATOMIC
    WITH held AS (
        SELECT d.question FROM app.dispatch d
        WHERE d.question = asked AND EXISTS (SELECT FROM app.offer o WHERE o.question = asked AND o.lawyer = app.person())
        FOR NO KEY UPDATE OF d)
    SELECT pg_advisory_xact_lock(hashtextextended(app.person()::text, 0)) IS NOT NULL FROM held;
END;
GRANT EXECUTE ON FUNCTION door.hold_board(uuid) TO app_api;
RESET ROLE;
"""


def upgrade() -> None:
    run(op, DOOR)
