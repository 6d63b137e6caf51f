"""Questions, what lawyers compete over, offers, seats and answers; the door that says who reads them."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0005"
down_revision = "0004"

TABLES = """
CREATE TABLE app.dispatch_policy (                    -- versions are added, never changed
    version smallint PRIMARY KEY,
    terms   jsonb NOT NULL,
    since   timestamptz NOT NULL);

CREATE TABLE app.question (
    id       uuid PRIMARY KEY,
    asker    uuid NOT NULL,
    category text NOT NULL,
    division text NOT NULL,
    status   text NOT NULL DEFAULT 'OPEN' CHECK (status IN ('OPEN', 'WITHDRAWN')),
    asked_at timestamptz NOT NULL,
    policy   smallint NOT NULL REFERENCES app.dispatch_policy,
    body     bytea NOT NULL);                         -- sealed

CREATE TABLE app.brief (                              -- a subject of its own: its readers are the offered lawyers
    id       uuid PRIMARY KEY,
    question uuid NOT NULL UNIQUE REFERENCES app.question,
    body     bytea NOT NULL,
    UNIQUE (question, id));

CREATE TABLE app.dispatch (                           -- no text and no asker: what lawyers compete over
    question  uuid PRIMARY KEY REFERENCES app.question,
    brief     uuid NOT NULL,
    category  text NOT NULL,
    division  text NOT NULL,
    policy    smallint NOT NULL REFERENCES app.dispatch_policy,
    asked_at  timestamptz NOT NULL,
    wave      smallint NOT NULL DEFAULT -1,
    board     text NOT NULL DEFAULT 'OPEN' CHECK (board IN ('OPEN', 'FULL', 'FILLED')), -- as the offered were last told
    closed_at timestamptz,
    FOREIGN KEY (question, brief) REFERENCES app.brief (question, id)) WITH (fillfactor = 70);
CREATE INDEX dispatch_unfilled ON app.dispatch (asked_at) WHERE board <> 'FILLED' AND closed_at IS NULL;

CREATE TABLE app.offer (
    question   uuid NOT NULL REFERENCES app.dispatch,
    lawyer     uuid NOT NULL REFERENCES app.lawyer,
    firm       uuid NOT NULL,                         -- firm and pool as they were when offered
    pool       text NOT NULL CHECK (pool IN ('LOCAL', 'PROVINCE', 'NATION')),
    wave       smallint NOT NULL,
    offered_at timestamptz NOT NULL,
    until      timestamptz NOT NULL,                  -- the brief is hers to read until then
    declined   text CHECK (declined IN ('CONFLICT', 'NOT_MY_FIELD', 'BUSY', 'OTHER')),
    why        jsonb NOT NULL,                        -- the figures that ranked her, for her to read
    PRIMARY KEY (question, lawyer));
CREATE INDEX offer_page ON app.offer (lawyer, offered_at DESC, question DESC);

CREATE TABLE app.seat (
    id           uuid PRIMARY KEY,
    question     uuid NOT NULL REFERENCES app.dispatch,
    lawyer       uuid NOT NULL,
    firm         uuid NOT NULL,
    local        boolean NOT NULL,
    place        smallint NOT NULL CHECK (place BETWEEN 1 AND 5), -- a policy may ask for fewer, the table never has more
    claimed_at   timestamptz NOT NULL,
    lease_until  timestamptz NOT NULL CHECK (lease_until <= claimed_at + interval '1 hour'),
    extended     boolean NOT NULL DEFAULT false,
    delivered_at timestamptz,                         -- set by the answer's trigger alone
    counts       boolean NOT NULL DEFAULT false,
    ended_at     timestamptz,
    ended_why    text CHECK (ended_why IN ('RELEASED', 'EXPIRED', 'WITHDRAWN')),
    FOREIGN KEY (question, lawyer) REFERENCES app.offer);
CREATE UNIQUE INDEX seat_place  ON app.seat (question, place)  WHERE ended_at IS NULL;
CREATE UNIQUE INDEX seat_lawyer ON app.seat (question, lawyer) WHERE ended_at IS NULL;
CREATE INDEX seat_held ON app.seat (lawyer) WHERE ended_at IS NULL AND delivered_at IS NULL;
CREATE INDEX seat_page ON app.seat (lawyer, claimed_at DESC, id DESC);

CREATE TABLE app.answer (                             -- delivered ones only
    id           uuid PRIMARY KEY,
    question     uuid NOT NULL REFERENCES app.question,
    lawyer       uuid NOT NULL,
    delivered_at timestamptz NOT NULL,
    counts       boolean NOT NULL,
    content      bytea NOT NULL,
    UNIQUE (question, lawyer));
CREATE INDEX answer_page ON app.answer (question, delivered_at, id);

CREATE TABLE app.answer_draft (
    question uuid NOT NULL REFERENCES app.question,
    lawyer   uuid NOT NULL,
    content  bytea NOT NULL,
    saved_at timestamptz NOT NULL,
    PRIMARY KEY (question, lawyer));
"""

API = """
GRANT SELECT ON app.dispatch_policy TO app_api, app_worker, app_door;
GRANT SELECT, INSERT ON app.dispatch_policy TO app_owner;
CREATE POLICY everyone ON app.dispatch_policy FOR SELECT TO app_api, app_worker, app_door USING (true);
CREATE POLICY owner    ON app.dispatch_policy TO app_owner USING (true);

GRANT SELECT, INSERT, UPDATE (status) ON app.question TO app_api;
CREATE POLICY read ON app.question FOR SELECT TO app_api USING (EXISTS (
    SELECT FROM app.reader r WHERE r.subject = id AND r.person = app.person() AND r.until > app.clock() OFFSET 0));
CREATE POLICY ask ON app.question FOR INSERT TO app_api WITH CHECK (asker = app.person());
CREATE POLICY own ON app.question FOR UPDATE TO app_api USING (EXISTS (
    SELECT FROM app.reader r WHERE r.subject = id AND r.person = app.person() AND r.basis = 'asker' OFFSET 0));

GRANT SELECT, INSERT ON app.brief TO app_api;
CREATE POLICY read ON app.brief FOR SELECT TO app_api USING (EXISTS (
    SELECT FROM app.reader r WHERE r.subject = id AND r.person = app.person() AND r.until > app.clock() OFFSET 0));
CREATE POLICY ask ON app.brief FOR INSERT TO app_api WITH CHECK (EXISTS (
    SELECT FROM app.reader r WHERE r.subject = question AND r.person = app.person() AND r.basis = 'asker' OFFSET 0));

GRANT SELECT, INSERT ON app.answer TO app_api;        -- blind until one's own is delivered: basis 'seat' sees only her own
CREATE POLICY read ON app.answer FOR SELECT TO app_api USING (EXISTS (
    SELECT FROM app.reader r WHERE r.subject = question AND r.person = app.person() AND r.until > app.clock()
                               AND (r.basis <> 'seat' OR lawyer = r.person) OFFSET 0));
CREATE POLICY deliver ON app.answer FOR INSERT TO app_api WITH CHECK (lawyer = app.person() AND EXISTS (
    SELECT FROM app.reader r WHERE r.subject = question AND r.person = app.person() AND r.basis = 'seat' AND r.until > app.clock() OFFSET 0));

GRANT SELECT, INSERT, UPDATE (content, saved_at) ON app.answer_draft TO app_api;
CREATE POLICY own ON app.answer_draft TO app_api USING (lawyer = app.person() AND EXISTS (
    SELECT FROM app.reader r WHERE r.subject = question AND r.person = app.person() AND r.until > app.clock() OFFSET 0));

GRANT SELECT, UPDATE (declined) ON app.offer TO app_api;
CREATE POLICY own ON app.offer TO app_api USING (lawyer = app.person());

GRANT SELECT, INSERT ON app.dispatch TO app_api;      -- offer's policy is a bare comparison too
CREATE POLICY offered ON app.dispatch FOR SELECT TO app_api USING (
    CASE WHEN EXISTS (SELECT FROM app.offer o WHERE o.question = dispatch.question AND o.lawyer = app.person() OFFSET 0) THEN true
    ELSE EXISTS (SELECT FROM app.reader r WHERE r.subject = dispatch.question AND r.person = app.person() AND r.basis = 'asker' OFFSET 0) END);
CREATE POLICY ask ON app.dispatch FOR INSERT TO app_api WITH CHECK (wave = -1 AND board = 'OPEN' AND closed_at IS NULL AND EXISTS (
    SELECT FROM app.reader r WHERE r.subject = question AND r.person = app.person() AND r.basis = 'asker' OFFSET 0));

GRANT SELECT, INSERT (id, question, lawyer, firm, local, place, claimed_at, lease_until),
      UPDATE (lease_until, extended, ended_at, ended_why) ON app.seat TO app_api;
CREATE POLICY read ON app.seat FOR SELECT TO app_api USING (CASE WHEN lawyer = app.person() THEN true ELSE EXISTS (
    SELECT FROM app.reader r WHERE r.subject = question AND r.person = app.person() AND r.until > app.clock()
                               AND r.basis <> 'seat' OFFSET 0) END);
CREATE POLICY claim ON app.seat FOR INSERT TO app_api WITH CHECK (lawyer = app.person() AND claimed_at <= app.clock() AND EXISTS (
    SELECT FROM app.offer o WHERE o.question = seat.question AND o.lawyer = app.person() AND o.declined IS NULL
                              AND o.firm = seat.firm AND (o.pool = 'LOCAL') = seat.local AND o.until > app.clock() OFFSET 0));
CREATE POLICY keep ON app.seat FOR UPDATE TO app_api USING (lawyer = app.person() AND ended_at IS NULL)
    WITH CHECK (lawyer = app.person());
"""

WORKER = """
-- The worker: every content-free row, no content, no key.
GRANT SELECT, UPDATE (wave, board) ON app.dispatch TO app_worker;
GRANT SELECT, INSERT ON app.offer TO app_worker;
GRANT SELECT, UPDATE (ended_at, ended_why) ON app.seat TO app_worker;
CREATE POLICY worker ON app.dispatch TO app_worker USING (true);
CREATE POLICY worker ON app.offer    TO app_worker USING (true);
CREATE POLICY worker ON app.seat     TO app_worker USING (true);
"""

# The only hands that write reader. Their owner can see no content either.
DOOR = """
GRANT SELECT, UPDATE (wave, closed_at) ON app.dispatch TO app_door;      -- UPDATE of one column is what FOR UPDATE asks for
GRANT SELECT, UPDATE (until) ON app.offer TO app_door;
GRANT SELECT, UPDATE (delivered_at, counts, ended_at, ended_why) ON app.seat TO app_door;
CREATE POLICY door ON app.dispatch TO app_door USING (true);
CREATE POLICY door ON app.offer    TO app_door USING (true);
CREATE POLICY door ON app.seat     TO app_door USING (true);
GRANT SELECT (id, standing) ON app.lawyer TO app_door;
CREATE POLICY door ON app.lawyer FOR SELECT TO app_door USING (true);

SET LOCAL ROLE app_door;

CREATE FUNCTION door.asker_reads() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO app.reader (subject, person, basis, since) VALUES (NEW.id, NEW.asker, 'asker', NEW.asked_at);
    RETURN NULL;
END $$;

CREATE FUNCTION door.brief_reads() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO app.reader (subject, person, basis, since)
    SELECT NEW.id, person, 'asker', since FROM app.reader WHERE subject = NEW.question AND basis = 'asker';
    RETURN NULL;
END $$;

CREATE FUNCTION door.offer_reads() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO app.reader (subject, person, basis, since, until)
    SELECT d.brief, NEW.lawyer, 'offered', NEW.offered_at,
           CASE WHEN NEW.declined IS NULL THEN NEW.until ELSE least(NEW.until, app.clock()) END
    FROM app.dispatch d WHERE d.question = NEW.question
    ON CONFLICT (subject, person) DO UPDATE SET until = excluded.until WHERE reader.basis = 'offered';
    RETURN NULL;
END $$;

CREATE FUNCTION door.seat_reads() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO app.reader (subject, person, basis, since, until)
    VALUES (NEW.question, NEW.lawyer, CASE WHEN NEW.delivered_at IS NULL THEN 'seat' ELSE 'answered' END, NEW.claimed_at,
            CASE WHEN NEW.delivered_at IS NOT NULL THEN 'infinity' ELSE least(NEW.lease_until, NEW.ended_at) END)
    ON CONFLICT (subject, person) DO UPDATE SET basis = excluded.basis, until = excluded.until
    WHERE reader.basis = 'seat';                      -- an asker stays an asker, an answered seat stays answered
    RETURN NULL;
END $$;

CREATE FUNCTION door.answer_delivers() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.seat SET delivered_at = NEW.delivered_at, counts = NEW.counts
    WHERE question = NEW.question AND lawyer = NEW.lawyer AND ended_at IS NULL AND delivered_at IS NULL;
    IF NOT FOUND THEN RAISE 'no seat to deliver from' USING ERRCODE = '42501'; END IF;
    RETURN NULL;
END $$;

-- A question that is no longer open frees its seats and its offers in the same instant.
CREATE FUNCTION door.question_ends() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.dispatch SET closed_at = app.clock() WHERE question = NEW.id;
    UPDATE app.seat SET ended_at = app.clock(), ended_why = 'WITHDRAWN'
    WHERE question = NEW.id AND ended_at IS NULL AND delivered_at IS NULL;
    UPDATE app.offer SET until = app.clock() WHERE question = NEW.id AND until > app.clock();
    RETURN NULL;
END $$;

-- Lends an offered lawyer a look at the board, and the locks: the question's, then her own. Three statements on purpose:
-- after waiting, the last takes a new snapshot, while in one statement the counts would be as old as the wait. No rule here.
CREATE FUNCTION door.board(asked uuid) RETURNS TABLE (
    terms jsonb, asked_at timestamptz, now timestamptz, closed boolean, live boolean, firm uuid, local boolean, declined boolean,
    seat uuid, places smallint[], locals bigint, of_firm bigint, answered bigint, leases bigint)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT FROM app.dispatch d
    WHERE d.question = asked AND EXISTS (SELECT FROM app.offer o WHERE o.question = asked AND o.lawyer = app.person())
    FOR NO KEY UPDATE;
    SELECT pg_advisory_xact_lock(hashtextextended(app.person()::text, 0));
    SELECT p.terms, d.asked_at, app.clock(), d.closed_at IS NOT NULL, o.until > app.clock() AND l.standing = 'ACTIVE', o.firm, o.pool = 'LOCAL', o.declined IS NOT NULL,
           (array_agg(s.id) FILTER (WHERE s.lawyer = o.lawyer))[1],
           coalesce(array_agg(s.place) FILTER (WHERE s.place IS NOT NULL), '{}'),
           count(*) FILTER (WHERE s.local), count(*) FILTER (WHERE s.firm = o.firm), count(*) FILTER (WHERE s.counts),
           (SELECT count(*) FROM app.seat mine WHERE mine.lawyer = o.lawyer AND mine.ended_at IS NULL AND mine.delivered_at IS NULL)
    FROM app.offer o
    JOIN app.lawyer l ON l.id = o.lawyer
    JOIN app.dispatch d USING (question)
    JOIN app.dispatch_policy p ON p.version = d.policy
    LEFT JOIN app.seat s ON s.question = o.question AND s.ended_at IS NULL
    WHERE o.question = asked AND o.lawyer = app.person()
    GROUP BY p.version, d.question, l.id, o.question, o.lawyer;
END;

GRANT EXECUTE ON FUNCTION door.asker_reads(), door.brief_reads(), door.offer_reads(), door.seat_reads(),
    door.answer_delivers(), door.question_ends() TO app_owner;           -- to make the triggers
GRANT EXECUTE ON FUNCTION door.board(uuid) TO app_api;
RESET ROLE;

CREATE TRIGGER asker_reads     AFTER INSERT ON app.question FOR EACH ROW EXECUTE FUNCTION door.asker_reads();
CREATE TRIGGER question_ends   AFTER UPDATE OF status ON app.question FOR EACH ROW
    WHEN (OLD.status = 'OPEN' AND NEW.status <> 'OPEN') EXECUTE FUNCTION door.question_ends();
CREATE TRIGGER brief_reads     AFTER INSERT ON app.brief    FOR EACH ROW EXECUTE FUNCTION door.brief_reads();
CREATE TRIGGER offer_reads     AFTER INSERT OR UPDATE OF until, declined ON app.offer FOR EACH ROW EXECUTE FUNCTION door.offer_reads();
CREATE TRIGGER seat_reads      AFTER INSERT OR UPDATE ON app.seat FOR EACH ROW EXECUTE FUNCTION door.seat_reads();
CREATE TRIGGER answer_delivers AFTER INSERT ON app.answer   FOR EACH ROW EXECUTE FUNCTION door.answer_delivers();
"""

# Policy 1. Seconds; five working seats because one slow writer would sink a promise with exactly three.
POLICY = """
INSERT INTO app.dispatch_policy (version, since, terms) VALUES (1, app.clock(), '{
    "promised": 3, "within": 600, "seats": 5, "reserved_seats": 2, "reserved_for": 150, "per_firm": 2,
    "lease": 300, "lease_extension": 120, "leases_a_lawyer": 3, "offers_a_window": 20, "window": 3600,
    "offer_lives": 86400, "refill": 8, "catch_up": 3, "repeat_every": 600,
    "waves": [
        {"after": 0,   "pools": ["LOCAL"],             "match": true,  "cap": 16},
        {"after": 60,  "pools": ["LOCAL", "PROVINCE"], "match": false, "cap": 24},
        {"after": 150, "pools": ["NATION"],            "match": true,  "cap": 48},
        {"after": 300, "pools": ["NATION"],            "match": false, "cap": 48, "duty": true}]}');
"""


def upgrade() -> None:
    run(op, TABLES + API + WORKER + DOOR + POLICY)
    wall(op, "dispatch_policy", "question", "brief", "dispatch", "offer", "seat", "answer", "answer_draft")
