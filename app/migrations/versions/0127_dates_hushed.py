"""Whoever took her consent back is reminded of no date that she keeps, until she agrees again."""

from alembic import op

from app.migrations.sql import run

revision = "0127"
down_revision = "0126"

DOOR = """
SET LOCAL ROLE app_door;
GRANT EXECUTE ON FUNCTION door.unagreed(uuid) TO app_worker;
RESET ROLE;
"""


def upgrade() -> None:
    run(op, DOOR)
