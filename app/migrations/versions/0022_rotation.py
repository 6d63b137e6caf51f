"""Data keys are wrapped under another key-encryption key by the owner of the tables, whom no running process knows."""

from alembic import op

from app.migrations.sql import run

revision = "0022"
down_revision = "0021"

ROTATION = """
-- A key-encryption key is a month old at most. Seconds.
INSERT INTO app.retention_policy (version, since, terms)
SELECT 3, app.clock(), terms || '{"kek": 2592000}' FROM app.retention_policy WHERE version = 2;
-- Whoever rotates sees wrapped keys and none of the texts they open.
CREATE POLICY rotate ON app.key FOR SELECT TO app_owner USING (true);
CREATE POLICY rewrap ON app.key FOR UPDATE TO app_owner USING (true);
CREATE INDEX key_kek ON app.key (kek);
"""


def upgrade() -> None:
    run(op, ROTATION)
