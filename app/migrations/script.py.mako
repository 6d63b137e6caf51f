"""${message}"""

from alembic import op

from app.migrations.sql import run

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    run(op, """
    """)
