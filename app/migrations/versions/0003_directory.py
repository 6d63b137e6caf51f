"""Firms and lawyers: public rows that only the directory's keepers write."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0003"
down_revision = "0002"

DIRECTORY = """
CREATE TABLE app.firm (
    id       uuid PRIMARY KEY,
    name     text NOT NULL,
    division text NOT NULL,
    province text NOT NULL);

CREATE TABLE app.lawyer (
    id              uuid PRIMARY KEY REFERENCES app.person,
    licence         text NOT NULL UNIQUE,
    title           text NOT NULL,
    name            text NOT NULL,
    firm            uuid NOT NULL REFERENCES app.firm,
    pool            text NOT NULL CHECK (pool IN ('LOCAL', 'PROVINCE', 'NATION')),
    specialties     text[] NOT NULL,
    divisions       text[] NOT NULL,
    languages       text[] NOT NULL,
    gender          text NOT NULL CHECK (gender IN ('FEMALE', 'MALE')),
    practising_since date NOT NULL,
    introduction    text NOT NULL DEFAULT '',
    standing        text NOT NULL DEFAULT 'ACTIVE' CHECK (standing IN ('ACTIVE', 'SUSPENDED', 'LEFT')),
    availability    text NOT NULL DEFAULT 'AVAILABLE' CHECK (availability IN ('AVAILABLE', 'ON_DUTY', 'AWAY')),
    seen_at         timestamptz,                      -- presence: orders, never excludes
    -- Written downward by the consultation room's reactions:
    offered_at      timestamptz NOT NULL DEFAULT '2000-01-01Z',  -- fair exposure: who has waited longest for an offer
    seats_ended     integer NOT NULL DEFAULT 0,
    seats_kept      integer NOT NULL DEFAULT 0,
    reply_seconds   integer) WITH (fillfactor = 80);
CREATE INDEX lawyer_turn  ON app.lawyer (pool, offered_at) WHERE standing = 'ACTIVE' AND availability <> 'AWAY';
CREATE INDEX lawyer_name  ON app.lawyer (name, id);
CREATE INDEX lawyer_years ON app.lawyer (practising_since, id);
CREATE INDEX lawyer_reply ON app.lawyer (coalesce(reply_seconds, 2147483647), id);
CREATE INDEX lawyer_presence ON app.lawyer (
    (CASE WHEN availability = 'AWAY' THEN timestamptz 'epoch' ELSE coalesce(seen_at, timestamptz 'epoch') END), id);
CREATE INDEX lawyer_specialties ON app.lawyer USING gin (specialties);

GRANT SELECT ON app.firm, app.lawyer TO app_api, app_worker;
GRANT SELECT, INSERT, UPDATE ON app.firm, app.lawyer TO app_owner;
GRANT UPDATE (availability, seen_at) ON app.lawyer TO app_api;
GRANT UPDATE (offered_at, seats_ended, seats_kept, reply_seconds) ON app.lawyer TO app_worker;
CREATE POLICY everyone ON app.firm   FOR SELECT TO app_api, app_worker USING (true);
CREATE POLICY everyone ON app.lawyer FOR SELECT TO app_api, app_worker USING (true);
CREATE POLICY own      ON app.lawyer FOR UPDATE TO app_api USING (id = app.person());
CREATE POLICY worker   ON app.lawyer FOR UPDATE TO app_worker USING (true);
CREATE POLICY owner    ON app.firm   TO app_owner USING (true);
CREATE POLICY owner    ON app.lawyer TO app_owner USING (true);
"""


def upgrade() -> None:
    run(op, DIRECTORY)
    wall(op, "firm", "lawyer")
