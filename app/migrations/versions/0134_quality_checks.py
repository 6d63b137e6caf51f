"""Who agreed to it may have her consultation drawn, and a lawyer of another firm marks its answers: she is given what was asked and
answered by one function of the door, for as long as the consent stands and the check is hers, and the asker reads that she did."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0134"
down_revision = "0133"

SUPERVISES = "EXISTS (SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role = 'SUPERVISOR' AND h.until > app.clock() OFFSET 0)"
READS = "EXISTS (SELECT FROM app.reader r WHERE r.subject = id AND r.person = app.person() AND r.until > app.clock() OFFSET 0)"
MARKED = READS.replace(" OFFSET 0", " AND r.basis = 'answered' OFFSET 0")

TABLES = f"""
CREATE TABLE app.quality_policy (                     -- versions are added, never changed
    version smallint PRIMARY KEY,
    since   timestamptz NOT NULL,
    terms   jsonb NOT NULL);
GRANT SELECT ON app.quality_policy TO app_worker;
CREATE POLICY worker ON app.quality_policy FOR SELECT TO app_worker USING (true);
CREATE POLICY owner  ON app.quality_policy TO app_owner USING (true);
-- Of what its askers agreed to: a fifth is drawn, one in seven days at least; five working days are given, and three checks are open a reviewer.
INSERT INTO app.quality_policy VALUES (1, app.clock(), '{{"share": 0.2, "least": 1, "workdays": 5, "each": 3}}');

CREATE TABLE app.quality_reviewer (
    id          uuid PRIMARY KEY,
    lawyer      uuid NOT NULL REFERENCES app.lawyer,
    named_by    uuid NOT NULL,
    named_at    timestamptz NOT NULL,
    turn_at     timestamptz NOT NULL,                 -- when she was last given one: the next is for who waited longest
    released_at timestamptz,
    released_by uuid,
    CHECK ((released_at IS NULL) = (released_by IS NULL)));
CREATE UNIQUE INDEX quality_reviewer_live ON app.quality_reviewer (lawyer) WHERE released_at IS NULL;
GRANT SELECT, INSERT, UPDATE (released_at, released_by) ON app.quality_reviewer TO app_api;
CREATE POLICY read ON app.quality_reviewer FOR SELECT TO app_api USING ({SUPERVISES});
CREATE POLICY name ON app.quality_reviewer FOR INSERT TO app_api
    WITH CHECK (named_by = app.person() AND named_at = app.clock() AND turn_at = app.clock() AND released_at IS NULL AND {SUPERVISES});
CREATE POLICY release ON app.quality_reviewer FOR UPDATE TO app_api USING (released_at IS NULL AND {SUPERVISES})
    WITH CHECK (released_at = app.clock() AND released_by = app.person());
GRANT SELECT, UPDATE (turn_at) ON app.quality_reviewer TO app_worker;
CREATE POLICY worker ON app.quality_reviewer TO app_worker USING (true);
GRANT SELECT (lawyer, released_at) ON app.quality_reviewer TO app_door;
CREATE POLICY door ON app.quality_reviewer FOR SELECT TO app_door USING (true);

CREATE TABLE app.quality_check (                      -- of one question, once
    id       uuid PRIMARY KEY,
    question uuid NOT NULL UNIQUE,
    agreed   integer NOT NULL,                        -- to which version of the notice
    drawn_at timestamptz NOT NULL,
    reviewer uuid,
    had      uuid[] NOT NULL,                         -- who had it before her
    given_at timestamptz NOT NULL,
    due_at   timestamptz NOT NULL,
    state    text NOT NULL CHECK (state IN ('OPEN', 'DONE', 'ENDED')),
    done_at  timestamptz,
    CHECK ((state = 'DONE') = (done_at IS NOT NULL)),
    CHECK ((state = 'ENDED') = (reviewer IS NULL)));
CREATE INDEX quality_check_page ON app.quality_check (reviewer, given_at DESC, id DESC);
CREATE INDEX quality_check_open ON app.quality_check (id) WHERE state = 'OPEN';
CREATE INDEX quality_check_drawn ON app.quality_check (drawn_at);
CREATE INDEX quality_check_done ON app.quality_check (done_at) WHERE state = 'DONE';
-- That it is hers, and never of which question.
GRANT SELECT (id, drawn_at, reviewer, given_at, due_at, state, done_at), UPDATE (due_at) ON app.quality_check TO app_api;
CREATE POLICY own  ON app.quality_check FOR SELECT TO app_api USING (reviewer = app.person());
CREATE POLICY pass ON app.quality_check FOR UPDATE TO app_api USING (reviewer = app.person() AND state = 'OPEN')
    WITH CHECK (reviewer = app.person() AND due_at = app.clock());
GRANT SELECT, INSERT, UPDATE (reviewer, had, given_at, due_at, state) ON app.quality_check TO app_worker;
CREATE POLICY worker ON app.quality_check TO app_worker USING (true);
GRANT SELECT, UPDATE (state, done_at) ON app.quality_check TO app_door;
CREATE POLICY door ON app.quality_check TO app_door USING (true);

CREATE TABLE app.quality_mark (                       -- of one answer; a subject of its own, whose readers its lawyer and the reviewer are
    id         uuid PRIMARY KEY,
    checked    uuid NOT NULL REFERENCES app.quality_check,
    question   uuid NOT NULL,
    answer     uuid NOT NULL UNIQUE,
    lawyer     uuid NOT NULL,
    conclusion text NOT NULL CHECK (conclusion IN ('YES', 'PARTLY', 'NO')),
    law        boolean NOT NULL,
    steps      boolean NOT NULL,
    plain      boolean NOT NULL,
    deadlines  boolean,                               -- null: there are none
    harm       boolean NOT NULL CHECK (NOT harm OR conclusion = 'NO'),
    note       bytea,
    marked_at  timestamptz NOT NULL,
    reply      bytea,
    replied_at timestamptz,
    CHECK (reply IS NULL OR replied_at IS NOT NULL));
CREATE INDEX quality_mark_question ON app.quality_mark (question);
CREATE INDEX quality_mark_lawyer   ON app.quality_mark (lawyer);
CREATE INDEX quality_mark_checked  ON app.quality_mark (checked);
GRANT SELECT (id, checked, answer, conclusion, law, steps, plain, deadlines, harm, note, marked_at, reply, replied_at),
    UPDATE (reply, replied_at) ON app.quality_mark TO app_api;
CREATE POLICY read  ON app.quality_mark FOR SELECT TO app_api USING ({READS});
CREATE POLICY reply ON app.quality_mark FOR UPDATE TO app_api USING (replied_at IS NULL AND {MARKED})
    WITH CHECK (reply IS NOT NULL AND replied_at = app.clock() AND {MARKED});
GRANT SELECT (id, checked, question, lawyer, harm) ON app.quality_mark TO app_worker;
CREATE POLICY worker ON app.quality_mark FOR SELECT TO app_worker USING (true);
GRANT SELECT, INSERT, UPDATE (note, reply) ON app.quality_mark TO app_door;
CREATE POLICY door ON app.quality_mark TO app_door USING (true);

CREATE TABLE app.quality_day (                        -- in numbers alone
    day      date PRIMARY KEY,                        -- the last that this drawing looked at
    eligible integer NOT NULL,
    drawn    integer NOT NULL);
GRANT SELECT, INSERT, UPDATE (eligible, drawn) ON app.quality_day TO app_worker;
CREATE POLICY worker ON app.quality_day TO app_worker USING (true);
GRANT SELECT ON app.quality_day TO app_door;
CREATE POLICY door ON app.quality_day FOR SELECT TO app_door USING (true);

CREATE INDEX question_resolved ON app.question (status_at) WHERE status = 'RESOLVED';
-- What one function gives to whose check it is: sealed, with the wrapped key.
GRANT SELECT (category, status_at, crisis, body) ON app.question TO app_door;
GRANT SELECT (content) ON app.answer TO app_door;
GRANT SELECT (id, answer, amended_at, content) ON app.amendment TO app_door;
GRANT SELECT (words) ON app.transcript TO app_door;
GRANT SELECT (kek, wrapped), INSERT ON app.key TO app_door;
GRANT SELECT (slot), INSERT ON app.access TO app_door;
"""

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- Whether a question may be looked at: it is settled, its asker is a grown-up who agrees, nothing tells of danger, and no law keeps it.
-- Asked when it is drawn, and again at every reading.
CREATE FUNCTION door.checkable(asked uuid, version integer) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM app.question q JOIN app.dispatch d ON d.question = q.id
        WHERE q.id = asked AND q.status IN ('RESOLVED', 'CLOSED') AND q.crisis = '{}' AND d.lane = 'NORMAL'
          AND (SELECT c.given AND c.version = checkable.version FROM app.consent c WHERE c.person = q.asker AND c.purpose = 'QUALITY_CHECK'
               ORDER BY c.turn DESC LIMIT 1)
          AND (SELECT c.given FROM app.consent c WHERE c.person = q.asker AND c.purpose = 'SERVICE' ORDER BY c.turn DESC LIMIT 1)
          AND (SELECT a.band = 'ADULT' FROM app.age_said a WHERE a.person = q.asker ORDER BY a.turn DESC LIMIT 1)
          AND NOT EXISTS (SELECT FROM app.closing g WHERE g.person = q.asker)
          AND NOT EXISTS (SELECT FROM app.legal_hold h WHERE h.lifted_at IS NULL AND (h.subject IN (q.id, q.asker) OR EXISTS (
                SELECT FROM app.reader r WHERE r.subject = q.id AND r.person = h.subject AND r.basis = 'asker'))));
END;

-- For the worker: what was resolved on these days of the city and may be looked at, each with its lot. `secret`: categories of which she was
-- promised that nobody else reads.
CREATE FUNCTION door.quality_pool(first date, last date, version integer, secret text[]) RETURNS TABLE (question uuid, lot double precision)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT q.id, random() FROM app.question q
    WHERE q.status = 'RESOLVED' AND q.status_at >= first::timestamp AT TIME ZONE interval '8 hours'
      AND q.status_at < (last + 1)::timestamp AT TIME ZONE interval '8 hours' AND q.category <> ALL (secret)
      AND NOT EXISTS (SELECT FROM app.quality_check c WHERE c.question = q.id)
      AND EXISTS (SELECT FROM app.answer a WHERE a.question = q.id) AND door.checkable(q.id, version);
END;

-- Those of these checks that are open and hers who asks, while she is a reviewer and they may go on.
CREATE FUNCTION door.checks_at_hand(these uuid[]) RETURNS SETOF app.quality_check LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT c.* FROM app.quality_check c
    WHERE c.id = ANY (these) AND c.reviewer = app.person() AND c.state = 'OPEN' AND c.due_at > app.clock()
      AND EXISTS (SELECT FROM app.quality_reviewer v WHERE v.lawyer = c.reviewer AND v.released_at IS NULL)
      AND EXISTS (SELECT FROM app.lawyer l WHERE l.id = c.reviewer AND l.standing = 'ACTIVE')
      AND door.checkable(c.question, c.agreed);
END;

-- To the reviewer: what was asked and answered until it was drawn, sealed, in an order that tells nothing of who answered first. The
-- asker's ledger says so. `part` and `row` are the table and the row it was sealed for; `answer` is null of the question's own.
CREATE FUNCTION door.check_readings(these uuid[]) RETURNS TABLE (
    checked uuid, question uuid, category text, kek text, wrapped bytea, part text, "row" uuid, answer uuid, sealed bytea)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    RETURN QUERY
        WITH hers AS MATERIALIZED (SELECT c.id, c.question, c.drawn_at FROM door.checks_at_hand(these) c),
        entered AS (
            INSERT INTO app.access (subject, person, slot, basis, at, part)
            SELECT h.question, app.person(), floor(extract(epoch FROM app.clock()) / 900)::bigint, 'quality_check', app.clock(), h.question
            FROM hers h ON CONFLICT DO NOTHING),
        said AS (
            SELECT h.id, h.question, 'question' AS part, q.id AS "row", NULL::uuid AS answer, q.body AS sealed
            FROM hers h JOIN app.question q ON q.id = h.question
            UNION ALL
            SELECT h.id, h.question, CASE WHEN m.id IS NULL THEN 'answer' ELSE 'amendment' END, coalesce(m.id, a.id), a.id, coalesce(m.content, a.content)
            FROM hers h JOIN app.answer a ON a.question = h.question AND a.delivered_at <= h.drawn_at LEFT JOIN LATERAL (
                SELECT n.id, n.content FROM app.amendment n WHERE n.question = h.question AND n.answer = a.id AND n.amended_at <= h.drawn_at
                ORDER BY n.amended_at DESC, n.id DESC LIMIT 1) m ON true
            UNION ALL
            SELECT h.id, h.question, 'transcript', f.id, nullif(f.part, h.question), t.words
            FROM hers h JOIN app.file f ON f.subject = h.question AND f.spoken JOIN app.transcript t ON t.file = f.id
            WHERE f.part = h.question OR EXISTS (SELECT FROM app.answer a WHERE a.id = f.part AND a.delivered_at <= h.drawn_at))
        SELECT s.id, s.question, q.category, k.kek, k.wrapped, s.part, s."row", s.answer, s.sealed
        FROM said s JOIN app.question q ON q.id = s.question JOIN app.key k ON k.subject = s.question
        ORDER BY s.id, hashtextextended(s.answer::text, 0) NULLS FIRST;
END $$;

-- All its answers are marked at once, each under a key of its own, for its lawyer and for who marked it; false where it is not at hand any more.
CREATE FUNCTION door.complete_check(asked uuid, ids uuid[], answers uuid[], conclusions text[], law boolean[], steps boolean[], plain boolean[],
    deadlines boolean[], harm boolean[], notes bytea[], keks text[], wrapped bytea[]) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    c app.quality_check;
BEGIN
    PERFORM FROM app.quality_check k WHERE k.id = asked FOR NO KEY UPDATE;
    SELECT * INTO c FROM door.checks_at_hand(ARRAY[asked]);
    IF c.id IS NULL THEN RETURN false; END IF;
    IF ARRAY(SELECT a.id FROM app.answer a WHERE a.question = c.question AND a.delivered_at <= c.drawn_at ORDER BY a.id)
            <> ARRAY(SELECT u FROM unnest(answers) AS u ORDER BY u) THEN
        RAISE 'each of its answers, once' USING ERRCODE = '42501';
    END IF;
    INSERT INTO app.quality_mark (id, checked, question, answer, lawyer, conclusion, law, steps, plain, deadlines, harm, note, marked_at)
    SELECT u.id, c.id, c.question, a.id, a.lawyer, u.conclusion, u.law, u.steps, u.plain, u.deadlines, u.harm, u.note, app.clock()
    FROM unnest(ids, answers, conclusions, law, steps, plain, deadlines, harm, notes)
        AS u (id, answer, conclusion, law, steps, plain, deadlines, harm, note) JOIN app.answer a ON a.id = u.answer;
    INSERT INTO app.key (subject, kek, wrapped) SELECT * FROM unnest(ids, keks, wrapped);
    INSERT INTO app.reader (subject, person, basis, since)
    SELECT m.id, p.person, p.basis, app.clock() FROM app.quality_mark m
    CROSS JOIN LATERAL (VALUES (m.lawyer, 'answered'), (c.reviewer, 'assigned')) AS p (person, basis) WHERE m.checked = c.id;
    UPDATE app.quality_check SET state = 'DONE', done_at = app.clock() WHERE id = c.id;
    RETURN true;
END $$;

-- What was noted about an answer goes with it; that it was marked stays, like that it was given.
CREATE FUNCTION door.marks_empty() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    these uuid[] := ARRAY(SELECT m.id FROM app.quality_mark m WHERE m.question = NEW.id);
BEGIN
    DELETE FROM app.key WHERE subject = ANY (these);
    UPDATE app.quality_mark SET note = NULL, reply = NULL WHERE id = ANY (these);
    RETURN NULL;
END $$;

-- For who looks after the city's numbers, of these days of the city.
CREATE FUNCTION door.quality_figures(first date, last date) RETURNS TABLE (
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
    GROUP BY m.checked, m.answers, m.faultless;
END;

CREATE FUNCTION door.list_quality(asked uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    whose uuid := door.begin_list(asked, 'quality');
BEGIN
    IF whose IS NULL THEN RETURN; END IF;
    INSERT INTO app.export_part (export, kind, person, ids)
    SELECT asked, 'quality_mark', whose, array_agg(m.id ORDER BY m.id) FROM app.quality_mark m WHERE m.lawyer = whose HAVING count(*) > 0;
    PERFORM door.end_list(asked);
END $$;

GRANT EXECUTE ON FUNCTION door.marks_empty() TO app_owner; -- to make the trigger
GRANT EXECUTE ON FUNCTION door.check_readings(uuid[]), door.quality_figures(date, date),
    door.complete_check(uuid, uuid[], uuid[], text[], boolean[], boolean[], boolean[], boolean[], boolean[], bytea[], text[], bytea[]) TO app_api;
GRANT EXECUTE ON FUNCTION door.checkable(uuid, integer), door.quality_pool(date, date, integer, text[]), door.list_quality(uuid) TO app_worker;
RESET ROLE;
CREATE TRIGGER marks_empty AFTER UPDATE OF status ON app.question FOR EACH ROW
    WHEN (OLD.status <> 'ERASED' AND NEW.status = 'ERASED') EXECUTE FUNCTION door.marks_empty();
"""


def upgrade() -> None:
    run(op, TABLES)
    wall(op, "quality_policy", "quality_reviewer", "quality_check", "quality_mark", "quality_day")
    run(op, DOOR)
