"""A fact of the outbox says no more whose act it was: nobody reads it, and it outlived what was erased."""

from alembic import op

from app.migrations.sql import run

revision = "0126"
down_revision = "0125"

# The column stays, empty, and takes what processes of an earlier release write while they are exchanged.
CLEAR = """
ALTER POLICY emit ON app.outbox WITH CHECK (actor IS NULL OR actor = app.person());
ALTER TABLE app.outbox NO FORCE ROW LEVEL SECURITY;     -- for the owner, for a moment
UPDATE app.outbox SET actor = NULL WHERE actor IS NOT NULL;
ALTER TABLE app.outbox FORCE ROW LEVEL SECURITY;
"""


def upgrade() -> None:
    run(op, CLEAR)
