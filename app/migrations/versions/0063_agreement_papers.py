"""An agreement in writing becomes a paper with the second yes, by whoever says it."""

from alembic import op

from app.migrations.sql import run

revision = "0063"
down_revision = "0062"

DOOR = """
GRANT SELECT (at) ON app.mediation_assent TO app_door;
SET LOCAL ROLE app_door;
-- Who made this step, in this transaction; an institution's papers only by its own steps. Of a mediation's agreement the step is the
-- yes by which it binds.
CREATE OR REPLACE FUNCTION door.paper_is_hers(asked uuid, by_step uuid, what text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT CASE what WHEN 'MEDIATION_AGREEMENT' THEN EXISTS (
        SELECT FROM app.mediation_agreement g JOIN app.mediation_assent s ON s.thing = g.id AND s.about = 'AGREEMENT' AND s.yes
        WHERE g.id = by_step AND g.mediation = asked AND g.form = 'WRITTEN' AND g.effective_at = app.clock()
          AND s.actor = app.person() AND s.at = app.clock())
    ELSE EXISTS (SELECT FROM app.application_step s WHERE s.id = by_step AND s.application = asked AND s.actor = app.person() AND s.at = app.clock()
        AND (s.by_whom = 'APPLICANT') = (what IN ('APPLICATION_FORM', 'APPLICATION_RECEIPT'))) END;
END;
RESET ROLE;
"""


def upgrade() -> None:
    run(op, DOOR)
