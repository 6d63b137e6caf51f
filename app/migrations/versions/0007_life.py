"""The whole life of a question: drafts, messages, follow-ups, inquiries, amendments, ratings; what is counted of it."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0007"
down_revision = "0006"

QUESTION = """
ALTER TABLE app.question DROP CONSTRAINT question_status_check,
    ADD CONSTRAINT question_status_check CHECK (status IN ('NEEDS_EDIT', 'BLOCKED', 'OPEN', 'RESOLVED', 'CLOSED', 'WITHDRAWN')),
    ADD COLUMN status_at  timestamptz,                -- since when; null for the first
    ADD COLUMN round      smallint NOT NULL DEFAULT 0, -- how often it was opened again
    ADD COLUMN delegation uuid REFERENCES app.delegation, -- on whose consent another asked it
    ADD COLUMN crisis     text[] NOT NULL DEFAULT '{}', -- signals that its words carry; behind the wall like the words
    ADD COLUMN cleared    boolean NOT NULL DEFAULT false; -- a supervisor upheld the appeal: not screened again
GRANT UPDATE (status_at, round, body, asked_at, category, division, policy, crisis) ON app.question TO app_api;
DROP POLICY ask ON app.question;
CREATE POLICY ask ON app.question FOR INSERT TO app_api WITH CHECK (NOT cleared AND CASE WHEN delegation IS NULL THEN asker = app.person()
    ELSE EXISTS (SELECT FROM app.delegation d WHERE d.id = delegation AND d.elder = asker AND d.delegate = app.person()
                                              AND d.ended_at IS NULL OFFSET 0) END);
DROP POLICY own ON app.question;
CREATE POLICY own ON app.question FOR UPDATE TO app_api USING (EXISTS (
    SELECT FROM app.reader r WHERE r.subject = id AND r.person = app.person() AND r.until > app.clock()
                               AND r.basis IN ('asker', 'delegate') OFFSET 0));
-- The worker ends what fell silent: columns without content.
GRANT SELECT (id, status, round, status_at, cleared), UPDATE (status, status_at, cleared) ON app.question TO app_worker;
CREATE POLICY worker ON app.question TO app_worker USING (true);

-- What lawyers have read is what was asked: words change only while nobody has been called.
CREATE FUNCTION app.words_stay() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
    RAISE 'a question that was sent keeps its words' USING ERRCODE = '42501';
END $$;
CREATE TRIGGER words_stay BEFORE UPDATE OF body, asked_at, division, policy ON app.question FOR EACH ROW
    WHEN (OLD.status <> 'NEEDS_EDIT' AND (OLD.body, OLD.asked_at, OLD.division, OLD.policy)
          IS DISTINCT FROM (NEW.body, NEW.asked_at, NEW.division, NEW.policy)) EXECUTE FUNCTION app.words_stay();

GRANT UPDATE (body) ON app.brief TO app_api;
CREATE POLICY own ON app.brief FOR UPDATE TO app_api USING (EXISTS (
    SELECT FROM app.reader r WHERE r.subject = id AND r.person = app.person() AND r.until > app.clock()
                               AND r.basis IN ('asker', 'delegate') OFFSET 0));
DROP POLICY ask ON app.brief;
CREATE POLICY ask ON app.brief FOR INSERT TO app_api WITH CHECK (EXISTS (
    SELECT FROM app.reader r WHERE r.subject = question AND r.person = app.person() AND r.basis IN ('asker', 'delegate') OFFSET 0));
DROP POLICY seal ON app.key;
CREATE POLICY seal ON app.key FOR INSERT TO app_api WITH CHECK (EXISTS (
    SELECT FROM app.reader r WHERE r.subject = key.subject AND r.person = app.person() AND r.basis IN ('asker', 'delegate') OFFSET 0));

CREATE TABLE app.draft (                              -- what a resident is writing, on any of her devices
    id       uuid PRIMARY KEY,
    person   uuid NOT NULL,
    content  bytea NOT NULL,                          -- sealed JSON; empty once it was wiped
    revision integer NOT NULL,
    saved_at timestamptz NOT NULL,
    asked_as uuid,
    wiped_at timestamptz);
CREATE INDEX draft_page ON app.draft (person, saved_at DESC, id DESC) WHERE asked_as IS NULL AND wiped_at IS NULL;
GRANT SELECT, INSERT, UPDATE (content, revision, saved_at, asked_as, wiped_at) ON app.draft TO app_api;
CREATE POLICY own ON app.draft TO app_api USING (person = app.person());
GRANT SELECT (id, saved_at, asked_as, wiped_at), UPDATE (content, wiped_at) ON app.draft TO app_worker;
CREATE POLICY worker ON app.draft FOR SELECT TO app_worker USING (true);
CREATE POLICY wipe   ON app.draft FOR UPDATE TO app_worker USING (true) WITH CHECK (content = '' AND wiped_at IS NOT NULL);
"""

DISPATCH = """
ALTER TABLE app.dispatch
    ADD COLUMN lane        text NOT NULL DEFAULT 'NORMAL' CHECK (lane IN ('NORMAL', 'CRISIS')),
    ADD COLUMN wanted      smallint NOT NULL DEFAULT 3, -- counting answers looked for: the promised, and later one more at a time
    ADD COLUMN named       uuid[] NOT NULL DEFAULT '{}' CHECK (cardinality(named) <= 3), -- lawyers the asker chose
    ADD COLUMN named_until timestamptz,               -- until when seats are kept for who was invited
    ADD COLUMN party       bytea,                     -- keyed digest of the opposing party's name
    ADD COLUMN kept_at     timestamptz,               -- when the promised answers were there
    ADD COLUMN quiet_since timestamptz,               -- the last thing that anybody said
    ADD COLUMN recategorised boolean NOT NULL DEFAULT false;
DROP POLICY ask ON app.dispatch;
CREATE POLICY ask ON app.dispatch FOR INSERT TO app_api WITH CHECK (wave = -1 AND board = 'OPEN' AND closed_at IS NULL AND kept_at IS NULL
    AND NOT recategorised AND EXISTS (
    SELECT FROM app.reader r WHERE r.subject = question AND r.person = app.person() AND r.basis IN ('asker', 'delegate') OFFSET 0));
DROP POLICY offered ON app.dispatch;
CREATE POLICY offered ON app.dispatch FOR SELECT TO app_api USING (
    CASE WHEN EXISTS (SELECT FROM app.offer o WHERE o.question = dispatch.question AND o.lawyer = app.person() OFFSET 0) THEN true
    ELSE EXISTS (SELECT FROM app.reader r WHERE r.subject = dispatch.question AND r.person = app.person()
                                            AND r.basis IN ('asker', 'delegate') OFFSET 0) END);
GRANT UPDATE (wanted, named_until, kept_at, quiet_since) ON app.dispatch TO app_worker;

ALTER TABLE app.offer ADD COLUMN invited text CHECK (invited IN ('ASKER', 'SENIOR', 'ADVISER')); -- a seat is kept for her
GRANT UPDATE (firm, pool, wave, offered_at, until, why, invited) ON app.offer TO app_worker; -- one that ran out is made again

-- Five working seats, and one more each time a further answer is wanted.
ALTER TABLE app.seat DROP CONSTRAINT seat_place_check, ADD CONSTRAINT seat_place_check CHECK (place BETWEEN 1 AND 12),
    DROP CONSTRAINT seat_ended_why_check,
    ADD CONSTRAINT seat_ended_why_check CHECK (ended_why IN ('RELEASED', 'EXPIRED', 'WITHDRAWN', 'RESOLVED'));
GRANT UPDATE (lease_until) ON app.seat TO app_worker; -- a lease stands still while the asker is asked back

ALTER TABLE app.lawyer
    ADD COLUMN requestable   boolean NOT NULL DEFAULT false, -- she agreed to be chosen by name
    ADD COLUMN snoozed_until timestamptz,
    -- Written downward by the consultation room's reactions:
    ADD COLUMN rated         integer NOT NULL DEFAULT 0,
    ADD COLUMN liked         integer NOT NULL DEFAULT 0, -- of these, with four stars or five
    ADD COLUMN rating_lower  real;                    -- Wilson's lower bound of liked / rated; null below five ratings
CREATE INDEX lawyer_rating ON app.lawyer (coalesce(rating_lower, -1) DESC, id DESC);
GRANT UPDATE (requestable, snoozed_until) ON app.lawyer TO app_api;
GRANT UPDATE (rated, liked, rating_lower) ON app.lawyer TO app_worker;

CREATE TABLE app.client (                             -- whom a lawyer represents: keyed digests, no names
    lawyer     uuid NOT NULL REFERENCES app.lawyer,
    digest     bytea NOT NULL,
    since      timestamptz NOT NULL,
    removed_at timestamptz,
    PRIMARY KEY (lawyer, digest));
CREATE INDEX client_digest ON app.client (digest) WHERE removed_at IS NULL;
GRANT SELECT, INSERT, UPDATE (since, removed_at) ON app.client TO app_api;
CREATE POLICY own ON app.client TO app_api USING (lawyer = app.person());
GRANT SELECT ON app.client TO app_worker, app_door;
CREATE POLICY worker ON app.client FOR SELECT TO app_worker USING (true);
CREATE POLICY door   ON app.client FOR SELECT TO app_door USING (true);

CREATE TABLE app.recategorised (                      -- once a question, by a lawyer who reads it
    question uuid PRIMARY KEY REFERENCES app.question,
    lawyer   uuid NOT NULL,
    was      text NOT NULL,
    is_now   text NOT NULL,
    at       timestamptz NOT NULL);
GRANT SELECT, INSERT ON app.recategorised TO app_api;
CREATE POLICY read ON app.recategorised FOR SELECT TO app_api USING (EXISTS (
    SELECT FROM app.reader r WHERE r.subject = question AND r.person = app.person() AND r.until > app.clock() OFFSET 0));
CREATE POLICY say ON app.recategorised FOR INSERT TO app_api WITH CHECK (lawyer = app.person() AND EXISTS (
    SELECT FROM app.reader r WHERE r.subject = question AND r.person = app.person() AND r.until > app.clock()
                               AND r.basis IN ('seat', 'answered') OFFSET 0));
"""

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

THREADS = """
CREATE TABLE app.message (                            -- between people about one subject, sealed under its key
    id         uuid PRIMARY KEY,
    subject    uuid NOT NULL,
    author     uuid NOT NULL,
    from_owner boolean NOT NULL,                      -- the one whose subject it is speaks, or her delegate
    addressee  uuid,                                  -- to one of the others; null to all
    kind       text NOT NULL,
    regards    uuid REFERENCES app.message,
    sent_at    timestamptz NOT NULL,
    body       bytea NOT NULL);
CREATE INDEX message_page   ON app.message (subject, sent_at DESC, id DESC);
CREATE INDEX message_author ON app.message (author, sent_at DESC);
GRANT SELECT, INSERT ON app.message TO app_api;
-- Blind like the answers: a seat that has not delivered reads what was said to all or to her, and what she said.
CREATE POLICY read ON app.message FOR SELECT TO app_api USING (EXISTS (
    SELECT FROM app.reader r WHERE r.subject = message.subject AND r.person = app.person() AND r.until > app.clock()
                               AND (r.basis <> 'seat' OR author = r.person OR addressee = r.person OR from_owner AND addressee IS NULL) OFFSET 0));
CREATE POLICY write ON app.message FOR INSERT TO app_api WITH CHECK (author = app.person() AND EXISTS (
    SELECT FROM app.reader r WHERE r.subject = message.subject AND r.person = app.person() AND r.until > app.clock()
                               AND from_owner = (r.basis IN ('asker', 'delegate')) OFFSET 0));
-- A follow-up that one lawyer left waiting is opened to all; the worker sees no text.
GRANT SELECT (id, subject, addressee), UPDATE (addressee) ON app.message TO app_worker;
CREATE POLICY worker ON app.message FOR SELECT TO app_worker USING (true);
CREATE POLICY open   ON app.message FOR UPDATE TO app_worker USING (true) WITH CHECK (addressee IS NULL);

CREATE TABLE app.read_mark (                          -- how far each has read
    subject uuid NOT NULL,
    person  uuid NOT NULL,
    up_to   uuid NOT NULL REFERENCES app.message,
    sent_at timestamptz NOT NULL,
    at      timestamptz NOT NULL,
    PRIMARY KEY (subject, person));
GRANT SELECT, INSERT, UPDATE (up_to, sent_at, at) ON app.read_mark TO app_api;
CREATE POLICY read ON app.read_mark FOR SELECT TO app_api USING (EXISTS (
    SELECT FROM app.reader r WHERE r.subject = read_mark.subject AND r.person = app.person() AND r.until > app.clock()
                               AND (r.basis <> 'seat' OR read_mark.person = r.person) OFFSET 0));
CREATE POLICY mark ON app.read_mark FOR INSERT TO app_api WITH CHECK (person = app.person() AND EXISTS (
    SELECT FROM app.reader r WHERE r.subject = read_mark.subject AND r.person = app.person() AND r.until > app.clock() OFFSET 0));
CREATE POLICY again ON app.read_mark FOR UPDATE TO app_api USING (person = app.person());

CREATE TABLE app.follow_up (                          -- a message of the asker that waits for a lawyer
    id          uuid PRIMARY KEY REFERENCES app.message,
    question    uuid NOT NULL REFERENCES app.dispatch,
    lawyer      uuid,                                 -- whom it was put to; null: all
    round       smallint NOT NULL,
    asked_at    timestamptz NOT NULL,
    due_at      timestamptz NOT NULL,                 -- of the stage it stands on
    stage       smallint NOT NULL DEFAULT 0,          -- 0 put to its addressee, 1 to all who answered, 2 to new lawyers
    state       text NOT NULL DEFAULT 'WAITING' CHECK (state IN ('WAITING', 'ANSWERED', 'STOPPED')),
    ended_at    timestamptz);
CREATE INDEX follow_up_question ON app.follow_up (question, asked_at);
CREATE INDEX follow_up_waiting  ON app.follow_up (question) WHERE state = 'WAITING';
GRANT SELECT, INSERT, UPDATE (state, ended_at) ON app.follow_up TO app_api;
CREATE POLICY read ON app.follow_up FOR SELECT TO app_api USING (EXISTS (
    SELECT FROM app.reader r WHERE r.subject = question AND r.person = app.person() AND r.until > app.clock() OFFSET 0));
CREATE POLICY ask ON app.follow_up FOR INSERT TO app_api WITH CHECK (EXISTS (
    SELECT FROM app.reader r WHERE r.subject = question AND r.person = app.person() AND r.until > app.clock()
                               AND r.basis IN ('asker', 'delegate') OFFSET 0));
CREATE POLICY finish ON app.follow_up FOR UPDATE TO app_api USING (state = 'WAITING' AND EXISTS (
    SELECT FROM app.reader r WHERE r.subject = question AND r.person = app.person() AND r.until > app.clock() OFFSET 0))
    WITH CHECK (true);
GRANT SELECT, UPDATE (lawyer, due_at, stage, state, ended_at) ON app.follow_up TO app_worker;
CREATE POLICY worker ON app.follow_up TO app_worker USING (true);

CREATE TABLE app.inquiry (                            -- a lawyer asks the asker back; the clock stands still until she replies
    id         uuid PRIMARY KEY REFERENCES app.message,
    question   uuid NOT NULL REFERENCES app.dispatch,
    lawyer     uuid NOT NULL,
    asked_at   timestamptz NOT NULL,
    replied_at timestamptz,
    kinds      text[] NOT NULL DEFAULT '{}');         -- of a small closed vocabulary
CREATE INDEX inquiry_question ON app.inquiry (question, asked_at);
CREATE UNIQUE INDEX inquiry_open ON app.inquiry (question, lawyer) WHERE replied_at IS NULL;
GRANT SELECT, INSERT, UPDATE (replied_at) ON app.inquiry TO app_api;
CREATE POLICY read ON app.inquiry FOR SELECT TO app_api USING (EXISTS (
    SELECT FROM app.reader r WHERE r.subject = question AND r.person = app.person() AND r.until > app.clock()
                               AND (r.basis <> 'seat' OR lawyer = r.person) OFFSET 0));
CREATE POLICY ask ON app.inquiry FOR INSERT TO app_api WITH CHECK (lawyer = app.person() AND replied_at IS NULL AND EXISTS (
    SELECT FROM app.reader r WHERE r.subject = question AND r.person = app.person() AND r.until > app.clock()
                               AND r.basis IN ('seat', 'answered') OFFSET 0));
CREATE POLICY reply ON app.inquiry FOR UPDATE TO app_api USING (replied_at IS NULL AND EXISTS (
    SELECT FROM app.reader r WHERE r.subject = question AND r.person = app.person() AND r.until > app.clock()
                               AND r.basis IN ('asker', 'delegate') OFFSET 0)) WITH CHECK (true);
GRANT SELECT (id, question, lawyer, asked_at, replied_at) ON app.inquiry TO app_worker;
CREATE POLICY worker ON app.inquiry FOR SELECT TO app_worker USING (true);
"""

RECORD = """
-- What the city publishes is computed from the log, and says which log: how many entries, and the head of their chain.
GRANT SELECT ON app.feed TO app_worker;
CREATE POLICY log ON app.feed FOR SELECT TO app_worker USING (subject IS NOT NULL);
CREATE TABLE app.promise_fact (
    question     uuid PRIMARY KEY,
    asked_at     timestamptz NOT NULL,                -- the promise runs from here
    within       interval NOT NULL,
    due_at       timestamptz,                         -- when the promised time was over or will be; null while the clock stands still
    first_at     timestamptz,                         -- the first counting answer, and the last of the promised ones
    third_at     timestamptz,
    first_paused interval NOT NULL,                   -- how long the clock had stood still by then, or so far without the pause
    third_paused interval NOT NULL,                   --   that lasts
    paused_since timestamptz,
    ended_at     timestamptz,                         -- resolved or taken back: the clock stands still for good
    withdrawn_at timestamptz,
    log_count    integer NOT NULL,
    log_head     bytea NOT NULL,
    computed_at  timestamptz NOT NULL);
CREATE INDEX promise_fact_day ON app.promise_fact (asked_at);
GRANT SELECT, INSERT, UPDATE ON app.promise_fact TO app_worker;
CREATE POLICY worker ON app.promise_fact TO app_worker USING (true);
GRANT SELECT ON app.promise_fact TO app_door;
CREATE POLICY door ON app.promise_fact FOR SELECT TO app_door USING (true);
GRANT SELECT (question, lawyer, answer, round, stars, solved, rated_at) ON app.rating TO app_door;
CREATE POLICY door ON app.rating FOR SELECT TO app_door USING (true);
CREATE INDEX answer_delivered ON app.answer (delivered_at) INCLUDE (id, question); -- satisfaction is of a period's answers
"""

DOOR = """
GRANT UPDATE (until) ON app.reader TO app_door;
GRANT SELECT (id, asker), UPDATE (category) ON app.question TO app_door;
CREATE POLICY door ON app.question TO app_door USING (true);
GRANT SELECT (firm, pool) ON app.lawyer TO app_door;
GRANT UPDATE (category, recategorised) ON app.dispatch TO app_door;
GRANT SELECT (id, question, lawyer, delivered_at, suspect, counts), UPDATE (counts) ON app.answer TO app_door;
CREATE POLICY door ON app.answer TO app_door USING (true);

SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

CREATE OR REPLACE FUNCTION door.asker_reads() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO app.reader (subject, person, basis, since) VALUES (NEW.id, NEW.asker, 'asker', NEW.asked_at);
    IF NEW.delegation IS NOT NULL THEN                -- the policy has seen that the consent stands
        INSERT INTO app.reader (subject, person, basis, since) VALUES (NEW.id, app.person(), 'delegate', NEW.asked_at);
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION door.brief_reads() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO app.reader (subject, person, basis, since)
    SELECT NEW.id, person, basis, since FROM app.reader WHERE subject = NEW.question AND basis IN ('asker', 'delegate');
    RETURN NULL;
END $$;

-- A draft is its writer's own; what she seals under its key nobody else is ever given.
CREATE FUNCTION door.draft_reads() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO app.reader (subject, person, basis, since) VALUES (NEW.id, NEW.person, 'asker', NEW.saved_at);
    RETURN NULL;
END $$;

-- Consent withdrawn: the delegate reads nothing of the elder's from this instant.
CREATE FUNCTION door.delegation_ends() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.reader r SET until = app.clock()
    WHERE r.person = NEW.delegate AND r.basis = 'delegate' AND r.until > app.clock() AND EXISTS (
        SELECT FROM app.reader elder WHERE elder.subject = r.subject AND elder.person = NEW.elder AND elder.basis = 'asker');
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION door.question_ends() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.dispatch SET closed_at = app.clock() WHERE question = NEW.id;
    UPDATE app.seat SET ended_at = app.clock(), ended_why = CASE NEW.status WHEN 'WITHDRAWN' THEN 'WITHDRAWN' ELSE 'RESOLVED' END
    WHERE question = NEW.id AND ended_at IS NULL AND delivered_at IS NULL;
    UPDATE app.offer SET until = app.clock() WHERE question = NEW.id AND until > app.clock();
    RETURN NULL;
END $$;

CREATE FUNCTION door.question_reopens() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.dispatch SET closed_at = NULL WHERE question = NEW.id;
    RETURN NULL;
END $$;

-- A lawyer who reads the question corrects what it is about, once.
CREATE FUNCTION door.recategorise() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.question SET category = NEW.is_now WHERE id = NEW.question;
    UPDATE app.dispatch SET category = NEW.is_now, recategorised = true WHERE question = NEW.question;
    RETURN NULL;
END $$;

-- The asker found a suspect answer helpful: it counts from now on.
CREATE FUNCTION door.helpful_counts() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.answer SET counts = true WHERE id = NEW.answer AND question = NEW.question AND NOT counts;
    IF NOT FOUND THEN RAISE 'nothing to count' USING ERRCODE = '42501'; END IF;
    UPDATE app.seat s SET counts = true FROM app.answer a
    WHERE a.id = NEW.answer AND s.question = a.question AND s.lawyer = a.lawyer AND s.delivered_at IS NOT NULL;
    RETURN NULL;
END $$;

DROP FUNCTION door.board(uuid);
-- Lends an offered lawyer a look at the board, and the locks: the question's, then her own. Three statements on purpose:
-- after waiting, the last takes a new snapshot, while in one statement the counts would be as old as the wait. No rule here.
CREATE FUNCTION door.board(asked uuid) RETURNS TABLE (
    terms jsonb, asked_at timestamptz, now timestamptz, closed boolean, live boolean, firm uuid, local boolean, declined boolean,
    seat uuid, places smallint[], locals bigint, of_firm bigint, answered bigint, leases bigint,
    wanted smallint, invited text, invited_open bigint, invited_until timestamptz, conflict boolean, idle bigint)
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
           (SELECT count(*) FROM app.seat mine WHERE mine.lawyer = o.lawyer AND mine.ended_at IS NULL AND mine.delivered_at IS NULL),
           d.wanted, o.invited,
           -- Others for whom a seat is kept; once a senior lawyer is invited, hers alone.
           (SELECT count(*) FROM app.offer i WHERE i.question = asked AND i.invited IS NOT NULL AND i.declined IS NULL AND i.lawyer <> o.lawyer
                AND NOT EXISTS (SELECT FROM app.seat t WHERE t.question = asked AND t.lawyer = i.lawyer)
                AND (i.invited = 'SENIOR' OR NOT EXISTS (SELECT FROM app.offer n WHERE n.question = asked AND n.invited = 'SENIOR'))),
           d.named_until,
           EXISTS (SELECT FROM app.client c JOIN app.lawyer x ON x.id = c.lawyer
                   WHERE c.digest = d.party AND c.removed_at IS NULL AND x.firm = o.firm),
           count(*) FILTER (WHERE s.delivered_at IS NOT NULL AND NOT s.counts)
    FROM app.offer o
    JOIN app.lawyer l ON l.id = o.lawyer
    JOIN app.dispatch d USING (question)
    JOIN app.dispatch_policy p ON p.version = d.policy
    LEFT JOIN app.seat s ON s.question = o.question AND s.ended_at IS NULL
    WHERE o.question = asked AND o.lawyer = app.person()
    GROUP BY p.version, d.question, l.id, o.question, o.lawyer;
END;

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

-- Lends a lawyer a look at how often she and her peers, the active lawyers of her pool, were called since then and what
-- came of it; of the peers only quartiles, and none where that would tell of single ones.
CREATE FUNCTION door.exposure(since timestamptz) RETURNS TABLE (
    offers bigint, claims bigint, kept bigint, answers bigint, peers bigint,
    offers_of double precision[], claims_of double precision[], kept_of double precision[], answers_of double precision[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    WITH figures AS (
        SELECT l.id = app.person() AS mine, o.offers, s.claims, s.kept, s.answers
        FROM app.lawyer me
        JOIN app.lawyer l ON l.id = me.id OR l.pool = me.pool AND l.standing = 'ACTIVE'
        CROSS JOIN LATERAL (
            SELECT count(*) AS offers FROM app.offer WHERE lawyer = l.id AND offered_at > since) o
        CROSS JOIN LATERAL (
            SELECT count(*) AS claims, count(delivered_at) AS kept, count(*) FILTER (WHERE counts) AS answers
            FROM app.seat WHERE lawyer = l.id AND claimed_at > since) s
        WHERE me.id = app.person())
    SELECT sum(offers) FILTER (WHERE mine)::bigint, sum(claims) FILTER (WHERE mine)::bigint,
           sum(kept) FILTER (WHERE mine)::bigint, sum(answers) FILTER (WHERE mine)::bigint, count(*) FILTER (WHERE NOT mine),
           percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY offers)  FILTER (WHERE NOT mine),
           percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY claims)  FILTER (WHERE NOT mine),
           percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY kept)    FILTER (WHERE NOT mine),
           percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY answers) FILTER (WHERE NOT mine)
    FROM figures HAVING count(*) > 0;
END;

-- What the city promised on these days of the city (UTC+8) and what it kept: aggregates alone leave the room.
-- In the shares is what is decided: reached, run out of time, or over before. Nobody is left out for having withdrawn.
CREATE FUNCTION door.promise_record(first date, last date) RETURNS TABLE (
    computed_at timestamptz, questions bigint, withdrawn bigint, breaches bigint, open bigint,
    paused_questions bigint, paused_seconds double precision, entries bigint, head bytea,
    first_of bigint, first_came bigint, first_within bigint, first_within_wall bigint, first_run double precision[], first_wall double precision[],
    third_of bigint, third_came bigint, third_within bigint, third_within_wall bigint, third_run double precision[], third_wall double precision[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    WITH clock AS MATERIALIZED (SELECT app.clock() AS now), fact AS (
        SELECT f.*, first_at - asked_at AS first_wall, third_at - asked_at AS third_wall,
               coalesce(due_at < coalesce(third_at, ended_at, clock.now), false) AS over,
               third_paused + coalesce(clock.now - paused_since, '0') AS paused
        FROM app.promise_fact f, clock
        WHERE asked_at >= first::timestamp AT TIME ZONE interval '8 hours' AND asked_at < (last + 1)::timestamp AT TIME ZONE interval '8 hours')
    SELECT (SELECT now FROM clock), count(*), count(withdrawn_at), count(*) FILTER (WHERE over),
           count(*) FILTER (WHERE NOT over AND third_at IS NULL AND ended_at IS NULL),
           count(*) FILTER (WHERE paused > '0'), coalesce(extract(epoch FROM sum(paused)), 0)::double precision,
           coalesce(sum(log_count), 0)::bigint, sha256(coalesce(string_agg(log_head, '' ORDER BY asked_at, question), '')),
           count(*) FILTER (WHERE over OR first_at IS NOT NULL OR ended_at IS NOT NULL), count(first_at),
           count(*) FILTER (WHERE first_at <= coalesce(due_at, 'infinity')), count(*) FILTER (WHERE first_wall <= within),
           percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY extract(epoch FROM first_wall - first_paused)::double precision),
           percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY extract(epoch FROM first_wall)::double precision),
           count(*) FILTER (WHERE over OR third_at IS NOT NULL OR ended_at IS NOT NULL), count(third_at),
           count(*) FILTER (WHERE third_at <= due_at), count(*) FILTER (WHERE third_wall <= within),
           percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY extract(epoch FROM third_wall - third_paused)::double precision),
           percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY extract(epoch FROM third_wall)::double precision)
    FROM fact;
END;

GRANT EXECUTE ON FUNCTION door.draft_reads(), door.delegation_ends(), door.question_reopens(), door.recategorise(),
    door.helpful_counts() TO app_owner;               -- to make the triggers
GRANT EXECUTE ON FUNCTION door.board(uuid), door.exposure(timestamptz) TO app_api;
GRANT EXECUTE ON FUNCTION door.satisfaction(date, date) TO app_api;
GRANT EXECUTE ON FUNCTION door.promise_record(date, date) TO app_api;
RESET ROLE;

CREATE TRIGGER draft_reads      AFTER INSERT ON app.draft FOR EACH ROW EXECUTE FUNCTION door.draft_reads();
CREATE TRIGGER delegation_ends  AFTER UPDATE OF ended_at ON app.delegation FOR EACH ROW
    WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL) EXECUTE FUNCTION door.delegation_ends();
CREATE TRIGGER question_reopens AFTER UPDATE OF status ON app.question FOR EACH ROW
    WHEN (OLD.status = 'RESOLVED' AND NEW.status = 'OPEN') EXECUTE FUNCTION door.question_reopens();
CREATE TRIGGER recategorise     AFTER INSERT ON app.recategorised FOR EACH ROW EXECUTE FUNCTION door.recategorise();
CREATE TRIGGER helpful_counts   AFTER INSERT ON app.helpful FOR EACH ROW EXECUTE FUNCTION door.helpful_counts();
"""

# Policy 2: as policy 1, with the times of a question's whole life. Seconds.
POLICY = """
ALTER TABLE app.dispatch_policy NO FORCE ROW LEVEL SECURITY;
INSERT INTO app.dispatch_policy (version, since, terms)
SELECT 2, app.clock(), terms || '{
    "named_for": 180, "senior_for": 1800,
    "follow_up_day": 1800, "follow_up_night": 14400, "day_begins": 8, "day_ends": 22,
    "silence": 259200, "reminded": 259200, "reopens": 2592000, "inquiry_holds": 1800}'
FROM app.dispatch_policy WHERE version = 1;
ALTER TABLE app.dispatch_policy FORCE ROW LEVEL SECURITY;
"""


def upgrade() -> None:
    run(op, QUESTION + DISPATCH + ANSWERS + THREADS + RECORD + DOOR + POLICY)
    tables = ("draft", "client", "recategorised", "amendment", "sketch", "helpful", "best", "rating")
    wall(op, *tables, "message", "read_mark", "follow_up", "inquiry", "promise_fact")
