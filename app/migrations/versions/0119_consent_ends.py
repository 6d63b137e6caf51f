"""What somebody signed up for or handed in rests on her consent too, and ends with it as with a guardian's (PIPL 15)."""

from alembic import op

from app.migrations.sql import run

revision = "0119"
down_revision = "0118"

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- Whether nobody agrees any more to what is kept of her: she took it back, or is a child of whom no guardian says yes.
CREATE FUNCTION door.unagreed(whose uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT door.unguarded(whose) OR EXISTS (SELECT FROM app.consent c WHERE c.person = whose AND c.purpose = 'SERVICE'
        AND NOT c.given AND c.turn = (SELECT max(l.turn) FROM app.consent l WHERE l.person = whose AND l.purpose = 'SERVICE'));
END;

ALTER FUNCTION door.give_up_childs_enrolments(uuid) RENAME TO give_up_unagreed_enrolments;
ALTER FUNCTION door.take_back_childs_entries(uuid) RENAME TO take_back_unagreed_entries;

CREATE OR REPLACE FUNCTION door.give_up_unagreed_enrolments(whose uuid) RETURNS SETOF uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    hers uuid;
    heir uuid;
BEGIN
    IF NOT door.unagreed(whose) THEN RETURN; END IF;
    FOR hers IN SELECT e.id FROM app.enrolment e JOIN app.activity a ON a.id = e.activity
            WHERE e.person = whose AND e.state <> 'LEFT' AND a.state IN ('OPEN', 'CLOSED') AND a.begins_at > app.clock() ORDER BY e.activity LOOP
        heir := door.vacate(hers);
        IF heir IS NOT NULL THEN RETURN NEXT heir; END IF;
    END LOOP;
END $$;

CREATE OR REPLACE FUNCTION door.take_back_unagreed_entries(whose uuid) RETURNS TABLE (entry uuid, activity uuid) LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NOT door.unagreed(whose) THEN RETURN; END IF;
    RETURN QUERY UPDATE app.entry e SET state = 'TAKEN_DOWN', verdict = 'WISH', state_at = app.clock()
        WHERE e.person = whose AND e.state NOT IN ('TAKEN_DOWN', 'REJECTED') RETURNING e.id, e.activity;
END $$;
RESET ROLE;
"""


def upgrade() -> None:
    run(op, DOOR)
