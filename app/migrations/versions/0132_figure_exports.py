"""Figures that the staff take along are recorded: who, which, of which days, when and what for."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0132"
down_revision = "0131"

TABLES = """
CREATE TABLE app.figure_export (                      -- added to and nothing else
    id       uuid PRIMARY KEY,
    person   uuid NOT NULL,
    figures  text NOT NULL CHECK (figures IN ('HOT_ISSUES', 'DEMAND', 'PROMISE_RECORD')),
    first    date NOT NULL,
    last     date NOT NULL CHECK (last >= first),
    purpose  text NOT NULL CHECK (purpose IN ('BRIEFING', 'PLANNING', 'PUBLICATION', 'RESEARCH', 'INSPECTION')),
    made_at  timestamptz NOT NULL,
    day      date NOT NULL CHECK (day = date(made_at AT TIME ZONE interval '8 hours')),
    n        smallint NOT NULL CHECK (n BETWEEN 1 AND 20),      -- which one of hers on that day
    UNIQUE (person, day, n));
CREATE INDEX figure_export_made   ON app.figure_export (made_at DESC, id DESC);
CREATE INDEX figure_export_person ON app.figure_export (person, made_at DESC, id DESC);
GRANT SELECT, INSERT ON app.figure_export TO app_api;
CREATE POLICY looks ON app.figure_export FOR SELECT TO app_api USING (person = app.person() OR EXISTS (
    SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role = 'AUDITOR' AND h.until > app.clock() OFFSET 0));
CREATE POLICY takes ON app.figure_export FOR INSERT TO app_api WITH CHECK (
    person = app.person() AND made_at BETWEEN app.clock() - interval '1 minute' AND app.clock() AND EXISTS (
    SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role IN ('SUPERVISOR', 'ANALYST') AND h.until > app.clock() OFFSET 0));
"""


def upgrade() -> None:
    run(op, TABLES)
    wall(op, "figure_export")
