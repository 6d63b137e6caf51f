"""What a legal hold on somebody keeps: where she signed up, whom she voted for, and what she judged, too."""

from alembic import op

from app.migrations.sql import run

revision = "0115"
down_revision = "0114"

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
CREATE FUNCTION door.is_held(who uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM app.legal_hold h WHERE h.subject = who AND h.lifted_at IS NULL);
END;

-- Who came to what is forgotten a year after it was over, where no hold keeps it. Twice changes nothing. Whether a hold keeps some.
DROP FUNCTION door.forget_enrolments(uuid);
CREATE FUNCTION door.forget_enrolments(asked uuid) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('legal hold', 0));
    IF NOT EXISTS (SELECT FROM app.activity a WHERE a.id = asked AND a.state IN ('ARCHIVED', 'CANCELLED') AND a.state_at <= app.clock() - interval '365 days') THEN
        RETURN false;
    END IF;
    UPDATE app.enrolment SET person = NULL WHERE activity = asked AND person IS NOT NULL AND NOT door.is_held(person);
    RETURN EXISTS (SELECT FROM app.enrolment e WHERE e.activity = asked AND e.person IS NOT NULL);
END $$;
GRANT EXECUTE ON FUNCTION door.forget_enrolments(uuid) TO app_worker;

CREATE OR REPLACE FUNCTION door.forget_entries(asked uuid) RETURNS SETOF uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    old uuid[];
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('legal hold', 0));
    old := ARRAY(SELECT e.id FROM app.entry e JOIN app.activity a ON a.id = e.activity
        WHERE a.id = asked AND a.state IN ('ARCHIVED', 'CANCELLED') AND a.state_at <= app.clock() - interval '365 days' AND e.person IS NOT NULL
          AND NOT EXISTS (SELECT FROM app.legal_hold h WHERE h.lifted_at IS NULL AND h.subject IN (e.id, e.person)));
    PERFORM door.forget_these_entries(old);
    DELETE FROM app.vote v USING app.activity a WHERE v.activity = asked AND a.id = asked AND a.state IN ('ARCHIVED', 'CANCELLED')
        AND a.state_at <= app.clock() - interval '365 days' AND NOT door.is_held(v.person);
    RETURN QUERY SELECT unnest(old);
END $$;
CREATE OR REPLACE FUNCTION door.forget_juries(asked uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.jury_score s SET person = NULL FROM app.activity a WHERE s.activity = asked AND a.id = asked
        AND a.state IN ('ARCHIVED', 'CANCELLED') AND a.state_at <= app.clock() - interval '365 days' AND NOT door.is_held(s.person);
    UPDATE app.juror j SET person = NULL, called = '', schools = '{}' FROM app.activity a WHERE j.activity = asked AND a.id = asked
        AND a.state IN ('ARCHIVED', 'CANCELLED') AND a.state_at <= app.clock() - interval '365 days' AND NOT door.is_held(j.person);
END $$;
-- Whether something of somebody is left in a contest.
CREATE FUNCTION door.contest_keeps(asked uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM app.entry e WHERE e.activity = asked AND e.person IS NOT NULL)
        OR EXISTS (SELECT FROM app.vote v WHERE v.activity = asked) OR EXISTS (SELECT FROM app.juror j WHERE j.activity = asked AND j.person IS NOT NULL);
END;
GRANT EXECUTE ON FUNCTION door.contest_keeps(uuid) TO app_worker;
RESET ROLE;
"""


def upgrade() -> None:
    run(op, DOOR)
