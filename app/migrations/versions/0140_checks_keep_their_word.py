"""A check tells no lawyer's name, looks at nothing that was asked under a category of which she was promised that nobody else reads, and
leaves no words behind; a month is told once its last day was drawn."""

from alembic import op

from app.migrations.sql import run

revision = "0140"
down_revision = "0139"

DOOR = """
GRANT SELECT (name) ON app.lawyer TO app_door;
GRANT SELECT (question, was) ON app.recategorised TO app_door;
CREATE POLICY door ON app.recategorised FOR SELECT TO app_door USING (true);

SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- As it was; what she asked under a category keeps what she was promised of it, also where a lawyer said later that it is another.
CREATE OR REPLACE FUNCTION door.quality_pool(first date, last date, version integer, secret text[]) RETURNS TABLE (question uuid, lot double precision)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT q.id, random() FROM app.question q
    WHERE q.status = 'RESOLVED' AND q.status_at >= first::timestamp AT TIME ZONE interval '8 hours'
      AND q.status_at < (last + 1)::timestamp AT TIME ZONE interval '8 hours' AND q.category <> ALL (secret)
      AND NOT EXISTS (SELECT FROM app.recategorised r WHERE r.question = q.id AND r.was = ANY (secret))
      AND NOT EXISTS (SELECT FROM app.quality_check c WHERE c.question = q.id)
      AND EXISTS (SELECT FROM app.answer a WHERE a.question = q.id) AND door.checkable(q.id, version);
END;

-- To the reviewer, of what she may read: what the lawyers who took part are called, so that she is not shown it.
CREATE FUNCTION door.check_names(these uuid[]) RETURNS TABLE (checked uuid, name text) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT DISTINCT c.id, l.name FROM door.checks_at_hand(these) c JOIN app.seat s ON s.question = c.question JOIN app.lawyer l ON l.id = s.lawyer;
END;

-- Whatever was being noted while the question was erased.
CREATE FUNCTION door.marks_follow(asked uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    these uuid[] := ARRAY(SELECT m.id FROM app.quality_mark m JOIN app.question q ON q.id = m.question WHERE m.question = asked AND q.status = 'ERASED');
BEGIN
    DELETE FROM app.key WHERE subject = ANY (these);
    UPDATE app.quality_mark SET note = NULL, reply = NULL WHERE id = ANY (these);
END $$;

-- Of a lawyer who closes her account: what was noted about her answers and what she said to it; that they were marked stays, nobody's to read.
CREATE FUNCTION door.give_up_quality(whose uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    hers uuid[];
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('legal hold', 0));
    IF NOT EXISTS (SELECT FROM app.closing c WHERE c.person = whose)
        OR EXISTS (SELECT FROM app.legal_hold h WHERE h.lifted_at IS NULL AND h.subject = whose) THEN RETURN; END IF;
    hers := ARRAY(SELECT m.id FROM app.quality_mark m WHERE m.lawyer = whose AND NOT EXISTS (
        SELECT FROM app.legal_hold h WHERE h.lifted_at IS NULL AND h.subject = m.question));
    DELETE FROM app.key WHERE subject = ANY (hers);
    DELETE FROM app.reader WHERE subject = ANY (hers);
    UPDATE app.quality_mark SET note = NULL, reply = NULL WHERE id = ANY (hers);
END $$;

-- As it was, once the month's last day was looked at: what is told does not change any more.
CREATE OR REPLACE FUNCTION door.quality_figures(first date, last date) RETURNS TABLE (
    eligible bigint, drawn bigint, checked bigint, answers bigint, faultless bigint) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT coalesce(sum(d.eligible), 0)::bigint, coalesce(sum(d.drawn), 0)::bigint, m.checked, m.answers, m.faultless
    FROM (SELECT count(DISTINCT c.id) AS checked, count(n.id) AS answers, count(n.id) FILTER (
              WHERE n.conclusion = 'YES' AND n.law AND n.steps AND n.plain AND n.deadlines IS NOT FALSE) AS faultless
          FROM app.quality_check c JOIN app.quality_mark n ON n.checked = c.id
          WHERE c.state = 'DONE' AND c.done_at >= first::timestamp AT TIME ZONE interval '8 hours'
            AND c.done_at < (last + 1)::timestamp AT TIME ZONE interval '8 hours') m
    LEFT JOIN app.quality_day d ON d.day BETWEEN first AND last
    WHERE EXISTS (SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role IN ('SUPERVISOR', 'ANALYST') AND h.until > app.clock())
      AND EXISTS (SELECT FROM app.quality_day d WHERE d.day >= last)
    GROUP BY m.checked, m.answers, m.faultless;
END;
GRANT EXECUTE ON FUNCTION door.check_names(uuid[]) TO app_api;
GRANT EXECUTE ON FUNCTION door.marks_follow(uuid), door.give_up_quality(uuid) TO app_worker;
SELECT door.marks_follow(m.question) FROM app.quality_mark m JOIN app.question q ON q.id = m.question WHERE q.status = 'ERASED' AND m.note IS NOT NULL;
RESET ROLE;
"""


def upgrade() -> None:
    run(op, DOOR)
