"""What people are told, in the app."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0004"
down_revision = "0003"

NOTICES = """
CREATE TABLE app.notice (
    id      uuid PRIMARY KEY,
    person  uuid NOT NULL,
    kind    text NOT NULL,
    about   uuid NOT NULL,                            -- a question or an offer's question; never its content
    cause   uuid NOT NULL,                            -- the event: telling the same thing twice leaves one
    at      timestamptz NOT NULL,
    read_at timestamptz,
    UNIQUE (person, kind, cause));
CREATE INDEX notice_page   ON app.notice (person, at DESC, id DESC);
CREATE INDEX notice_unread ON app.notice (person, at DESC, id DESC) WHERE read_at IS NULL;
GRANT SELECT, UPDATE (read_at) ON app.notice TO app_api;
CREATE POLICY own ON app.notice TO app_api USING (person = app.person());
GRANT INSERT ON app.notice TO app_worker;             -- no SELECT: ON CONFLICT DO NOTHING without a target
CREATE POLICY tell ON app.notice FOR INSERT TO app_worker WITH CHECK (true);
GRANT SELECT (person), UPDATE (person) ON app.notice TO app_door;   -- when two identities become one person
CREATE POLICY door ON app.notice TO app_door USING (true);
"""


def upgrade() -> None:
    run(op, NOTICES)
    wall(op, "notice")
