"""Which way each step of an application came, what was finished at a window, what applicants make of it, and how the loop closes."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0054"
down_revision = "0053"

STEPS = """
-- `counter`: the visit, or the statement, at a window that it was made by.
ALTER TABLE app.application_step ADD COLUMN counter uuid,
    ADD COLUMN channel text NOT NULL GENERATED ALWAYS AS (
        CASE WHEN by_whom = 'HOUSE' THEN 'HOUSE' WHEN counter IS NOT NULL THEN 'WINDOW' ELSE 'ONLINE' END) STORED;
ALTER POLICY act ON app.application_step WITH CHECK (actor = app.person() AND by_whom <> 'HOUSE' AND at = app.clock()
    AND (counter IS NULL OR EXISTS (SELECT FROM app.post p WHERE p.person = app.person() AND p.duty = 'WINDOW_STAFF' AND p.until > app.clock() OFFSET 0)));
GRANT SELECT (clock, clock_since, due_at) ON app.application_step TO app_worker;
GRANT SELECT (kind, channel, at, after) ON app.application_step TO app_door;
-- Whether the papers are all that was missing.
ALTER TABLE app.window_act ADD COLUMN settles boolean NOT NULL DEFAULT false CHECK (kind = 'RECEIVED' OR NOT settles);
GRANT SELECT (settles) ON app.window_act TO app_worker;
GRANT SELECT ON app.window_act TO app_door;
CREATE POLICY door ON app.window_act FOR SELECT TO app_door USING (true);

CREATE TABLE app.service_rating (                     -- what an applicant makes of how it was done: once a case, changed for seven days
    application uuid PRIMARY KEY REFERENCES app.application,
    rater       uuid REFERENCES app.person,           -- NULL once she closed her account
    stars       smallint NOT NULL CHECK (stars BETWEEN 1 AND 5),
    solved      boolean NOT NULL,
    rated_at    timestamptz NOT NULL,
    changed_at  timestamptz NOT NULL);
GRANT SELECT, INSERT, UPDATE (stars, solved, changed_at) ON app.service_rating TO app_api;
CREATE POLICY read ON app.service_rating FOR SELECT TO app_api USING (EXISTS (
    SELECT FROM app.reader r WHERE r.subject = application AND r.person = app.person() AND r.until > app.clock()
                               AND r.basis IN ('asker', 'delegate') OFFSET 0));
CREATE POLICY rate ON app.service_rating FOR INSERT TO app_api WITH CHECK (
    rater = app.person() AND rated_at = app.clock() AND changed_at = app.clock() AND EXISTS (
    SELECT FROM app.reader r WHERE r.subject = application AND r.person = app.person() AND r.until > app.clock()
                               AND r.basis IN ('asker', 'delegate') OFFSET 0));
CREATE POLICY again ON app.service_rating FOR UPDATE TO app_api USING (rated_at > app.clock() - interval '7 days' AND EXISTS (
    SELECT FROM app.reader r WHERE r.subject = application AND r.person = app.person() AND r.until > app.clock()
                               AND r.basis IN ('asker', 'delegate') OFFSET 0)) WITH CHECK (changed_at = app.clock());
GRANT SELECT, UPDATE (rater) ON app.service_rating TO app_door;
CREATE POLICY door ON app.service_rating TO app_door USING (true);
"""

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- What papers that she brought to a window settle is a step of hers, made there: the machine says which, and its trigger looks at it.
CREATE FUNCTION door.window_step(asked uuid, step uuid, runs text, since timestamptz, due timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO app.application_step (id, application, seq, kind, move, before, after, by_whom, actor, at, clock, clock_since, due_at, counter)
    SELECT step, a.id, a.seq + 1, a.kind, m.move, m.before, m.after, m.by_whom, v.maker, app.clock(), runs, since, due, v.id
    FROM app.window_act x JOIN app.window_visit v ON v.id = x.visit JOIN app.application a ON a.id = v.subject
        JOIN app.application_move m ON m.kind = a.kind AND m.before = a.state AND m.move = 'SUPPLEMENT' AND m.by_whom = 'APPLICANT'
    WHERE x.id = asked AND x.settles;
    RETURN FOUND;
END $$;

-- Only what is done, and was not taken back, is rated.
CREATE FUNCTION door.rateable(asked uuid[]) RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT a.id FROM app.application a JOIN app.application_kind k ON k.kind = a.kind
    WHERE a.id = ANY (asked) AND a.state = ANY (k.ends) AND a.state NOT IN ('WITHDRAWN', 'DEEMED_WITHDRAWN');
END;
CREATE FUNCTION door.service_rated() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM door.rateable(ARRAY[NEW.application])) THEN RAISE 'what is not done is not rated' USING ERRCODE = '42501'; END IF;
    RETURN NEW;
END $$;

-- What applicants make of what was done with them, kind by kind: numbers alone. Of the cases that were done in these days of the city.
CREATE FUNCTION door.service_satisfaction(first date, last date) RETURNS TABLE (
    kind text, eligible bigint, rated bigint, liked bigint, solved bigint) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT a.kind, count(*), count(r.stars), count(*) FILTER (WHERE r.stars >= 4), count(*) FILTER (WHERE r.solved)
    FROM app.application a JOIN app.application_kind k ON k.kind = a.kind LEFT JOIN app.service_rating r ON r.application = a.id
    WHERE a.state = ANY (k.ends) AND a.state NOT IN ('WITHDRAWN', 'DEEMED_WITHDRAWN')
      AND a.moved_at >= first::timestamp AT TIME ZONE interval '8 hours' AND a.moved_at < (last + 1)::timestamp AT TIME ZONE interval '8 hours'
    GROUP BY a.kind;
END;

-- For whoever supervises the city or counts: of the cases that came in these days, which step came which way how often (move set), and in
-- how many of them somebody had to come so often (visits set; three stands for more). One day at one institution is one visit, whatever it was for.
CREATE FUNCTION door.closed_loop(first date, last date) RETURNS TABLE (kind text, move text, channel text, visits integer, n bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    WITH held AS (SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role IN ('SUPERVISOR', 'ANALYST') AND h.until > app.clock()),
    cases AS (SELECT a.id, a.kind, a.applicant, a.submitted_at, a.institution FROM app.application a
        WHERE EXISTS (SELECT FROM held) AND a.submitted_at >= first::timestamp AT TIME ZONE interval '8 hours'
          AND a.submitted_at < (last + 1)::timestamp AT TIME ZONE interval '8 hours'),
    came AS (
        SELECT c.id, v.institution, date(v.opened_at AT TIME ZONE interval '8 hours') AS day
        FROM cases c JOIN app.window_visit v ON v.subject = c.id AND v.opened_at IS NOT NULL
        UNION
        SELECT c.id, b.institution, date(b.starts_at AT TIME ZONE interval '8 hours')
        FROM cases c JOIN app.appointment b ON b.person = c.applicant AND b.institution = c.institution AND b.mode = 'WINDOW'
            AND b.state IN ('CHECKED_IN', 'DONE') AND b.starts_at >= c.submitted_at
            AND b.service = CASE c.kind WHEN 'NOTARISATION' THEN 'NOTARY' ELSE c.kind END
        WHERE NOT EXISTS (SELECT FROM cases d WHERE d.applicant = c.applicant AND d.kind = c.kind AND d.institution = c.institution
                            AND d.submitted_at > c.submitted_at AND d.submitted_at <= b.starts_at)),
    trips AS (SELECT c.kind, (SELECT count(*) FROM came WHERE came.id = c.id) AS visits FROM cases c)
    SELECT s.kind, s.move, s.channel, NULL::integer, count(*) FROM cases c JOIN app.application_step s ON s.application = c.id
    GROUP BY s.kind, s.move, s.channel
    UNION ALL
    SELECT t.kind, NULL, NULL, least(t.visits, 3)::integer, count(*) FROM trips t GROUP BY t.kind, least(t.visits, 3);
END;

CREATE OR REPLACE FUNCTION door.window_moves() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.window_visit   SET maker = NEW.person WHERE maker = OLD.person;
    UPDATE app.service_rating SET rater = NEW.person WHERE rater = OLD.person;
    RETURN NULL;
END $$;
CREATE FUNCTION door.give_up_ratings(whose uuid) RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    UPDATE app.service_rating SET rater = NULL WHERE rater = whose AND EXISTS (SELECT FROM app.closing c WHERE c.person = whose);
END;
CREATE OR REPLACE FUNCTION door.list_window(asked uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    whose uuid := door.begin_list(asked, 'window');
BEGIN
    IF whose IS NULL THEN RETURN; END IF;
    INSERT INTO app.export_part (export, kind, person, ids)
    SELECT asked, k.kind, whose, array_agg(k.id ORDER BY k.id) FROM (
        SELECT 'window_visit' AS kind, v.id FROM app.window_visit v JOIN app.reader r ON r.subject = v.id AND r.person = whose AND r.basis = 'asker'
        UNION ALL SELECT 'service_rating', s.application FROM app.service_rating s
            JOIN app.reader r ON r.subject = s.application AND r.person = whose AND r.basis = 'asker') AS k
    GROUP BY k.kind;
    PERFORM door.end_list(asked);
END $$;

GRANT EXECUTE ON FUNCTION door.service_rated() TO app_owner; -- to make the trigger
GRANT EXECUTE ON FUNCTION door.rateable(uuid[]), door.service_satisfaction(date, date), door.closed_loop(date, date) TO app_api;
GRANT EXECUTE ON FUNCTION door.window_step(uuid, uuid, text, timestamptz, timestamptz), door.give_up_ratings(uuid) TO app_worker;
RESET ROLE;

CREATE TRIGGER service_rated BEFORE INSERT ON app.service_rating FOR EACH ROW EXECUTE FUNCTION door.service_rated();
"""


def upgrade() -> None:
    run(op, STEPS + DOOR)
    wall(op, "service_rating")
