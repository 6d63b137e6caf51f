"""An editor voids an attempt and says why; who took a quiz is forgotten a year after it is over; none is handed in without a round."""

from alembic import op

from app.migrations.sql import run

revision = "0081"
down_revision = "0080"

TABLES = """
ALTER TABLE app.quiz_attempt DROP CONSTRAINT quiz_attempt_state_check,
    ADD CONSTRAINT quiz_attempt_state_check CHECK (state IN ('STARTED', 'SUBMITTED', 'AUTO_SUBMITTED', 'VOIDED')),
    ADD COLUMN reason text NOT NULL DEFAULT '',       -- why it was voided
    ADD CONSTRAINT quiz_attempt_reason_check CHECK ((state = 'VOIDED') = (reason <> ''));
GRANT UPDATE (reason) ON app.quiz_attempt TO app_door;
"""

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- Whether all is there that an activity needs before somebody looks at it: of a quiz, how it goes.
CREATE FUNCTION door.activity_ready(asked uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT NOT EXISTS (SELECT FROM app.activity a WHERE a.id = asked AND a.kind = 'QUIZ'
        AND NOT EXISTS (SELECT FROM app.quiz_round r WHERE r.activity = a.id));
END;
CREATE FUNCTION door.quiz_handed_in() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NOT door.activity_ready(NEW.id) THEN
        RAISE 'nobody has said how this quiz goes' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;

-- What stands at that place of the board under that pseudonym does not count: of fifty who say so one does. Her best is what remains to
-- her; a prize that she has not fetched and a certificate go with it. The steps of the activity tell who did it, and why.
CREATE FUNCTION door.void_attempt(asked uuid, called text, stands bigint, why text) RETURNS TABLE (outcome text, attempt uuid, winner uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
#variable_conflict use_column
DECLARE
    me    constant uuid := app.person();
    a     record;
    e     record;
    floor integer;
BEGIN
    IF NOT EXISTS (SELECT FROM app.role_held h WHERE h.person = me AND h.role IN ('EDITOR', 'SUPERVISOR') AND h.until > app.clock()) THEN
        RETURN;
    END IF;
    SELECT v.state, v.version INTO a FROM app.activity v WHERE v.id = asked FOR NO KEY UPDATE;
    PERFORM FROM app.quiz_entrant n WHERE n.round = asked AND n.alias = called ORDER BY n.person FOR UPDATE; -- what closes meanwhile waits
    SELECT x.* INTO e FROM (
        SELECT n.person, n.alias, n.best, rank() OVER (ORDER BY n.score DESC, n.duration, n.reached_at) AS place
        FROM app.quiz_entrant n WHERE n.round = asked AND n.best IS NOT NULL) x
    WHERE x.alias = called AND x.place = stands LIMIT 1;
    IF NOT FOUND THEN
        RETURN;
    ELSIF e.person = me THEN
        RETURN QUERY SELECT 'OWN', NULL::uuid, NULL::uuid;
        RETURN;
    END IF;
    UPDATE app.quiz_attempt SET state = 'VOIDED', reason = why WHERE id = e.best;
    UPDATE app.quiz_entrant n SET best = b.id, score = coalesce(b.score, 0), duration = coalesce(b.duration, 0), reached_at = least(b.closed_at, b.deadline)
    FROM (SELECT) AS one LEFT JOIN LATERAL (
        SELECT t.* FROM app.quiz_attempt t WHERE t.round = asked AND t.person = e.person AND t.state IN ('SUBMITTED', 'AUTO_SUBMITTED')
        ORDER BY t.score DESC, t.duration, t.n LIMIT 1) b ON true
    WHERE n.round = asked AND n.person = e.person;
    SELECT coalesce(r.pass_mark, 1) INTO floor FROM app.quiz_round r WHERE r.activity = asked;
    PERFORM door.lapse_these_prizes(ARRAY(SELECT w.id FROM app.quiz_award w JOIN app.quiz_entrant n ON n.round = w.round AND n.person = w.person
        WHERE w.round = asked AND w.person = e.person AND (n.best IS NULL OR n.score < floor)));
    UPDATE app.paper SET standing = 'WITHDRAWN', standing_at = app.clock() WHERE subject = e.best AND standing = 'VALID';
    INSERT INTO app.activity_step (activity, n, state, actor, reason, version, at)
    SELECT asked, count(*), a.state, me, why, a.version, app.clock() FROM app.activity_step s WHERE s.activity = asked;
    RETURN QUERY SELECT 'VOIDED', e.best, e.person;
END $$;

-- By the worker, once results are told: who may order a certificate and has not.
CREATE FUNCTION door.quiz_passed(asked uuid) RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT e.person FROM app.quiz_entrant e JOIN app.quiz_round r ON r.activity = e.round JOIN app.activity a ON a.id = e.round
    WHERE e.round = asked AND e.best IS NOT NULL AND e.score >= r.pass_mark AND a.institution IS NOT NULL AND a.state IN ('ANNOUNCED', 'ARCHIVED')
      AND NOT EXISTS (SELECT FROM app.quiz_attempt t JOIN app.reader d ON d.subject = t.id AND d.person = t.person
        WHERE t.round = asked AND t.person = e.person)
    ORDER BY e.person;
END;

-- Who took it is forgotten a year after it was over, where no hold keeps it: nobody's attempts remain. What has a certificate is hers
-- still, until she closes her account. Whether a hold keeps some.
CREATE FUNCTION door.forget_attempts(asked uuid) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    held uuid[];
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('legal hold', 0));
    IF NOT EXISTS (SELECT FROM app.activity a WHERE a.id = asked AND a.state IN ('ARCHIVED', 'CANCELLED') AND a.state_at <= app.clock() - interval '365 days') THEN
        RETURN false;
    END IF;
    held := ARRAY(SELECT DISTINCT t.person FROM app.quiz_attempt t JOIN app.legal_hold h ON h.subject IN (t.id, t.person)
        WHERE t.round = asked AND t.person IS NOT NULL AND h.lifted_at IS NULL);
    UPDATE app.quiz_award SET person = NULL WHERE round = asked AND person <> ALL (held);
    DELETE FROM app.quiz_entrant WHERE round = asked AND person <> ALL (held);
    UPDATE app.quiz_attempt t SET person = NULL WHERE t.round = asked AND t.person <> ALL (held)
        AND NOT EXISTS (SELECT FROM app.reader r WHERE r.subject = t.id AND r.person = t.person);
    RETURN cardinality(held) > 0;
END $$;

-- She reads the certificate of an attempt of hers from now on. `MADE` by this call, `HAD` before; `NONE` where it passes nothing, `LATER`
-- while its results are not told.
CREATE OR REPLACE FUNCTION door.certify_attempt(asked uuid) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    t record;
BEGIN
    SELECT x.state, x.score, r.pass_mark, r.reveals, a.state AS stands, a.institution INTO t
    FROM app.quiz_attempt x JOIN app.quiz_round r ON r.activity = x.round JOIN app.activity a ON a.id = x.round
    WHERE x.id = asked AND x.person = app.person() FOR SHARE OF x;
    IF NOT FOUND THEN RETURN NULL; END IF;
    IF t.pass_mark IS NULL OR t.institution IS NULL OR t.stands = 'CANCELLED' OR t.state = 'VOIDED' THEN RETURN 'NONE'; END IF;
    IF t.state = 'STARTED' OR t.reveals = 'ROUND' AND t.stands NOT IN ('ANNOUNCED', 'ARCHIVED') THEN RETURN 'LATER'; END IF;
    IF t.score < t.pass_mark THEN RETURN 'NONE'; END IF;
    INSERT INTO app.reader (subject, person, basis, since) VALUES (asked, app.person(), 'asker', app.clock()) ON CONFLICT DO NOTHING;
    RETURN CASE WHEN FOUND THEN 'MADE' ELSE 'HAD' END;
END $$;

GRANT EXECUTE ON FUNCTION door.quiz_handed_in() TO app_owner; -- to make the trigger
GRANT EXECUTE ON FUNCTION door.activity_ready(uuid), door.void_attempt(uuid, text, bigint, text) TO app_api;
GRANT EXECUTE ON FUNCTION door.quiz_passed(uuid), door.forget_attempts(uuid) TO app_worker;
RESET ROLE;
CREATE TRIGGER quiz_handed_in BEFORE UPDATE OF state ON app.activity FOR EACH ROW
    WHEN (NEW.kind = 'QUIZ' AND OLD.state = 'DRAFT' AND NEW.state = 'IN_REVIEW') EXECUTE FUNCTION door.quiz_handed_in();
"""


def upgrade() -> None:
    run(op, TABLES + DOOR)
