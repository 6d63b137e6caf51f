"""Named lawyers, danger, conflicts of interest, further answers; what a lawyer says of her practice."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0008"
down_revision = "0007"

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

-- Questions that were filled before there was such a column wait for nothing.
ALTER TABLE app.dispatch NO FORCE ROW LEVEL SECURITY;
UPDATE app.dispatch SET kept_at = app.clock() WHERE board = 'FILLED';
ALTER TABLE app.dispatch FORCE ROW LEVEL SECURITY;
"""

DOOR = """
GRANT SELECT (id), UPDATE (category) ON app.question TO app_door;
CREATE POLICY door ON app.question TO app_door USING (true);
GRANT SELECT (firm, pool) ON app.lawyer TO app_door;
GRANT UPDATE (category, recategorised) ON app.dispatch TO app_door;

SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- A lawyer who reads the question corrects what it is about, once.
CREATE FUNCTION door.recategorise() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.question SET category = NEW.is_now WHERE id = NEW.question;
    UPDATE app.dispatch SET category = NEW.is_now, recategorised = true WHERE question = NEW.question;
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

GRANT EXECUTE ON FUNCTION door.recategorise() TO app_owner;             -- to make the trigger
GRANT EXECUTE ON FUNCTION door.board(uuid), door.exposure(timestamptz) TO app_api;
RESET ROLE;

CREATE TRIGGER recategorise     AFTER INSERT ON app.recategorised FOR EACH ROW EXECUTE FUNCTION door.recategorise();
"""


def upgrade() -> None:
    run(op, DISPATCH + DOOR)
    wall(op, "client", "recategorised")
