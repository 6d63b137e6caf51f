"""A hold ends by the clock: what nobody holds any longer is free, whether the relay has been there or not."""

from alembic import op

from app.migrations.sql import run

revision = "0129"
down_revision = "0128"

DOOR = """
GRANT SELECT (hold_until) ON app.appointment TO app_door;

SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
CREATE OR REPLACE FUNCTION door.appointment_moves() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    ran_out constant boolean := OLD.state = 'HELD' AND NEW.state = 'EXPIRED' AND OLD.hold_until <= app.clock(); -- whoever finds it
    mover constant text := CASE WHEN app.person() IS NULL OR ran_out THEN 'HOUSE' WHEN app.person() = OLD.person THEN 'RESIDENT' ELSE 'STAFF' END;
BEGIN
    IF NEW.state <> OLD.state THEN
        PERFORM FROM (VALUES ('HELD', 'REQUESTED', '{RESIDENT}'::text[]), ('HELD', 'CONFIRMED', '{RESIDENT}'::text[]), ('HELD', 'CANCELLED_BY_RESIDENT', '{RESIDENT,HOUSE}'::text[]), ('HELD', 'EXPIRED', '{HOUSE}'::text[]), ('REQUESTED', 'CONFIRMED', '{STAFF}'::text[]), ('REQUESTED', 'RESCHEDULED', '{RESIDENT}'::text[]), ('REQUESTED', 'CANCELLED_BY_RESIDENT', '{RESIDENT,HOUSE}'::text[]), ('REQUESTED', 'CANCELLED_BY_STAFF', '{STAFF}'::text[]), ('REQUESTED', 'EXPIRED', '{HOUSE}'::text[]), ('CONFIRMED', 'CHECKED_IN', '{RESIDENT,STAFF}'::text[]), ('CONFIRMED', 'RESCHEDULED', '{RESIDENT}'::text[]), ('CONFIRMED', 'CANCELLED_BY_RESIDENT', '{RESIDENT,HOUSE}'::text[]), ('CONFIRMED', 'CANCELLED_BY_STAFF', '{STAFF}'::text[]), ('CONFIRMED', 'DONE', '{STAFF,HOUSE}'::text[]), ('CONFIRMED', 'NO_SHOW', '{STAFF,HOUSE}'::text[]), ('CHECKED_IN', 'CANCELLED_BY_RESIDENT', '{RESIDENT,HOUSE}'::text[]), ('CHECKED_IN', 'CANCELLED_BY_STAFF', '{STAFF}'::text[]), ('CHECKED_IN', 'DONE', '{STAFF,HOUSE}'::text[]), ('CHECKED_IN', 'NO_SHOW', '{STAFF}'::text[]), ('NO_SHOW', 'DONE', '{STAFF}'::text[])) AS t (begins, ends, movers)
        WHERE t.begins = OLD.state AND t.ends = NEW.state AND mover = ANY (t.movers);
        IF NOT FOUND THEN RAISE 'an appointment does not go that way' USING ERRCODE = '42501'; END IF;
        IF OLD.state = 'HELD' AND NEW.state = 'CONFIRMED' AND (NEW.mode = 'HOME_VISIT' OR EXISTS (
                SELECT FROM app.appointment_service s
                WHERE s.institution = NEW.institution AND s.service = NEW.service AND s.confirms)) THEN
            RAISE 'the staff confirm it' USING ERRCODE = '42501';
        END IF;
        NEW.state_at := app.clock();
    END IF;
    IF mover <> 'HOUSE' AND (OLD.state <> 'HELD' AND (NEW.body <> OLD.body OR NEW.hold_until <> OLD.hold_until
                                                      OR NEW.booked_at IS DISTINCT FROM OLD.booked_at)
                             OR mover <> 'STAFF' AND (NEW.called_at IS DISTINCT FROM OLD.called_at OR NEW.reason IS DISTINCT FROM OLD.reason)) THEN
        RAISE 'what was booked stays as it is' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION door.appointment_moved() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.state = OLD.state THEN RETURN NULL; END IF;
    ELSIF NEW.person IS NOT NULL THEN
        INSERT INTO app.reader (subject, person, basis, since) VALUES (NEW.id, NEW.person, 'asker', NEW.made_at);
    END IF;
    IF NEW.state IN ('REQUESTED', 'CONFIRMED', 'CHECKED_IN') THEN
        INSERT INTO app.reader (subject, person, basis, since)
        SELECT NEW.id, p.person, CASE WHEN door.young(NEW.person) THEN 'desk' ELSE 'staff' END, app.clock()
        FROM app.post p WHERE p.institution = NEW.institution AND p.until > app.clock()
        ON CONFLICT (subject, person) DO NOTHING;
    ELSIF NEW.state <> 'HELD' THEN
        UPDATE app.reader SET until = app.clock() + interval '7 days'
        WHERE subject = NEW.id AND basis IN ('staff', 'desk') AND until = 'infinity';
    END IF;
    INSERT INTO app.appointment_move (appointment, n, state, actor, at)
    SELECT NEW.id, count(*), NEW.state, CASE WHEN NEW.state <> 'EXPIRED' THEN app.person() END, app.clock() FROM app.appointment_move m WHERE m.appointment = NEW.id;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION door.taken(at uuid, since timestamptz, until timestamptz)
RETURNS TABLE (staff uuid, room uuid, place smallint, starts_at timestamptz, ends_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT a.staff, a.room, a.place, a.starts_at, a.ends_at FROM app.appointment a
    WHERE a.institution = at AND a.starts_at < until AND a.starts_at > since - interval '1 hour' AND a.ends_at > since
      AND a.state IN ('HELD', 'REQUESTED', 'CONFIRMED', 'CHECKED_IN') AND (a.state <> 'HELD' OR a.hold_until > app.clock());
END;

-- Of holds that ran out there none stands in the way of who takes a seat now.
CREATE FUNCTION door.let_go(at uuid, since timestamptz, until timestamptz) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    ripe uuid[] := ARRAY(SELECT a.id FROM app.appointment a
        WHERE a.institution = at AND a.starts_at < until AND a.starts_at > since - interval '1 hour' AND a.ends_at > since
          AND a.state = 'HELD' AND a.hold_until <= app.clock() ORDER BY a.id FOR NO KEY UPDATE);
BEGIN
    UPDATE app.appointment SET state = 'EXPIRED' WHERE id = ANY (ripe) AND state = 'HELD' AND hold_until <= app.clock();
END $$;
GRANT EXECUTE ON FUNCTION door.let_go(uuid, timestamptz, timestamptz) TO app_api;
RESET ROLE;
"""


def upgrade() -> None:
    run(op, DOOR)
