"""Who gave a case away is told when an article tells it, and when it is gone; who planned a campaign, when it is over."""

from alembic import op

from app.migrations.sql import run

revision = "0083"
down_revision = "0082"

TOLD = """
GRANT SELECT (made_by) ON app.campaign TO app_worker;

SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
-- Of cases that a published version tells, or told: which, and who gave each; of who left, or erased her question, nothing is known.
CREATE FUNCTION door.givers_of(version uuid) RETURNS TABLE (donation uuid, giver uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT s.donation, s.asker FROM app.article_version v CROSS JOIN LATERAL jsonb_array_elements(v.cases) AS c
    JOIN app.donation_source s ON s.donation = (c ->> 'donation')::uuid
    JOIN app.case_donation d ON d.id = s.donation AND d.state = 'PUBLISHED'
    WHERE v.id = $1 AND v.state IN ('PUBLISHED', 'REPLACED', 'WITHDRAWN');
END;
GRANT EXECUTE ON FUNCTION door.givers_of(uuid) TO app_worker;
RESET ROLE;
"""


def upgrade() -> None:
    run(op, TOLD)
