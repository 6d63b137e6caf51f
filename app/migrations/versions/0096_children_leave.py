"""What a child signed up for or handed in rests on her guardian's yes, and ends with it."""

from alembic import op

from app.migrations.sql import run

revision = "0096"
down_revision = "0095"

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- Whether she is a child of whom no guardian says yes any more.
CREATE FUNCTION door.unguarded(whose uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT NOT EXISTS (SELECT FROM app.guardianship g WHERE g.minor = whose AND g.ended_at IS NULL)
        AND EXISTS (SELECT FROM app.age_said s WHERE s.person = whose AND s.band = 'UNDER_14'
            AND s.turn = (SELECT max(l.turn) FROM app.age_said l WHERE l.person = whose));
END;

-- Her places in what is still to be, and who gets them.
CREATE FUNCTION door.give_up_childs_enrolments(whose uuid) RETURNS SETOF uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    hers uuid;
    heir uuid;
BEGIN
    IF NOT door.unguarded(whose) THEN RETURN; END IF;
    FOR hers IN SELECT e.id FROM app.enrolment e JOIN app.activity a ON a.id = e.activity
            WHERE e.person = whose AND e.state <> 'LEFT' AND a.state IN ('OPEN', 'CLOSED') AND a.begins_at > app.clock() ORDER BY e.activity LOOP
        heir := door.vacate(hers);
        IF heir IS NOT NULL THEN RETURN NEXT heir; END IF;
    END LOOP;
END $$;

-- What she handed in is shown no more, as if she had taken it back herself.
CREATE FUNCTION door.take_back_childs_entries(whose uuid) RETURNS TABLE (entry uuid, activity uuid) LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NOT door.unguarded(whose) THEN RETURN; END IF;
    RETURN QUERY UPDATE app.entry e SET state = 'TAKEN_DOWN', verdict = 'WISH', state_at = app.clock()
        WHERE e.person = whose AND e.state NOT IN ('TAKEN_DOWN', 'REJECTED') RETURNING e.id, e.activity;
END $$;

GRANT EXECUTE ON FUNCTION door.give_up_childs_enrolments(uuid), door.take_back_childs_entries(uuid) TO app_worker;
RESET ROLE;
"""


def upgrade() -> None:
    run(op, DOOR)
