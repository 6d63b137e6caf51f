"""Later versions are looked for by question: once for each question of a page, and not for each answer."""

from alembic import op

from app.migrations.sql import run

revision = "0089"
down_revision = "0088"


def upgrade() -> None:
    run(op, "CREATE INDEX amendment_of ON app.amendment (question);")
