"""What WeChat reports of a message is found by its id of it."""

from alembic import op

from app.migrations.sql import run

revision = "0037"
down_revision = "0036"

REPORTS = "CREATE INDEX delivery_provider ON app.delivery (channel, provider_id) WHERE provider_id IS NOT NULL;"


def upgrade() -> None:
    run(op, REPORTS)
