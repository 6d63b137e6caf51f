"""Who was not asked before the first consented, and who consented by a link that is over, are invited later too.

As soon as all who had been asked consented the mediator could invite nobody any more: a second respondent was left out,
and who had not joined within ten days was told to ask the committee for a link that it could not give."""

from alembic import op

from app.migrations.sql import run

revision = "0104"
down_revision = "0103"

TABLES = """
ALTER TABLE app.application_move NO FORCE ROW LEVEL SECURITY;      -- for the owner, for a moment
INSERT INTO app.application_move (kind, move, before, after, by_whom) VALUES
    ('MEDIATION', 'INVITE', 'CONSENTED', 'CONSENTED', 'OFFICER'),
    ('MEDIATION', 'INVITE', 'MEDIATING', 'MEDIATING', 'OFFICER');
ALTER TABLE app.application_move FORCE ROW LEVEL SECURITY;
"""


def upgrade() -> None:
    run(op, TABLES)
