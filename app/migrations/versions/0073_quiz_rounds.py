"""Quizzes are taken: drawn, saved answer by answer, closed at the deadline, scored, and told on a board."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0073"
down_revision = "0072"

TABLES = """
CREATE TABLE app.quiz_round (                         -- of an activity of the kind QUIZ, while that is a draft
    activity   uuid PRIMARY KEY REFERENCES app.activity,
    pool       uuid[] NOT NULL CHECK (cardinality(pool) BETWEEN 1 AND 500),
    draws      smallint NOT NULL CHECK (draws BETWEEN 1 AND cardinality(pool)),
    seconds    integer NOT NULL CHECK (seconds BETWEEN 30 AND 14400),
    attempts   smallint NOT NULL CHECK (attempts BETWEEN 1 AND 10),
    reveals    text NOT NULL CHECK (reveals IN ('ATTEMPT', 'ROUND')),
    entrants   text NOT NULL CHECK (entrants IN ('PERSON', 'TEAM', 'SCHOOL')),
    groups     text[] NOT NULL CHECK (cardinality(groups) <= 200 AND (cardinality(groups) > 0) = (entrants <> 'PERSON')),
    version    integer NOT NULL CHECK (version > 0),
    changed_at timestamptz NOT NULL,
    changed_by uuid NOT NULL REFERENCES app.person);
CREATE TABLE app.quiz_entrant (                       -- who takes it, and the best she did; written by the door alone
    round      uuid NOT NULL REFERENCES app.quiz_round,
    person     uuid NOT NULL REFERENCES app.person,
    alias      text NOT NULL,
    team       smallint NOT NULL CHECK (team >= 0),
    best       uuid,
    score      smallint NOT NULL CHECK (score >= 0),
    duration   integer NOT NULL,                      -- milliseconds
    reached_at timestamptz,
    PRIMARY KEY (round, person), CHECK ((best IS NULL) = (reached_at IS NULL)));
CREATE INDEX quiz_entrant_best ON app.quiz_entrant (round, score DESC, duration, reached_at) WHERE best IS NOT NULL;
CREATE INDEX quiz_entrant_of   ON app.quiz_entrant (person);
CREATE TABLE app.quiz_attempt (                       -- written by the door alone
    id         uuid PRIMARY KEY,
    round      uuid NOT NULL REFERENCES app.quiz_round,
    person     uuid REFERENCES app.person,            -- NULL once she closed her account
    n          smallint NOT NULL CHECK (n > 0),
    seed       bigint NOT NULL,
    questions  uuid[] NOT NULL,
    kinds      text[] NOT NULL,
    sizes      smallint[] NOT NULL,
    started_at timestamptz NOT NULL,
    deadline   timestamptz NOT NULL,
    state      text NOT NULL CHECK (state IN ('STARTED', 'SUBMITTED', 'AUTO_SUBMITTED')),
    closed_at  timestamptz,
    answered   smallint,
    score      smallint CHECK (score BETWEEN 0 AND answered),
    duration   integer CHECK (duration >= 0),
    UNIQUE (round, person, n),
    CHECK ((state = 'STARTED') = (closed_at IS NULL) AND (closed_at IS NULL) = (score IS NULL) AND (score IS NULL) = (duration IS NULL)));
CREATE UNIQUE INDEX quiz_attempt_running ON app.quiz_attempt (round, person) WHERE state = 'STARTED';
CREATE INDEX quiz_attempt_of ON app.quiz_attempt (person, started_at DESC, id DESC);
CREATE TABLE app.quiz_answer (                        -- written by the door alone
    attempt  uuid NOT NULL REFERENCES app.quiz_attempt,
    item     smallint NOT NULL CHECK (item > 0),
    choice   smallint[] NOT NULL,
    turn     integer NOT NULL,                        -- the client's count: of two the higher stands
    saved_at timestamptz NOT NULL,
    PRIMARY KEY (attempt, item));

GRANT SELECT, INSERT, UPDATE (pool, draws, seconds, attempts, reveals, entrants, groups, version, changed_at, changed_by) ON app.quiz_round TO app_api;
CREATE POLICY read   ON app.quiz_round FOR SELECT TO app_api USING (true);
CREATE POLICY set_up ON app.quiz_round FOR INSERT TO app_api WITH CHECK (changed_by = app.person() AND changed_at = app.clock() AND version = 1);
CREATE POLICY change ON app.quiz_round FOR UPDATE TO app_api USING (true) WITH CHECK (changed_by = app.person() AND changed_at = app.clock());
GRANT SELECT ON app.quiz_round TO app_worker;
CREATE POLICY worker ON app.quiz_round FOR SELECT TO app_worker USING (true);
GRANT SELECT ON app.quiz_entrant, app.quiz_attempt TO app_api;
CREATE POLICY own ON app.quiz_entrant FOR SELECT TO app_api USING (person = app.person());
CREATE POLICY own ON app.quiz_attempt FOR SELECT TO app_api USING (person = app.person());
GRANT SELECT ON app.quiz_round TO app_door;
GRANT SELECT, INSERT, DELETE, UPDATE (person, best, score, duration, reached_at) ON app.quiz_entrant TO app_door;
GRANT SELECT, INSERT, UPDATE (person, state, closed_at, answered, score, duration) ON app.quiz_attempt TO app_door;
GRANT SELECT, INSERT, UPDATE (choice, turn, saved_at) ON app.quiz_answer TO app_door;
CREATE POLICY door ON app.quiz_round FOR SELECT TO app_door USING (true);
CREATE POLICY door ON app.quiz_entrant TO app_door USING (true);
CREATE POLICY door ON app.quiz_attempt TO app_door USING (true);
CREATE POLICY door ON app.quiz_answer TO app_door USING (true);
"""

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- By an editor, of a quiz that is a draft, out of questions that are approved.
CREATE FUNCTION door.quiz_round_goes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role = 'EDITOR' AND h.until > app.clock())
        OR NOT EXISTS (SELECT FROM app.activity a WHERE a.id = NEW.activity AND a.kind = 'QUIZ' AND a.state = 'DRAFT')
        OR (SELECT count(DISTINCT q.id) FROM app.quiz_question q WHERE q.id = ANY (NEW.pool) AND q.state = 'APPROVED') <> cardinality(NEW.pool) THEN
        RAISE 'a quiz is not set up so' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;

-- Closed for good: what was saved is counted, once nobody saves any more, and her best may be better than it was.
CREATE FUNCTION door.close_attempt(asked uuid, into_state text) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    a      app.quiz_attempt%ROWTYPE;
    points integer;
    said   integer;
    took   integer;
    ends   timestamptz;
BEGIN
    SELECT * INTO a FROM app.quiz_attempt t WHERE t.id = asked AND t.state = 'STARTED' FOR UPDATE;
    IF NOT FOUND THEN RETURN false; END IF;
    SELECT count(*) FILTER (WHERE s.choice = q.answer), count(*) FILTER (WHERE cardinality(s.choice) > 0) INTO points, said
    FROM app.quiz_answer s JOIN app.quiz_question q ON q.id = a.questions[s.item] WHERE s.attempt = asked;
    ends := least(app.clock(), a.deadline);
    took := extract(epoch FROM ends - a.started_at) * 1000;
    UPDATE app.quiz_attempt t SET state = into_state, closed_at = app.clock(), answered = said, score = points, duration = took WHERE t.id = asked;
    UPDATE app.quiz_entrant e SET best = asked, score = points, duration = took, reached_at = ends
    WHERE e.round = a.round AND e.person = a.person AND (e.best IS NULL OR points > e.score OR points = e.score AND took < e.duration);
    RETURN true;
END $$;

-- The attempt that she has: one that runs already, or another if she may. `outcome`: NOT_OPEN, USED, or the attempt's.
CREATE FUNCTION door.start_attempt(new_id uuid, asked uuid, dice bigint, drawn uuid[], called text, side smallint)
RETURNS TABLE (outcome text, attempt uuid, deadline timestamptz) LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    r    record;
    runs record;
    made integer;
BEGIN
    SELECT q.*, a.state, a.closes_at INTO r FROM app.quiz_round q JOIN app.activity a ON a.id = q.activity WHERE q.activity = asked;
    IF NOT FOUND OR r.state <> 'OPEN' OR r.closes_at <= app.clock() THEN
        RETURN QUERY SELECT 'NOT_OPEN', NULL::uuid, NULL::timestamptz;
        RETURN;
    END IF;
    IF cardinality(drawn) <> r.draws OR NOT drawn <@ r.pool OR side > cardinality(r.groups) OR (side > 0) <> (r.entrants <> 'PERSON')
        OR (SELECT count(DISTINCT d) FROM unnest(drawn) AS d) <> r.draws THEN
        RAISE 'this is not drawn from the pool' USING ERRCODE = '42501';
    END IF;
    INSERT INTO app.quiz_entrant (round, person, alias, team, score, duration) VALUES (asked, app.person(), called, side, 0, 0) ON CONFLICT DO NOTHING;
    FOR tries IN 1..3 LOOP
        SELECT t.id, t.deadline INTO runs FROM app.quiz_attempt t WHERE t.round = asked AND t.person = app.person() AND t.state = 'STARTED';
        IF FOUND THEN
            IF runs.deadline + interval '30 seconds' >= app.clock() THEN
                RETURN QUERY SELECT 'RUNS', runs.id, runs.deadline;
                RETURN;
            END IF;
            PERFORM door.close_attempt(runs.id, 'AUTO_SUBMITTED');
        END IF;
        SELECT coalesce(max(t.n), 0) INTO made FROM app.quiz_attempt t WHERE t.round = asked AND t.person = app.person();
        IF made >= r.attempts THEN
            RETURN QUERY SELECT 'USED', NULL::uuid, NULL::timestamptz;
            RETURN;
        END IF;
        INSERT INTO app.quiz_attempt (id, round, person, n, seed, questions, kinds, sizes, started_at, deadline, state)
        SELECT new_id, asked, app.person(), made + 1, dice, drawn, array_agg(q.kind ORDER BY d.place), array_agg(cardinality(q.options) ORDER BY d.place),
               app.clock(), least(app.clock() + r.seconds * interval '1 second', r.closes_at), 'STARTED'
        FROM unnest(drawn) WITH ORDINALITY AS d (id, place) JOIN app.quiz_question q ON q.id = d.id
        ON CONFLICT DO NOTHING;
        IF FOUND THEN
            RETURN QUERY SELECT 'MADE', t.id, t.deadline FROM app.quiz_attempt t WHERE t.id = new_id;
            RETURN;
        END IF;
    END LOOP;
    RAISE 'too many began at once' USING ERRCODE = '40001';
END $$;

-- What she said to one question. The share lock keeps the attempt open until this is kept, so that what is told to be saved is counted.
CREATE FUNCTION door.save_answer(asked uuid, place smallint, said smallint[], count integer)
RETURNS TABLE (outcome text, choice smallint[], turn integer, saved_at timestamptz) LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
#variable_conflict use_column
DECLARE
    a record;
BEGIN
    SELECT t.state, t.deadline, cardinality(t.questions) AS items INTO a FROM app.quiz_attempt t WHERE t.id = asked AND t.person = app.person() FOR SHARE;
    IF NOT FOUND OR place NOT BETWEEN 1 AND a.items THEN RETURN; END IF;
    IF a.state <> 'STARTED' OR a.deadline + interval '30 seconds' < app.clock() THEN
        RETURN QUERY SELECT 'CLOSED', NULL::smallint[], NULL::integer, NULL::timestamptz;
        RETURN;
    END IF;
    INSERT INTO app.quiz_answer AS s (attempt, item, choice, turn, saved_at) VALUES (asked, place, said, count, app.clock())
    ON CONFLICT (attempt, item) DO UPDATE SET choice = excluded.choice, turn = excluded.turn, saved_at = excluded.saved_at WHERE s.turn < excluded.turn;
    RETURN QUERY SELECT 'SAVED', s.choice, s.turn, s.saved_at FROM app.quiz_answer s WHERE s.attempt = asked AND s.item = place;
END $$;

-- True where this closed it.
CREATE FUNCTION door.submit_attempt(asked uuid) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM app.quiz_attempt t WHERE t.id = asked AND t.person = app.person()) THEN RETURN false; END IF;
    RETURN door.close_attempt(asked, CASE WHEN (SELECT t.deadline + interval '30 seconds' < app.clock() FROM app.quiz_attempt t WHERE t.id = asked)
        THEN 'AUTO_SUBMITTED' ELSE 'SUBMITTED' END);
END $$;
-- By the worker, once nothing can be on its way any more. The round, where this closed it.
CREATE FUNCTION door.attempt_due(asked uuid) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    a record;
BEGIN
    SELECT t.round INTO a FROM app.quiz_attempt t WHERE t.id = asked AND t.state = 'STARTED' AND t.deadline + interval '30 seconds' <= app.clock();
    IF NOT FOUND OR NOT door.close_attempt(asked, 'AUTO_SUBMITTED') THEN RETURN NULL; END IF;
    RETURN a.round;
END $$;

CREATE FUNCTION door.quiz_running(asked uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM app.quiz_attempt t WHERE t.round = asked AND t.state = 'STARTED');
END;

-- What her attempts ask; what is right only once that may be told.
CREATE FUNCTION door.quiz_items(asked uuid[]) RETURNS TABLE (
    attempt uuid, item smallint, stem text, options text[], choice smallint[], turn integer, saved_at timestamptz, answer smallint[], explanation text, law text, article text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT t.id, d.place::smallint, q.stem, q.options, s.choice, s.turn, s.saved_at,
        CASE WHEN told.so THEN q.answer END, CASE WHEN told.so THEN q.explanation END, CASE WHEN told.so THEN q.law END, CASE WHEN told.so THEN q.article END
    FROM app.quiz_attempt t JOIN app.quiz_round r ON r.activity = t.round JOIN app.activity a ON a.id = t.round
        CROSS JOIN LATERAL unnest(t.questions) WITH ORDINALITY AS d (id, place) JOIN app.quiz_question q ON q.id = d.id
        LEFT JOIN app.quiz_answer s ON s.attempt = t.id AND s.item = d.place
        CROSS JOIN LATERAL (SELECT t.state <> 'STARTED' AND (r.reveals = 'ATTEMPT' OR a.state NOT IN ('DRAFT', 'IN_REVIEW', 'SCHEDULED', 'OPEN')
            AND NOT EXISTS (SELECT FROM app.quiz_attempt o WHERE o.round = t.round AND o.state = 'STARTED'))) AS told (so)
    WHERE t.id = ANY (asked) AND t.person = app.person() ORDER BY t.id, d.place;
END;

-- For everybody: pseudonyms and what they did, the best first; and of teams what they did together, where enough took part.
CREATE FUNCTION door.quiz_board(asked uuid, most integer) RETURNS TABLE (place bigint, alias text, score smallint, duration integer, reached_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT rank() OVER (ORDER BY e.score DESC, e.duration, e.reached_at), e.alias, e.score, e.duration, e.reached_at
    FROM app.quiz_entrant e WHERE e.round = asked AND e.best IS NOT NULL ORDER BY e.score DESC, e.duration, e.reached_at, e.alias LIMIT least(most, 100);
END;
CREATE FUNCTION door.quiz_teams(asked uuid) RETURNS TABLE (team smallint, entrants bigint, points bigint, took bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT e.team, count(*), sum(e.score), sum(e.duration::bigint) FROM app.quiz_entrant e JOIN app.quiz_round r ON r.activity = e.round
    WHERE e.round = asked AND e.best IS NOT NULL AND r.entrants <> 'PERSON'
    GROUP BY e.team, r.entrants HAVING count(*) >= CASE r.entrants WHEN 'SCHOOL' THEN 10 ELSE 3 END;
END;
CREATE FUNCTION door.quiz_place(asked uuid) RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT 1 + count(*) FROM app.quiz_entrant me JOIN app.quiz_entrant e ON e.round = me.round AND e.best IS NOT NULL
        AND (e.score > me.score OR e.score = me.score AND (e.duration, e.reached_at) < (me.duration, me.reached_at))
    WHERE me.round = asked AND me.person = app.person() AND me.best IS NOT NULL HAVING EXISTS (
        SELECT FROM app.quiz_entrant m WHERE m.round = asked AND m.person = app.person() AND m.best IS NOT NULL);
END;

-- Who signs in by what was another account's goes on with what is hers; where both took it, each keeps her own.
CREATE FUNCTION door.quizzes_move() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.quiz_attempt t SET person = NEW.person WHERE t.person = OLD.person
        AND NOT EXISTS (SELECT FROM app.quiz_entrant e WHERE e.round = t.round AND e.person = NEW.person);
    UPDATE app.quiz_entrant t SET person = NEW.person WHERE t.person = OLD.person
        AND NOT EXISTS (SELECT FROM app.quiz_entrant e WHERE e.round = t.round AND e.person = NEW.person);
    RETURN NULL;
END $$;
-- Of who closes her account: what she did is nobody's, and she stands on no board.
CREATE FUNCTION door.give_up_quizzes(whose uuid) RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    UPDATE app.quiz_attempt SET person = NULL WHERE person = whose AND EXISTS (SELECT FROM app.closing c WHERE c.person = whose);
    DELETE FROM app.quiz_entrant WHERE person = whose AND EXISTS (SELECT FROM app.closing c WHERE c.person = whose);
END;
CREATE FUNCTION door.list_quizzes(asked uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    whose uuid := door.begin_list(asked, 'quizzes');
BEGIN
    IF whose IS NULL THEN RETURN; END IF;
    INSERT INTO app.export_part (export, kind, person, ids)
    SELECT asked, 'quiz_attempt', whose, array_agg(t.id ORDER BY t.id) FROM app.quiz_attempt t WHERE t.person = whose HAVING count(*) > 0;
    PERFORM door.end_list(asked);
END $$;

GRANT EXECUTE ON FUNCTION door.quiz_round_goes(), door.quizzes_move() TO app_owner; -- to make the triggers
GRANT EXECUTE ON FUNCTION door.start_attempt(uuid, uuid, bigint, uuid[], text, smallint), door.save_answer(uuid, smallint, smallint[], integer),
    door.submit_attempt(uuid), door.quiz_items(uuid[]), door.quiz_board(uuid, integer), door.quiz_teams(uuid), door.quiz_place(uuid) TO app_api;
GRANT EXECUTE ON FUNCTION door.attempt_due(uuid), door.quiz_running(uuid), door.give_up_quizzes(uuid), door.list_quizzes(uuid) TO app_worker;
RESET ROLE;
CREATE TRIGGER quiz_round_goes BEFORE INSERT OR UPDATE ON app.quiz_round FOR EACH ROW EXECUTE FUNCTION door.quiz_round_goes();
CREATE TRIGGER quizzes_move AFTER UPDATE OF person ON app.identity FOR EACH ROW WHEN (OLD.person <> NEW.person) EXECUTE FUNCTION door.quizzes_move();
"""


def upgrade() -> None:
    run(op, TABLES + DOOR)
    wall(op, "quiz_round", "quiz_entrant", "quiz_attempt", "quiz_answer")
