"""Whoever is led on to a partner a second time on a day, or only looks, is not counted again."""

from alembic import op

from app.migrations.sql import run

revision = "0125"
down_revision = "0124"

DOOR = """
SET LOCAL ROLE app_door;
-- `what`: SCAN or SENT is counted; LOOK tells where a partner's code leads, and counts nothing.
CREATE OR REPLACE FUNCTION door.outreach_opened(said text, what text) RETURNS text LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    WITH one AS (
        SELECT c.id, c.link FROM app.outreach_channel c
        WHERE c.id = door.open_channel(said, app.clock()) AND (what = 'SCAN' OR what IN ('SENT', 'LOOK') AND c.link IS NOT NULL)),
    counted AS (
        INSERT INTO app.outreach_day AS d (channel, day, step, n)
        SELECT one.id, door.outreach_day(app.clock()), what, 1 FROM one WHERE what <> 'LOOK'
        ON CONFLICT (channel, day, step) DO UPDATE SET n = d.n + 1)
    SELECT coalesce(one.link, '') FROM one;
END;
RESET ROLE;
"""


def upgrade() -> None:
    run(op, DOOR)
