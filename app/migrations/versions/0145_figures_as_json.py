"""Figures that the staff take along may be JSON."""

from alembic import op

from app.migrations.sql import run

revision = "0145"
down_revision = "0144"

FORMAT = """
ALTER TABLE app.figure_export ADD COLUMN format text NOT NULL DEFAULT 'CSV' CHECK (format IN ('CSV', 'JSON'));
"""


def upgrade() -> None:
    run(op, FORMAT)
