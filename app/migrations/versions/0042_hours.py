"""Opening hours of institutions, and what the staff know of a year's days before the library does."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0042"
down_revision = "0041"

KEEPER = """EXISTS (SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role IN ('EDITOR', 'OFFICER', 'ADMIN')
                            AND h.until > app.clock() OFFSET 0)"""
SIGNED = "changed_by = app.person() AND changed_at = app.clock()"
SEEN = "id, year, days, complete, source, version, changed_at"

HOURS = f"""
ALTER TABLE app.institution ADD hours jsonb CHECK (hours ?& ARRAY['days', 'dates']);     -- NULL: nobody has said them
GRANT SELECT (hours), INSERT (hours), UPDATE (hours) ON app.institution TO app_api;
GRANT SELECT (hours) ON app.institution TO app_worker;

CREATE TABLE app.calendar_year (
    id         uuid PRIMARY KEY,
    year       integer NOT NULL UNIQUE CHECK (year BETWEEN 2000 AND 2100),
    days       jsonb NOT NULL CHECK (jsonb_typeof(days) = 'object'),   -- by date: ORDINARY, HOLIDAY or MAKE_UP
    complete   boolean NOT NULL,                                       -- the whole announcement
    source     text NOT NULL CHECK (source <> ''),
    version    integer NOT NULL CHECK (version > 0),
    changed_at timestamptz NOT NULL,
    changed_by uuid,
    reason     text NOT NULL);
GRANT SELECT ({SEEN}) ON app.calendar_year TO app_api, app_worker;
GRANT INSERT ({SEEN}, changed_by, reason) ON app.calendar_year TO app_api;
GRANT UPDATE (days, complete, source, version, changed_at, changed_by, reason) ON app.calendar_year TO app_api;
CREATE POLICY everyone ON app.calendar_year FOR SELECT TO app_api, app_worker USING (true);
CREATE POLICY enter    ON app.calendar_year FOR INSERT TO app_api WITH CHECK (version = 1 AND {SIGNED} AND {KEEPER});
CREATE POLICY change   ON app.calendar_year FOR UPDATE TO app_api USING ({KEEPER}) WITH CHECK ({SIGNED});
CREATE TRIGGER register_changes AFTER INSERT OR UPDATE ON app.calendar_year
    FOR EACH ROW EXECUTE FUNCTION door.register_changes();
"""


def upgrade() -> None:
    run(op, HOURS)
    wall(op, "calendar_year")
