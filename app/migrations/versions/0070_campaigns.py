"""Articles that are pushed: to who said yes to it, at most two a week, each with its reason and a way to stop them all."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0070"
down_revision = "0069"

HOLDS = """EXISTS (SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role IN ({roles})
                            AND h.until > app.clock() OFFSET 0)"""
WRITES = HOLDS.format(roles="'EDITOR'")
REVIEWS = HOLDS.format(roles="'EDITOR', 'SUPERVISOR'")

TABLES = f"""
CREATE TABLE app.campaign (                           -- an article for some people; nobody's name is in it
    id        uuid PRIMARY KEY,
    article   uuid NOT NULL REFERENCES app.article,
    topics    text[] NOT NULL,                        -- what they chose; where they say they live; what they are; how old
    divisions text[] NOT NULL,
    roles     text[] NOT NULL,
    bands     text[] NOT NULL,
    consent   integer NOT NULL,                       -- the version of the notice they said yes to
    send_at   timestamptz NOT NULL,
    state     text NOT NULL CHECK (state IN ('SCHEDULED', 'SENDING', 'SENT', 'CANCELLED')),
    estimate  integer NOT NULL CHECK (estimate >= 10),
    made_by   uuid NOT NULL,
    made_at   timestamptz NOT NULL,
    reached   uuid,                                   -- in the order of ids, up to whom it was looked at
    sent      integer NOT NULL DEFAULT 0,
    ended_at  timestamptz);
CREATE INDEX campaign_made ON app.campaign (made_at DESC, id DESC);
GRANT SELECT (id, article, topics, divisions, roles, bands, consent, send_at, state, estimate, made_by, made_at, ended_at),
    INSERT (id, article, topics, divisions, roles, bands, consent, send_at, state, estimate, made_by, made_at), UPDATE (state, ended_at)
    ON app.campaign TO app_api;
CREATE POLICY read   ON app.campaign FOR SELECT TO app_api USING ({REVIEWS});
CREATE POLICY make   ON app.campaign FOR INSERT TO app_api
    WITH CHECK (made_by = app.person() AND made_at = app.clock() AND state = 'SCHEDULED' AND send_at >= app.clock() AND {WRITES});
CREATE POLICY cancel ON app.campaign FOR UPDATE TO app_api USING (state IN ('SCHEDULED', 'SENDING') AND {REVIEWS})
    WITH CHECK (state = 'CANCELLED' AND ended_at = app.clock());
GRANT SELECT, UPDATE (state, reached, sent, ended_at) ON app.campaign TO app_door;
CREATE POLICY door ON app.campaign TO app_door USING (true);
GRANT SELECT (id, state) ON app.campaign TO app_worker;
CREATE POLICY worker ON app.campaign FOR SELECT TO app_worker USING (true);

CREATE TABLE app.article_push (                       -- that somebody was told; who has its id can stop them all
    id         uuid PRIMARY KEY,
    campaign   uuid NOT NULL REFERENCES app.campaign,
    person     uuid NOT NULL,
    slot       smallint NOT NULL CHECK (slot IN (1, 2)),
    at         timestamptz NOT NULL,
    until      timestamptz NOT NULL CHECK (until = at + interval '168 hours'),
    stopped_at timestamptz,
    UNIQUE (campaign, person),
    -- Of each of the two one in seven days, so that no seven days have three.
    CONSTRAINT article_push_two_a_week EXCLUDE USING gist (person WITH =, slot WITH =, tstzrange(at, until) WITH &&));
CREATE INDEX article_push_person ON app.article_push (person, at DESC, campaign DESC);
GRANT SELECT ON app.article_push TO app_api;
CREATE POLICY own  ON app.article_push FOR SELECT TO app_api USING (person = app.person());
GRANT SELECT, INSERT, UPDATE (person, stopped_at), DELETE ON app.article_push TO app_door;
CREATE POLICY door ON app.article_push TO app_door USING (true);
GRANT SELECT (read_at) ON app.article_reader TO app_door;
"""

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- Who said yes to this version of the notice and is all that is asked for; a child only with her guardian's yes.
CREATE FUNCTION door.pushable(topics text[], divisions text[], roles text[], bands text[], version integer) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT c.person FROM app.consent c JOIN app.person p ON p.id = c.person AND p.standing = 'ACTIVE'
    LEFT JOIN LATERAL (SELECT a.band FROM app.age_said a WHERE a.person = c.person ORDER BY a.turn DESC LIMIT 1) AS age ON true
    WHERE c.purpose = 'EDUCATION' AND c.version = $5 AND c.given
      AND NOT EXISTS (SELECT FROM app.consent l WHERE l.person = c.person AND l.purpose = c.purpose AND l.turn > c.turn)
      AND (age.band IS DISTINCT FROM 'UNDER_14' OR EXISTS (SELECT FROM app.guardianship g WHERE g.minor = c.person AND g.ended_at IS NULL))
      AND ($1 = '{}' OR EXISTS (SELECT FROM app.topic_choice t WHERE t.person = c.person AND t.topics && $1))
      AND ($2 = '{}' OR EXISTS (SELECT FROM app.village_said v, unnest($2) AS d (code) WHERE v.person = c.person AND starts_with(v.division, d.code)))
      AND ($3 = '{}' OR 'RESIDENT' = ANY ($3) OR EXISTS (SELECT FROM app.role_held h WHERE h.person = c.person AND h.role = ANY ($3) AND h.until > app.clock()))
      AND ($4 = '{}' OR age.band = ANY ($4));
END;

-- About how many they are, in tens: nothing where they are fewer. For who may push.
CREATE FUNCTION door.campaign_audience(topics text[], divisions text[], roles text[], bands text[], version integer) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT CASE WHEN EXISTS (SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role IN ('EDITOR', 'SUPERVISOR') AND h.until > app.clock())
        THEN (SELECT count(*) / 10 * 10 FROM door.pushable($1, $2, $3, $4, $5))::integer ELSE 0 END;
END;

CREATE FUNCTION door.campaign_made() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    NEW.estimate := door.campaign_audience(NEW.topics, NEW.divisions, NEW.roles, NEW.bands, NEW.consent);
    IF NEW.estimate < 10 OR NOT EXISTS (SELECT FROM app.article a WHERE a.id = NEW.article AND a.published_at IS NOT NULL AND a.withdrawn_at IS NULL) THEN
        RAISE 'nothing to push, or to too few' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;

-- For the worker: the next so many, in the order of ids. Who had two in seven days is left out. Whom it tells of it now.
CREATE FUNCTION door.push_articles(due uuid, most integer) RETURNS SETOF uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    c app.campaign;
    wave uuid[];
BEGIN
    PERFORM FROM app.campaign k WHERE k.id = due FOR NO KEY UPDATE;
    SELECT * INTO c FROM app.campaign k WHERE k.id = due;
    IF c.id IS NULL OR c.state NOT IN ('SCHEDULED', 'SENDING') OR c.send_at > app.clock() THEN RETURN; END IF;
    IF NOT EXISTS (SELECT FROM app.article a WHERE a.id = c.article AND a.withdrawn_at IS NULL) THEN
        UPDATE app.campaign SET state = 'CANCELLED', ended_at = app.clock() WHERE id = due;
        RETURN;
    END IF;
    wave := ARRAY(SELECT p FROM door.pushable(c.topics, c.divisions, c.roles, c.bands, c.consent) AS p
                  WHERE c.reached IS NULL OR p > c.reached ORDER BY p LIMIT most);
    RETURN QUERY
        INSERT INTO app.article_push (id, campaign, person, slot, at, until)
        SELECT gen_random_uuid(), due, p, 1, app.clock(), app.clock() + interval '168 hours' FROM unnest(wave) AS p
        ON CONFLICT DO NOTHING RETURNING person;
    RETURN QUERY
        INSERT INTO app.article_push (id, campaign, person, slot, at, until)
        SELECT gen_random_uuid(), due, p, 2, app.clock(), app.clock() + interval '168 hours' FROM unnest(wave) AS p
        ON CONFLICT DO NOTHING RETURNING person;
    UPDATE app.campaign SET state = CASE WHEN cardinality(wave) < most THEN 'SENT' ELSE 'SENDING' END,
        ended_at = CASE WHEN cardinality(wave) < most THEN app.clock() END,
        reached = coalesce(wave[cardinality(wave)], reached),
        sent = (SELECT count(*) FROM app.article_push p WHERE p.campaign = due) WHERE id = due;
END $$;

-- Who holds the id of a push stops them all: her consent is taken back. Whose it was; twice changes nothing.
CREATE FUNCTION door.stop_pushes(held uuid) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    whose uuid := (SELECT p.person FROM app.article_push p WHERE p.id = held);
BEGIN
    UPDATE app.article_push SET stopped_at = coalesce(stopped_at, app.clock()) WHERE id = held;
    INSERT INTO app.consent (person, purpose, turn, version, given, channel, at)
    SELECT c.person, c.purpose, c.turn + 1, c.version, false, 'push', app.clock() FROM app.consent c
    WHERE c.person = whose AND c.purpose = 'EDUCATION' AND c.given
      AND NOT EXISTS (SELECT FROM app.consent l WHERE l.person = c.person AND l.purpose = c.purpose AND l.turn > c.turn)
    ON CONFLICT DO NOTHING;
    RETURN whose;
END $$;

-- What came of campaigns; fewer than ten are never told apart.
CREATE FUNCTION door.campaign_results(asked uuid[]) RETURNS TABLE (campaign uuid, sent integer, read integer, stopped integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT c.id, CASE WHEN c.sent >= 10 THEN c.sent END, CASE WHEN n.read >= 10 THEN n.read END, CASE WHEN n.stopped >= 10 THEN n.stopped END
    FROM app.campaign c CROSS JOIN LATERAL (
        SELECT count(r.person)::integer AS read, count(p.stopped_at)::integer AS stopped FROM app.article_push p
        LEFT JOIN app.article_reader r ON r.person = p.person AND r.article = c.article AND r.read_at >= p.at
        WHERE p.campaign = c.id) AS n
    WHERE c.id = ANY (asked)
      AND EXISTS (SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role IN ('EDITOR', 'SUPERVISOR') AND h.until > app.clock());
END;

-- What these push, and to whom: for who was told.
CREATE FUNCTION door.push_reasons(asked uuid[]) RETURNS TABLE (campaign uuid, article uuid, topics text[], divisions text[], roles text[], bands text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT c.id, c.article, c.topics, c.divisions, c.roles, c.bands FROM app.campaign c
    WHERE c.id = ANY (asked) AND EXISTS (SELECT FROM app.article_push p WHERE p.campaign = c.id AND p.person = app.person());
END;

CREATE OR REPLACE FUNCTION door.give_up_education(whose uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM app.closing c WHERE c.person = whose) THEN RETURN; END IF;
    DELETE FROM app.article_reader r WHERE r.person = whose;
    DELETE FROM app.topic_choice t WHERE t.person = whose;
    DELETE FROM app.article_push p WHERE p.person = whose;
END $$;

CREATE FUNCTION door.pushes_move() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    DELETE FROM app.article_push p WHERE p.person = OLD.person AND EXISTS (SELECT FROM app.article_push q WHERE q.person = NEW.person
        AND (q.campaign = p.campaign OR q.slot = p.slot AND tstzrange(q.at, q.until) && tstzrange(p.at, p.until)));
    UPDATE app.article_push SET person = NEW.person WHERE person = OLD.person;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION door.list_education(asked uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    whose uuid := door.begin_list(asked, 'education');
BEGIN
    IF whose IS NULL THEN RETURN; END IF;
    INSERT INTO app.export_part (export, kind, person, ids)
    SELECT asked, k.kind, whose, array_agg(k.id ORDER BY k.id) FROM (
        SELECT 'article_reader' AS kind, r.article AS id FROM app.article_reader r WHERE r.person = whose
        UNION ALL SELECT 'topic_choice', t.person FROM app.topic_choice t WHERE t.person = whose
        UNION ALL SELECT 'article_push', p.campaign FROM app.article_push p WHERE p.person = whose) AS k
    GROUP BY k.kind;
    PERFORM door.end_list(asked);
END $$;

GRANT EXECUTE ON FUNCTION door.campaign_made(), door.pushes_move() TO app_owner; -- to make the triggers
GRANT EXECUTE ON FUNCTION door.campaign_audience(text[], text[], text[], text[], integer), door.stop_pushes(uuid), door.campaign_results(uuid[]),
    door.push_reasons(uuid[]) TO app_api;
GRANT EXECUTE ON FUNCTION door.push_articles(uuid, integer) TO app_worker;
RESET ROLE;
CREATE TRIGGER campaign_made BEFORE INSERT ON app.campaign FOR EACH ROW EXECUTE FUNCTION door.campaign_made();
CREATE TRIGGER pushes_move AFTER UPDATE OF person ON app.identity FOR EACH ROW WHEN (OLD.person <> NEW.person)
    EXECUTE FUNCTION door.pushes_move();
"""


def upgrade() -> None:
    run(op, TABLES + DOOR)
    wall(op, "campaign", "article_push")
