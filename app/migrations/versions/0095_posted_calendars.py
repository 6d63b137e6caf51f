"""Nobody books the time of who does not work there any more, or not now.

A calendar of the staff is somebody's who has a post at the institution. When her post ended, or a suspension ended it
for a while, her slots were offered and booked still."""

from alembic import op

from app.migrations.sql import run

revision = "0095"
down_revision = "0094"

DOOR = """
GRANT SELECT (id, institution, person) ON app.appointment_calendar TO app_door;
CREATE POLICY door ON app.appointment_calendar FOR SELECT TO app_door USING (true);
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
-- Of the calendars of these institutions those of the staff whose post is there now; whose they are is not told.
CREATE FUNCTION door.posted_calendars(places uuid[]) RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT c.id FROM app.appointment_calendar c JOIN app.post p ON p.person = c.person AND p.institution = c.institution
    WHERE c.institution = ANY (places) AND p.until > app.clock();
END;
GRANT EXECUTE ON FUNCTION door.posted_calendars(uuid[]) TO app_api;
RESET ROLE;
"""


def upgrade() -> None:
    run(op, DOOR)
