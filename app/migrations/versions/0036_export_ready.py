"""The worker sees that a copy is ready, and nothing of whose or what, so that she is told."""

from alembic import op

from app.migrations.sql import run

revision = "0036"
down_revision = "0035"

READY = """
GRANT SELECT (id, state) ON app.export TO app_worker;
CREATE POLICY worker ON app.export FOR SELECT TO app_worker USING (true);
"""


def upgrade() -> None:
    run(op, READY)
