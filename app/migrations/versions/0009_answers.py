"""Later versions of answers, which of them count, and what askers make of them."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0009"
down_revision = "0008"

ANSWERS = """
ALTER TABLE app.answer
    ADD COLUMN suspect boolean NOT NULL DEFAULT false, -- too like another: counts once the asker finds it helpful
    ADD CONSTRAINT answer_whose UNIQUE (id, question, lawyer), -- what is said of an answer is said of its question and lawyer
    ADD CONSTRAINT answer_of    UNIQUE (id, question);

CREATE TABLE app.amendment (                          -- later versions of an answer; the first stays
    id         uuid PRIMARY KEY,
    answer     uuid NOT NULL,
    question   uuid NOT NULL,
    lawyer     uuid NOT NULL,
    amended_at timestamptz NOT NULL,
    content    bytea NOT NULL,
    FOREIGN KEY (answer, question, lawyer) REFERENCES app.answer (id, question, lawyer));
CREATE INDEX amendment_page ON app.amendment (answer, amended_at, id);
GRANT SELECT, INSERT ON app.amendment TO app_api;
CREATE POLICY read ON app.amendment FOR SELECT TO app_api USING (EXISTS (
    SELECT FROM app.reader r WHERE r.subject = question AND r.person = app.person() AND r.until > app.clock()
                               AND (r.basis <> 'seat' OR lawyer = r.person) OFFSET 0));
CREATE POLICY amend ON app.amendment FOR INSERT TO app_api WITH CHECK (lawyer = app.person() AND EXISTS (
    SELECT FROM app.reader r WHERE r.subject = question AND r.person = app.person() AND r.basis = 'answered' AND r.until > app.clock() OFFSET 0));

CREATE TABLE app.sketch (                             -- keyed digests of an answer: how like it is to others, where they agree
    answer   uuid PRIMARY KEY,
    question uuid NOT NULL,
    lawyer   uuid NOT NULL,
    at       timestamptz NOT NULL,
    minhash  bytea NOT NULL,
    outlook  bytea,
    forum    bytea,
    deadline bytea,
    FOREIGN KEY (answer, question, lawyer) REFERENCES app.answer (id, question, lawyer));
CREATE INDEX sketch_question ON app.sketch (question);
CREATE INDEX sketch_lawyer   ON app.sketch (lawyer, at DESC);
GRANT SELECT, INSERT, UPDATE (minhash, outlook, forum, deadline) ON app.sketch TO app_api;
CREATE POLICY read ON app.sketch FOR SELECT TO app_api USING (CASE WHEN lawyer = app.person() THEN true ELSE EXISTS (
    SELECT FROM app.reader r WHERE r.subject = question AND r.person = app.person() AND r.until > app.clock() OFFSET 0) END);
CREATE POLICY write ON app.sketch FOR INSERT TO app_api WITH CHECK (lawyer = app.person() AND EXISTS (
    SELECT FROM app.reader r WHERE r.subject = question AND r.person = app.person() AND r.until > app.clock() OFFSET 0));
CREATE POLICY again ON app.sketch FOR UPDATE TO app_api USING (lawyer = app.person());
GRANT SELECT (answer, question, lawyer, at, outlook, forum, deadline) ON app.sketch TO app_worker;
CREATE POLICY worker ON app.sketch FOR SELECT TO app_worker USING (true);

CREATE TABLE app.helpful (                            -- the asker's word that a suspect answer helped
    answer   uuid PRIMARY KEY,
    question uuid NOT NULL,
    at       timestamptz NOT NULL,
    FOREIGN KEY (answer, question) REFERENCES app.answer (id, question));
GRANT SELECT, INSERT ON app.helpful TO app_api;
CREATE POLICY asker ON app.helpful TO app_api USING (EXISTS (
    SELECT FROM app.reader r WHERE r.subject = question AND r.person = app.person() AND r.until > app.clock()
                               AND r.basis IN ('asker', 'delegate') OFFSET 0));

CREATE TABLE app.best (                               -- the answer the asker likes best
    question  uuid PRIMARY KEY REFERENCES app.question,
    answer    uuid NOT NULL,
    first_at  timestamptz NOT NULL,
    chosen_at timestamptz NOT NULL,
    FOREIGN KEY (answer, question) REFERENCES app.answer (id, question));
GRANT SELECT, INSERT, UPDATE (answer, chosen_at) ON app.best TO app_api;
CREATE POLICY read ON app.best FOR SELECT TO app_api USING (EXISTS (
    SELECT FROM app.reader r WHERE r.subject = question AND r.person = app.person() AND r.until > app.clock() AND r.basis <> 'seat' OFFSET 0));
CREATE POLICY choose ON app.best FOR INSERT TO app_api WITH CHECK (EXISTS (
    SELECT FROM app.reader r WHERE r.subject = question AND r.person = app.person() AND r.until > app.clock()
                               AND r.basis IN ('asker', 'delegate') OFFSET 0));
CREATE POLICY change ON app.best FOR UPDATE TO app_api USING (EXISTS (
    SELECT FROM app.reader r WHERE r.subject = question AND r.person = app.person() AND r.until > app.clock()
                               AND r.basis IN ('asker', 'delegate') OFFSET 0));
GRANT SELECT ON app.best TO app_worker;
CREATE POLICY worker ON app.best FOR SELECT TO app_worker USING (true);

CREATE TABLE app.rating (                             -- one an answer and round; seven days to change it
    answer     uuid NOT NULL,
    round      smallint NOT NULL,
    question   uuid NOT NULL,
    rater      uuid NOT NULL,
    lawyer     uuid NOT NULL,
    stars      smallint NOT NULL CHECK (stars BETWEEN 1 AND 5),
    understood boolean,
    next_step  boolean,
    solved     boolean,
    comment    bytea,                                 -- sealed
    rated_at   timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (answer, round),
    FOREIGN KEY (answer, question, lawyer) REFERENCES app.answer (id, question, lawyer));
CREATE INDEX rating_lawyer ON app.rating (lawyer);
CREATE INDEX rating_at     ON app.rating (rated_at);
GRANT SELECT, INSERT, UPDATE (stars, understood, next_step, solved, comment, changed_at) ON app.rating TO app_api;
CREATE POLICY read ON app.rating FOR SELECT TO app_api USING (CASE WHEN lawyer = app.person() THEN true ELSE EXISTS (
    SELECT FROM app.reader r WHERE r.subject = question AND r.person = app.person() AND r.until > app.clock()
                               AND r.basis IN ('asker', 'delegate') OFFSET 0) END);
CREATE POLICY rate ON app.rating FOR INSERT TO app_api WITH CHECK (rater = app.person() AND EXISTS (
    SELECT FROM app.reader r WHERE r.subject = question AND r.person = app.person() AND r.until > app.clock()
                               AND r.basis IN ('asker', 'delegate') OFFSET 0));
CREATE POLICY change ON app.rating FOR UPDATE TO app_api USING (EXISTS (
    SELECT FROM app.reader r WHERE r.subject = question AND r.person = app.person() AND r.until > app.clock()
                               AND r.basis IN ('asker', 'delegate') OFFSET 0));
GRANT SELECT (answer, round, question, lawyer, stars, understood, next_step, solved, rated_at, changed_at) ON app.rating TO app_worker;
CREATE POLICY worker ON app.rating FOR SELECT TO app_worker USING (true);
"""

DOOR = """
GRANT SELECT (id, question, lawyer, delivered_at, suspect, counts), UPDATE (counts) ON app.answer TO app_door;
CREATE POLICY door ON app.answer TO app_door USING (true);
GRANT SELECT (question, lawyer, answer, round, stars, solved, rated_at) ON app.rating TO app_door;
CREATE POLICY door ON app.rating FOR SELECT TO app_door USING (true);
CREATE INDEX answer_delivered ON app.answer (delivered_at) INCLUDE (id, question); -- satisfaction is of a period's answers

SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- The asker found a suspect answer helpful: it counts from now on.
CREATE FUNCTION door.helpful_counts() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.answer SET counts = true WHERE id = NEW.answer AND question = NEW.question AND NOT counts;
    IF NOT FOUND THEN RAISE 'nothing to count' USING ERRCODE = '42501'; END IF;
    UPDATE app.seat s SET counts = true FROM app.answer a
    WHERE a.id = NEW.answer AND s.question = a.question AND s.lawyer = a.lawyer AND s.delivered_at IS NOT NULL;
    RETURN NULL;
END $$;

-- What askers say of the answers delivered on these days of the city (UTC+8), each by its last rating: numbers alone.
CREATE FUNCTION door.satisfaction(first date, last date) RETURNS TABLE (
    eligible bigint, rated bigint, stars bigint[], solved bigint, solved_of bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT count(*), count(r.stars),
           ARRAY[count(*) FILTER (WHERE r.stars = 1), count(*) FILTER (WHERE r.stars = 2), count(*) FILTER (WHERE r.stars = 3),
                 count(*) FILTER (WHERE r.stars = 4), count(*) FILTER (WHERE r.stars = 5)],
           count(*) FILTER (WHERE r.solved), count(r.solved)
    FROM app.answer a LEFT JOIN LATERAL (
        SELECT said.stars, said.solved FROM app.rating said
        WHERE said.answer = a.id AND said.question = a.question ORDER BY said.round DESC LIMIT 1) r ON true
    WHERE a.delivered_at >= first::timestamp AT TIME ZONE interval '8 hours'
      AND a.delivered_at < (last + 1)::timestamp AT TIME ZONE interval '8 hours';
END;

GRANT EXECUTE ON FUNCTION door.helpful_counts() TO app_owner;           -- to make the trigger
GRANT EXECUTE ON FUNCTION door.satisfaction(date, date) TO app_api;
RESET ROLE;

CREATE TRIGGER helpful_counts   AFTER INSERT ON app.helpful FOR EACH ROW EXECUTE FUNCTION door.helpful_counts();
"""


def upgrade() -> None:
    run(op, ANSWERS + DOOR)
    wall(op, "amendment", "sketch", "helpful", "best", "rating")
