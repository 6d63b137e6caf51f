"""Everything may be refused: there are more kinds of notices and ways to send them by now than the wall let through."""

from alembic import op

from app.migrations.sql import run

revision = "0113"
down_revision = "0112"


def upgrade() -> None:
    run(
        op,
        """
        ALTER TABLE app.notice_preference DROP CONSTRAINT notice_preference_refused_check,
            ADD CONSTRAINT notice_preference_refused_check CHECK (cardinality(refused) <= 2000);
        """,
    )
