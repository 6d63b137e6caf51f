"""What institutions do for people, what to bring, and how one gets in."""

from alembic import op

from app.migrations.sql import run

revision = "0044"
down_revision = "0043"

SAID = "accessible, languages, services"

SERVICES = f"""
ALTER TABLE app.institution
    ADD accessible boolean,                                                     -- NULL: nobody has looked
    ADD languages  text[] NOT NULL DEFAULT '{{}}',
    ADD services   jsonb NOT NULL DEFAULT '{{}}' CHECK (jsonb_typeof(services) = 'object'); -- by code: what to bring
GRANT SELECT ({SAID}), INSERT ({SAID}), UPDATE ({SAID}) ON app.institution TO app_api;
GRANT SELECT ({SAID}) ON app.institution TO app_worker;
"""


def upgrade() -> None:
    run(op, SERVICES)
