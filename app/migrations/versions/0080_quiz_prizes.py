"""Quizzes give prizes: of each there are so many, the best win them, and each is fetched once, by a code, in time."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0080"
down_revision = "0079"

TABLES = """
CREATE TABLE app.quiz_prize (                         -- what there is to win, as each version of the round said it
    id         uuid PRIMARY KEY,
    round      uuid NOT NULL REFERENCES app.quiz_round,
    version    integer NOT NULL,                      -- of the round: its own prizes are those that are given
    n          smallint NOT NULL CHECK (n BETWEEN 1 AND 20),
    name       text NOT NULL CHECK (name <> ''),
    stock      integer NOT NULL CHECK (stock BETWEEN 1 AND 10000),
    taken      integer NOT NULL CHECK (taken BETWEEN 0 AND stock),
    awarded_at timestamptz,
    UNIQUE (round, version, n));
CREATE TABLE app.quiz_award (                         -- who won what; written by the door alone
    id        uuid PRIMARY KEY,
    prize     uuid NOT NULL REFERENCES app.quiz_prize,
    round     uuid NOT NULL REFERENCES app.quiz_round,
    person    uuid REFERENCES app.person,             -- NULL once she closed her account
    place     integer NOT NULL CHECK (place > 0),
    code      bytea NOT NULL UNIQUE,                  -- a keyed digest of what she shows
    state     text NOT NULL CHECK (state IN ('WON', 'CLAIMED', 'LAPSED')),
    won_at    timestamptz NOT NULL,
    until     timestamptz NOT NULL CHECK (until > won_at),
    ended_at  timestamptz,
    handed_by uuid REFERENCES app.person,
    UNIQUE (round, place), UNIQUE (round, person),
    CHECK ((state = 'WON') = (ended_at IS NULL) AND (state = 'CLAIMED') = (handed_by IS NOT NULL)));
CREATE INDEX quiz_award_of ON app.quiz_award (person);
CREATE INDEX quiz_award_waits ON app.quiz_award (round) WHERE state = 'WON';

GRANT SELECT, INSERT ON app.quiz_prize TO app_api;
CREATE POLICY read   ON app.quiz_prize FOR SELECT TO app_api USING (true);
CREATE POLICY put_up ON app.quiz_prize FOR INSERT TO app_api WITH CHECK (taken = 0 AND awarded_at IS NULL);
GRANT SELECT ON app.quiz_prize TO app_worker;
CREATE POLICY worker ON app.quiz_prize FOR SELECT TO app_worker USING (true);
GRANT SELECT, UPDATE (taken, awarded_at) ON app.quiz_prize TO app_door;
CREATE POLICY door   ON app.quiz_prize TO app_door USING (true);
GRANT SELECT ON app.quiz_award TO app_api;
CREATE POLICY own    ON app.quiz_award FOR SELECT TO app_api USING (person = app.person());
CREATE POLICY handed ON app.quiz_award FOR SELECT TO app_api USING (handed_by = app.person());
GRANT SELECT, INSERT, UPDATE (person, state, ended_at, handed_by) ON app.quiz_award TO app_door;
CREATE POLICY door   ON app.quiz_award TO app_door USING (true);
"""

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- Said together with the round: whether that may be changed now, and by whom, its own trigger has asked.
CREATE FUNCTION door.quiz_prize_goes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM app.quiz_round r WHERE r.activity = NEW.round AND r.version = NEW.version AND r.changed_by = app.person()
            AND r.changed_at = app.clock()) THEN
        RAISE 'prizes are put up with a round' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;

-- By the worker, once results are told: the best win, in the board's order, as far as the stock reaches; who they are. Ids and
-- digests of codes come by place. The prizes are held while they are given, so that of fifty who do it one does.
CREATE FUNCTION door.award_prizes(asked uuid, ids uuid[], codes bytea[], lasting interval) RETURNS SETOF uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    PERFORM FROM app.quiz_prize p WHERE p.round = asked ORDER BY p.id FOR NO KEY UPDATE;
    IF NOT EXISTS (SELECT FROM app.activity a WHERE a.id = asked AND a.state IN ('ANNOUNCED', 'ARCHIVED'))
        OR EXISTS (SELECT FROM app.quiz_attempt t WHERE t.round = asked AND t.state = 'STARTED')
        OR EXISTS (SELECT FROM app.quiz_prize p WHERE p.round = asked AND p.awarded_at IS NOT NULL) THEN
        RETURN;
    END IF;
    RETURN QUERY
    WITH stock AS (
        SELECT p.id, p.stock, sum(p.stock) OVER (ORDER BY p.n) AS upto FROM app.quiz_prize p JOIN app.quiz_round r ON r.activity = p.round
        WHERE p.round = asked AND p.version = r.version),
    ranked AS (
        SELECT e.person, row_number() OVER (ORDER BY e.score DESC, e.duration, e.reached_at, e.alias) AS place
        FROM app.quiz_entrant e JOIN app.quiz_round r ON r.activity = e.round
        WHERE e.round = asked AND e.best IS NOT NULL AND e.score >= coalesce(r.pass_mark, 1)),
    won AS (
        INSERT INTO app.quiz_award (id, prize, round, person, place, code, state, won_at, until)
        SELECT ids[k.place], s.id, asked, k.person, k.place, codes[k.place], 'WON', app.clock(), app.clock() + lasting
        FROM ranked k JOIN stock s ON k.place > s.upto - s.stock AND k.place <= s.upto
        RETURNING quiz_award.person, quiz_award.prize),
    counted AS (
        UPDATE app.quiz_prize p SET taken = p.taken + w.n FROM (SELECT x.prize, count(*)::int AS n FROM won x GROUP BY x.prize) w WHERE p.id = w.prize)
    SELECT w.person FROM won w;
    UPDATE app.quiz_prize SET awarded_at = app.clock() WHERE round = asked;
END $$;

-- Whoever of the staff may hand it out does, once. `outcome`: HANDED, CLAIMED, LAPSED, OWN; nothing where it is none of hers.
CREATE FUNCTION door.claim_prize(said bytea) RETURNS TABLE (outcome text, award uuid, round uuid, winner uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
#variable_conflict use_column
DECLARE
    me constant uuid := app.person();
    w  app.quiz_award%ROWTYPE;
BEGIN
    SELECT x.* INTO w FROM app.quiz_award x WHERE x.code = said FOR NO KEY UPDATE;
    IF NOT FOUND OR NOT (
        EXISTS (SELECT FROM app.role_held h WHERE h.person = me AND h.role IN ('EDITOR', 'SUPERVISOR') AND h.until > app.clock())
        OR EXISTS (SELECT FROM app.post p JOIN app.activity a ON a.institution = p.institution
            WHERE a.id = w.round AND p.person = me AND p.until > app.clock())) THEN
        RETURN;
    END IF;
    IF w.state = 'WON' AND w.until > app.clock() AND w.person IS DISTINCT FROM me THEN
        UPDATE app.quiz_award SET state = 'CLAIMED', ended_at = app.clock(), handed_by = me WHERE id = w.id;
        RETURN QUERY SELECT 'HANDED', w.id, w.round, w.person;
        RETURN;
    END IF;
    RETURN QUERY SELECT CASE WHEN w.state = 'CLAIMED' THEN 'CLAIMED' WHEN w.person = me THEN 'OWN' ELSE 'LAPSED' END, w.id, NULL::uuid, NULL::uuid;
END $$;

-- By the worker: who has not fetched hers yet, and what nobody fetched in time, which is on the shelf again.
CREATE FUNCTION door.prize_holders(asked uuid) RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT w.person FROM app.quiz_award w WHERE w.round = asked AND w.state = 'WON' AND w.until > app.clock() AND w.person IS NOT NULL ORDER BY w.person;
END;
CREATE FUNCTION door.lapse_these_prizes(these uuid[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    WITH over AS (
        UPDATE app.quiz_award w SET state = 'LAPSED', ended_at = app.clock() WHERE w.id = ANY (these) AND w.state = 'WON' RETURNING w.prize)
    UPDATE app.quiz_prize p SET taken = p.taken - o.n FROM (SELECT x.prize, count(*)::int AS n FROM over x GROUP BY x.prize) o WHERE p.id = o.prize;
END $$;
CREATE FUNCTION door.lapse_prizes(asked uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    PERFORM door.lapse_these_prizes(ARRAY(SELECT w.id FROM app.quiz_award w WHERE w.round = asked AND w.state = 'WON' AND w.until <= app.clock()));
END $$;

-- Who signs in by what was another account's goes on with what is hers; where both took it, each keeps her own.
CREATE OR REPLACE FUNCTION door.quizzes_move() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.quiz_award t SET person = NEW.person WHERE t.person = OLD.person
        AND NOT EXISTS (SELECT FROM app.quiz_entrant e WHERE e.round = t.round AND e.person = NEW.person);
    UPDATE app.quiz_attempt t SET person = NEW.person WHERE t.person = OLD.person
        AND NOT EXISTS (SELECT FROM app.quiz_entrant e WHERE e.round = t.round AND e.person = NEW.person);
    UPDATE app.quiz_entrant t SET person = NEW.person WHERE t.person = OLD.person
        AND NOT EXISTS (SELECT FROM app.quiz_entrant e WHERE e.round = t.round AND e.person = NEW.person);
    RETURN NULL;
END $$;

-- Of who closes her account: what she did is nobody's, she stands on no board, her certificates are destroyed, and what she has not
-- fetched is on the shelf again.
CREATE OR REPLACE FUNCTION door.give_up_quizzes(whose uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    hers uuid[];
BEGIN
    IF NOT EXISTS (SELECT FROM app.closing c WHERE c.person = whose) THEN RETURN; END IF;
    hers := ARRAY(SELECT t.id FROM app.quiz_attempt t WHERE t.person = whose);
    PERFORM door.tell('FileGone', jsonb_build_object('file', f.id), app.clock()) FROM app.file f WHERE f.subject = ANY (hers) AND f.state <> 'GONE';
    UPDATE app.file SET state = 'GONE', kek = NULL, key = '' WHERE subject = ANY (hers) AND state <> 'GONE';
    DELETE FROM app.key WHERE subject = ANY (hers);
    DELETE FROM app.reader WHERE subject = ANY (hers);
    PERFORM door.lapse_these_prizes(ARRAY(SELECT w.id FROM app.quiz_award w WHERE w.person = whose));
    UPDATE app.quiz_award SET person = NULL WHERE person = whose;
    UPDATE app.quiz_attempt SET person = NULL WHERE person = whose;
    DELETE FROM app.quiz_entrant WHERE person = whose;
END $$;
CREATE OR REPLACE FUNCTION door.list_quizzes(asked uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    whose uuid := door.begin_list(asked, 'quizzes');
BEGIN
    IF whose IS NULL THEN RETURN; END IF;
    INSERT INTO app.export_part (export, kind, person, ids)
    SELECT asked, 'quiz_attempt', whose, array_agg(t.id ORDER BY t.id) FROM app.quiz_attempt t WHERE t.person = whose HAVING count(*) > 0
    UNION ALL
    SELECT asked, 'quiz_award', whose, array_agg(w.id ORDER BY w.id) FROM app.quiz_award w WHERE w.person = whose HAVING count(*) > 0;
    PERFORM door.end_list(asked);
END $$;

GRANT EXECUTE ON FUNCTION door.quiz_prize_goes() TO app_owner; -- to make the trigger
GRANT EXECUTE ON FUNCTION door.claim_prize(bytea) TO app_api;
GRANT EXECUTE ON FUNCTION door.award_prizes(uuid, uuid[], bytea[], interval), door.prize_holders(uuid), door.lapse_prizes(uuid) TO app_worker;
RESET ROLE;
CREATE TRIGGER quiz_prize_goes BEFORE INSERT ON app.quiz_prize FOR EACH ROW EXECUTE FUNCTION door.quiz_prize_goes();
"""


def upgrade() -> None:
    run(op, TABLES + DOOR)
    wall(op, "quiz_prize", "quiz_award")
