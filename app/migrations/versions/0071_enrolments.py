"""Who comes to a gathering: places, and who waits for one, in the order in which they came."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0071"
down_revision = "0070"

ENROLMENT = """
CREATE TABLE app.enrolment (                          -- written by the door alone: it counts
    id       uuid PRIMARY KEY,
    activity uuid NOT NULL REFERENCES app.activity,
    person   uuid REFERENCES app.person,              -- NULL: long ago, or she closed her account
    number   integer NOT NULL,                        -- in the order in which they came
    state    text NOT NULL CHECK (state IN ('ENROLLED', 'WAITING', 'LEFT')),
    made_at  timestamptz NOT NULL,
    state_at timestamptz NOT NULL,
    came_at  timestamptz CHECK (came_at IS NULL OR state = 'ENROLLED'),
    UNIQUE (activity, number));
CREATE UNIQUE INDEX enrolment_live ON app.enrolment (activity, person) WHERE state <> 'LEFT' AND person IS NOT NULL;
CREATE INDEX enrolment_waiting ON app.enrolment (activity, number) WHERE state = 'WAITING';
CREATE INDEX enrolment_of ON app.enrolment (person, made_at DESC, id DESC);
GRANT SELECT ON app.enrolment TO app_api;
CREATE POLICY own ON app.enrolment FOR SELECT TO app_api USING (person = app.person());
GRANT SELECT (id, activity, person, state) ON app.enrolment TO app_worker;
CREATE POLICY worker ON app.enrolment FOR SELECT TO app_worker USING (true);
GRANT SELECT, INSERT, UPDATE (person, state, state_at, came_at) ON app.enrolment TO app_door;
CREATE POLICY door ON app.enrolment TO app_door USING (true);
"""

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- A place, or one in the queue: the activity's row is held while it is counted, so that the last place goes to one. Where she
-- has signed up already, that.
CREATE FUNCTION door.enrol(asked uuid, made uuid) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    me    constant uuid := app.person();
    had   uuid;
    board record;
    free  boolean;
BEGIN
    SELECT a.places, a.taken INTO board FROM app.activity a
    WHERE a.id = asked AND a.kind = 'GATHERING' AND a.state = 'OPEN' AND a.closes_at > app.clock() FOR NO KEY UPDATE;
    IF NOT FOUND OR me IS NULL THEN RETURN NULL; END IF;
    SELECT e.id INTO had FROM app.enrolment e WHERE e.activity = asked AND e.person = me AND e.state <> 'LEFT';
    IF FOUND THEN RETURN had; END IF;
    free := board.places IS NULL OR board.taken < board.places;
    INSERT INTO app.enrolment (id, activity, person, number, state, made_at, state_at)
    SELECT made, asked, me, coalesce(max(e.number), 0) + 1, CASE WHEN free THEN 'ENROLLED' ELSE 'WAITING' END, app.clock(), app.clock()
    FROM app.enrolment e WHERE e.activity = asked;
    UPDATE app.activity SET taken = taken + free::int, waiting = waiting + (NOT free)::int WHERE id = asked;
    RETURN made;
END $$;

-- She gives it up; the place goes to who has waited longest, whose enrolment is given back. Not called by hand.
CREATE FUNCTION door.vacate(asked uuid) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    held  record;
    heir  uuid;
BEGIN
    PERFORM FROM app.activity a JOIN app.enrolment e ON e.activity = a.id WHERE e.id = asked FOR NO KEY UPDATE OF a;
    SELECT e.activity, e.state INTO held FROM app.enrolment e WHERE e.id = asked AND e.state <> 'LEFT' AND e.came_at IS NULL;
    IF NOT FOUND THEN RETURN NULL; END IF;
    UPDATE app.enrolment SET state = 'LEFT', state_at = app.clock() WHERE id = asked;
    IF held.state = 'WAITING' THEN
        UPDATE app.activity SET waiting = waiting - 1 WHERE id = held.activity;
        RETURN NULL;
    END IF;
    SELECT e.id INTO heir FROM app.enrolment e JOIN app.activity a ON a.id = e.activity
    WHERE e.activity = held.activity AND e.state = 'WAITING' AND a.state IN ('OPEN', 'CLOSED') AND a.begins_at > app.clock()
    ORDER BY e.number LIMIT 1;
    IF FOUND THEN
        UPDATE app.enrolment SET state = 'ENROLLED', state_at = app.clock() WHERE id = heir;
        UPDATE app.activity SET waiting = waiting - 1 WHERE id = held.activity;
    ELSE
        UPDATE app.activity SET taken = taken - 1 WHERE id = held.activity;
    END IF;
    RETURN heir;
END $$;

CREATE FUNCTION door.leave_activity(asked uuid) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM app.enrolment e WHERE e.id = asked AND e.person = app.person()) THEN RETURN NULL; END IF;
    RETURN door.vacate(asked);
END $$;

-- How many wait before each of her own.
CREATE FUNCTION door.waiting_before(asked uuid[]) RETURNS TABLE (enrolment uuid, ahead integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT e.id, (SELECT count(*) FROM app.enrolment o WHERE o.activity = e.activity AND o.state = 'WAITING' AND o.number < e.number)::int
    FROM app.enrolment e WHERE e.id = ANY (asked) AND e.person = app.person() AND e.state = 'WAITING';
END;

-- She is there: she herself says so (by the code at the entrance), or somebody of the editors whom she showed her ticket. When she
-- came; the first time counts.
CREATE FUNCTION door.check_in(asked uuid, there uuid) RETURNS timestamptz LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    hers record;
BEGIN
    PERFORM FROM app.activity a JOIN app.enrolment e ON e.activity = a.id WHERE e.id = asked AND a.id = there AND a.state IN ('OPEN', 'CLOSED') FOR NO KEY UPDATE OF a;
    IF NOT FOUND THEN RETURN NULL; END IF;
    SELECT e.activity, e.came_at INTO hers FROM app.enrolment e WHERE e.id = asked AND e.state = 'ENROLLED' AND (e.person = app.person() OR EXISTS (
        SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role IN ('EDITOR', 'SUPERVISOR') AND h.until > app.clock()));
    IF NOT FOUND THEN RETURN NULL; END IF;
    IF hers.came_at IS NULL THEN
        UPDATE app.enrolment SET came_at = app.clock() WHERE id = asked;
        UPDATE app.activity SET came = came + 1 WHERE id = hers.activity;
        RETURN app.clock();
    END IF;
    RETURN hers.came_at;
END $$;

-- Of somebody who closes her account: what is to come is given up, and nothing says who came. Who gets the places.
CREATE FUNCTION door.give_up_enrolments(whose uuid) RETURNS SETOF uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    hers uuid;
    heir uuid;
BEGIN
    IF NOT EXISTS (SELECT FROM app.closing c WHERE c.person = whose) THEN RETURN; END IF;
    FOR hers IN SELECT e.id FROM app.enrolment e WHERE e.person = whose ORDER BY e.activity LOOP
        heir := door.vacate(hers);
        IF heir IS NOT NULL THEN RETURN NEXT heir; END IF;
    END LOOP;
    UPDATE app.enrolment SET person = NULL WHERE person = whose;
END $$;

-- Who came to what is forgotten a year after it was over. Twice changes nothing.
CREATE FUNCTION door.forget_enrolments(asked uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.enrolment e SET person = NULL FROM app.activity a
    WHERE e.activity = asked AND a.id = asked AND e.person IS NOT NULL AND a.state IN ('ARCHIVED', 'CANCELLED') AND a.state_at <= app.clock() - interval '365 days';
END $$;

-- Two identities become one person: so does what they signed up for.
CREATE FUNCTION door.enrolments_move() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    twice uuid;
BEGIN
    FOR twice IN SELECT e.id FROM app.enrolment e JOIN app.enrolment o ON o.activity = e.activity AND o.person = NEW.person AND o.state <> 'LEFT'
            WHERE e.person = OLD.person AND e.state <> 'LEFT' LOOP
        PERFORM door.vacate(twice);
        UPDATE app.enrolment SET person = NULL WHERE id = twice;
    END LOOP;
    UPDATE app.enrolment SET person = NEW.person WHERE person = OLD.person;
    RETURN NULL;
END $$;

CREATE FUNCTION door.list_activities(asked uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    whose uuid := door.begin_list(asked, 'activities');
BEGIN
    IF whose IS NULL THEN RETURN; END IF;
    INSERT INTO app.export_part (export, kind, person, ids)
    SELECT asked, 'enrolment', whose, array_agg(e.id ORDER BY e.made_at, e.id) FROM app.enrolment e
    WHERE e.person = whose HAVING count(*) > 0;
    PERFORM door.end_list(asked);
END $$;

GRANT EXECUTE ON FUNCTION door.enrolments_move() TO app_owner; -- to make the trigger
GRANT EXECUTE ON FUNCTION door.enrol(uuid, uuid), door.leave_activity(uuid), door.waiting_before(uuid[]), door.check_in(uuid, uuid) TO app_api;
GRANT EXECUTE ON FUNCTION door.give_up_enrolments(uuid), door.forget_enrolments(uuid), door.list_activities(uuid) TO app_worker;
RESET ROLE;
CREATE TRIGGER enrolments_move AFTER UPDATE OF person ON app.identity
    FOR EACH ROW WHEN (OLD.person <> NEW.person) EXECUTE FUNCTION door.enrolments_move();
"""


def upgrade() -> None:
    run(op, ENROLMENT + DOOR)
    wall(op, "enrolment")
