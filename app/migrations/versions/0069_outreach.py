"""Channels by which people come, how many came by each and how far, and by which of them somebody came within thirty days."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0069"
down_revision = "0068"

STEPS = "'FOLLOW', 'LEFT', 'SIGN_IN', 'QUESTION', 'ANSWERED', 'SATISFIED'"
SEES = """EXISTS (SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role IN ('EDITOR', 'SUPERVISOR', 'ADMIN')
                            AND h.until > app.clock() OFFSET 0)"""
WRITES = SEES.replace("'SUPERVISOR', ", "")

CHANNELS = f"""
CREATE TABLE app.outreach_channel (
    id         uuid PRIMARY KEY,
    code       text NOT NULL UNIQUE CHECK (code ~ '^[2-9A-HJ-NP-Z]{{12}}$'),
    parent     uuid REFERENCES app.outreach_channel,
    path       uuid[] NOT NULL,                       -- from the root down to itself
    kind       text NOT NULL CHECK (kind IN ('TOWN', 'VILLAGE', 'ZONE', 'DEPARTMENT', 'WINDOW', 'SCHOOL', 'EVENT', 'PARTNER', 'PERSON')),
    name       text NOT NULL CHECK (length(name) BETWEEN 2 AND 40),
    office     text NOT NULL CHECK (length(office) BETWEEN 2 AND 40),  -- whose name stands on its sheet
    division   text,
    link       text CHECK (kind = 'PARTNER' OR link IS NULL),          -- of the partner, to which we lead
    until      timestamptz NOT NULL,                  -- its code counts until then
    made_at    timestamptz NOT NULL,
    closed_at  timestamptz,
    version    integer NOT NULL CHECK (version > 0),
    changed_at timestamptz NOT NULL,
    changed_by uuid NOT NULL,
    CHECK (path[cardinality(path)] = id AND cardinality(path) BETWEEN 1 AND 6),
    CHECK ((kind IN ('TOWN', 'VILLAGE')) = (division IS NOT NULL)));
CREATE UNIQUE INDEX outreach_channel_division ON app.outreach_channel (division) WHERE division IS NOT NULL AND closed_at IS NULL;
CREATE INDEX outreach_channel_made   ON app.outreach_channel (made_at DESC, id DESC);
CREATE INDEX outreach_channel_parent ON app.outreach_channel (parent, made_at DESC, id DESC);
GRANT SELECT, INSERT, UPDATE (name, office, link, until, closed_at, version, changed_at, changed_by) ON app.outreach_channel TO app_api;
CREATE POLICY staff  ON app.outreach_channel FOR SELECT TO app_api USING ({SEES});
CREATE POLICY enter  ON app.outreach_channel FOR INSERT TO app_api WITH CHECK (version = 1 AND closed_at IS NULL
    AND made_at = app.clock() AND changed_at = app.clock() AND changed_by = app.person() AND {WRITES});
CREATE POLICY change ON app.outreach_channel FOR UPDATE TO app_api USING (closed_at IS NULL AND {WRITES})
    WITH CHECK (changed_at = app.clock() AND changed_by = app.person() AND (closed_at IS NULL OR closed_at = app.clock()));
GRANT SELECT ON app.outreach_channel TO app_door;
CREATE POLICY door ON app.outreach_channel FOR SELECT TO app_door USING (true);

CREATE TABLE app.outreach_day (                       -- nobody's: how many, by the day on which they came by that channel
    channel uuid NOT NULL REFERENCES app.outreach_channel,
    day     date NOT NULL,                            -- of the city
    step    text NOT NULL CHECK (step IN ('SCAN', 'SENT', {STEPS})),
    n       integer NOT NULL,
    PRIMARY KEY (channel, day, step));
GRANT SELECT ON app.outreach_day TO app_api;
CREATE POLICY staff ON app.outreach_day FOR SELECT TO app_api USING ({SEES});
GRANT SELECT, INSERT, UPDATE (n) ON app.outreach_day TO app_door;
CREATE POLICY door ON app.outreach_day TO app_door USING (true);

CREATE TABLE app.outreach_touch (                     -- by which channel somebody came first; what follows before `until` is counted for it
    id      uuid PRIMARY KEY,
    channel uuid NOT NULL REFERENCES app.outreach_channel,
    person  uuid REFERENCES app.person,               -- NULL as long as nobody knows whose openid it is
    openid  bytea,                                    -- of the official account: the digest by which app.identity has it
    at      timestamptz NOT NULL,
    until   timestamptz NOT NULL CHECK (until > at),
    steps   text[] NOT NULL CHECK (steps <@ ARRAY[{STEPS}]),
    CHECK (num_nonnulls(person, openid) > 0),
    CONSTRAINT outreach_touch_person EXCLUDE USING gist (person WITH =, tstzrange(at, until) WITH &&),
    CONSTRAINT outreach_touch_openid EXCLUDE USING gist (openid WITH =, tstzrange(at, until) WITH &&));
CREATE INDEX outreach_touch_until ON app.outreach_touch (until);
GRANT SELECT, INSERT, UPDATE (person, openid, steps), DELETE ON app.outreach_touch TO app_door;
CREATE POLICY door ON app.outreach_touch TO app_door USING (true);

CREATE TABLE app.outreach_target (                    -- so many of a step, from one day to another; of a step there is one, and the next replaces it
    channel uuid NOT NULL REFERENCES app.outreach_channel,
    step    text NOT NULL CHECK (step IN ('SCAN', 'FOLLOW', 'SIGN_IN', 'QUESTION', 'ANSWERED', 'SATISFIED')),
    goal    integer NOT NULL CHECK (goal BETWEEN 1 AND 1000000),
    since   date NOT NULL,
    until   date NOT NULL CHECK (until >= since),
    set_at  timestamptz NOT NULL,
    set_by  uuid NOT NULL,
    PRIMARY KEY (channel, step));
GRANT SELECT, INSERT, UPDATE (goal, since, until, set_at, set_by) ON app.outreach_target TO app_api;
CREATE POLICY staff ON app.outreach_target FOR SELECT TO app_api USING ({SEES});
CREATE POLICY enter ON app.outreach_target FOR INSERT TO app_api WITH CHECK (set_at = app.clock() AND set_by = app.person() AND {WRITES});
CREATE POLICY again ON app.outreach_target FOR UPDATE TO app_api USING ({WRITES}) WITH CHECK (set_at = app.clock() AND set_by = app.person());

-- For how long what follows is counted for the channel by which somebody came; then nobody knows any more that it was she.
INSERT INTO app.retention_policy (version, since, terms)
SELECT version + 1, app.clock(), terms || '{{"touch": 2592000}}' FROM app.retention_policy ORDER BY version DESC LIMIT 1;
CREATE INDEX wechat_push_of ON app.wechat_push (openid, received_at);
"""

SUMS = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

CREATE FUNCTION door.outreach_day(moment timestamptz) RETURNS date LANGUAGE sql IMMUTABLE SECURITY DEFINER SET search_path = ''
RETURN (moment AT TIME ZONE interval '8 hours')::date;

-- The sums follow the touches, and stay when those are forgotten. In one order, so that two who count do not wait for each other for ever.
CREATE FUNCTION door.outreach_sums() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO app.outreach_day AS d (channel, day, step, n)
    SELECT x.channel, x.day, x.step, sum(x.n) FROM (
        SELECT t.channel, door.outreach_day(t.at) AS day, s AS step, 1 AS n FROM new_rows t, unnest(t.steps) s
        UNION ALL SELECT t.channel, door.outreach_day(t.at), s, -1 FROM old_rows t, unnest(t.steps) s) x
    GROUP BY x.channel, x.day, x.step HAVING sum(x.n) <> 0 ORDER BY x.channel, x.day, x.step
    ON CONFLICT (channel, day, step) DO UPDATE SET n = d.n + excluded.n;
    RETURN NULL;
END $$;
CREATE FUNCTION door.outreach_begins() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO app.outreach_day AS d (channel, day, step, n)
    SELECT t.channel, door.outreach_day(t.at), s, count(*) FROM new_rows t, unnest(t.steps) s GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (channel, day, step) DO UPDATE SET n = d.n + excluded.n;
    RETURN NULL;
END $$;

-- A child stands below a parent that is open, and its path says so.
CREATE FUNCTION door.channel_stands() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NEW.path <> coalesce((SELECT p.path FROM app.outreach_channel p WHERE p.id = NEW.parent AND p.closed_at IS NULL), '{}') || NEW.id
       OR (NEW.parent IS NULL) <> (cardinality(NEW.path) = 1) THEN
        RAISE 'it does not stand there' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION door.open_channel(said text, moment timestamptz) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT c.id FROM app.outreach_channel c WHERE c.code = said AND c.closed_at IS NULL AND c.until > moment;
END;
-- One more opening of a code (SCAN), or one more who was led to the partner (SENT); to where. Nobody's, and NULL for a code that counts no more.
CREATE FUNCTION door.outreach_opened(said text, what text) RETURNS text LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    WITH one AS (
        INSERT INTO app.outreach_day AS d (channel, day, step, n)
        SELECT c.id, door.outreach_day(app.clock()), what, 1 FROM app.outreach_channel c
        WHERE c.id = door.open_channel(said, app.clock()) AND (what = 'SCAN' OR what = 'SENT' AND c.link IS NOT NULL)
        ON CONFLICT (channel, day, step) DO UPDATE SET n = d.n + 1 RETURNING d.channel)
    SELECT coalesce(c.link, '') FROM one JOIN app.outreach_channel c ON c.id = one.channel;
END;
"""

TOUCHES = """
CREATE FUNCTION door.touch_ends(began timestamptz) RETURNS timestamptz LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT began + make_interval(secs => (p.terms ->> 'touch')::double precision)
    FROM app.retention_policy p WHERE p.since <= app.clock() ORDER BY p.version DESC LIMIT 1;
END;
-- Whether she followed in that time, and left again: as WeChat pushed it, in whichever order we hear of it.
CREATE FUNCTION door.with_follow(steps text[], known bytea, began timestamptz, ends timestamptz) RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT ARRAY(SELECT s FROM unnest(steps) s WHERE s NOT IN ('FOLLOW', 'LEFT')) || CASE
        WHEN NOT coalesce(bool_or(p.kind = 'subscribe'), false) THEN '{}'::text[]
        WHEN (array_agg(p.kind ORDER BY p.created_at DESC, p.received_at DESC))[1] = 'unsubscribe' THEN '{FOLLOW,LEFT}'
        ELSE '{FOLLOW}' END
    FROM app.wechat_push p
    WHERE p.openid = known AND p.account = 'OFFICIAL_ACCOUNT' AND p.kind IN ('subscribe', 'unsubscribe')
      AND p.received_at >= began AND p.received_at < ends;
END;
CREATE FUNCTION door.alone_with(whom text) RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT pg_advisory_xact_lock(hashtextextended('touch ' || whom, 0));
END;

-- One whom we knew as several is one: the first channel stays hers, with all that was counted; what is over by now stays as it was counted.
CREATE FUNCTION door.unite_touches(people uuid[], whose uuid, known bytea) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    keeper app.outreach_touch;
    reached text[];
BEGIN
    DELETE FROM app.outreach_touch t WHERE (t.person = ANY (people) OR t.openid = known) AND t.until <= app.clock();
    SELECT t.* INTO keeper FROM app.outreach_touch t WHERE t.person = ANY (people) OR t.openid = known ORDER BY t.at, t.id LIMIT 1;
    IF NOT FOUND THEN RETURN; END IF;
    SELECT array_agg(DISTINCT s), coalesce(known, (array_agg(t.openid) FILTER (WHERE t.openid IS NOT NULL))[1]) INTO reached, known
    FROM app.outreach_touch t LEFT JOIN unnest(t.steps || ARRAY['SIGN_IN']) s ON true WHERE t.person = ANY (people) OR t.openid = known;
    UPDATE app.outreach_touch t SET steps = CASE WHEN t.id = keeper.id THEN door.with_follow(reached, known, keeper.at, keeper.until) ELSE '{}' END
    WHERE t.person = ANY (people) OR t.openid = known;
    DELETE FROM app.outreach_touch t WHERE (t.person = ANY (people) OR t.openid = known) AND t.id <> keeper.id;
    UPDATE app.outreach_touch t SET person = whose, openid = known WHERE t.id = keeper.id;
END $$;
CREATE FUNCTION door.name_known() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    PERFORM door.alone_with(encode(NEW.digest, 'hex'));
    PERFORM door.alone_with(NEW.person::text);
    PERFORM door.unite_touches(ARRAY[NEW.person], NEW.person, NEW.digest);
    RETURN NULL;
END $$;
CREATE FUNCTION door.touches_move() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    PERFORM door.alone_with(NEW.person::text);
    PERFORM door.unite_touches(ARRAY[OLD.person, NEW.person], NEW.person,
        (SELECT i.digest FROM app.identity i WHERE i.kind = 'official' AND i.person = NEW.person LIMIT 1));
    RETURN NULL;
END $$;
"""

STEPS_OF = """
-- What was pushed: she came by a code, follows, or leaves. Once a push; pushes of one openid one after the other, and together with what makes it known.
CREATE FUNCTION door.touch_pushed(push uuid, touch uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    p record;
    whose uuid;
    via uuid;
BEGIN
    SELECT w.openid, w.scene, w.received_at AS at INTO p FROM app.wechat_push w WHERE w.id = push AND w.account = 'OFFICIAL_ACCOUNT';
    IF NOT FOUND THEN RETURN; END IF;
    PERFORM door.alone_with(encode(p.openid, 'hex'));
    SELECT i.person INTO whose FROM app.identity i WHERE i.kind = 'official' AND i.digest = p.openid;
    IF whose IS NOT NULL THEN PERFORM door.alone_with(whose::text); END IF;
    via := door.open_channel(p.scene, p.at);
    IF via IS NOT NULL THEN
        INSERT INTO app.outreach_day AS d (channel, day, step, n) VALUES (via, door.outreach_day(p.at), 'SCAN', 1)
        ON CONFLICT ON CONSTRAINT outreach_day_pkey DO UPDATE SET n = d.n + 1;
        INSERT INTO app.outreach_touch (id, channel, person, openid, at, until, steps)
        VALUES (touch, via, whose, p.openid, p.at, door.touch_ends(p.at), CASE WHEN whose IS NULL THEN '{}'::text[] ELSE '{SIGN_IN}' END)
        ON CONFLICT DO NOTHING;
    END IF;
    UPDATE app.outreach_touch t SET openid = p.openid, steps = door.with_follow(t.steps, p.openid, t.at, t.until)
    WHERE (t.openid = p.openid OR t.person = whose) AND t.at <= p.at AND t.until > p.at;
END $$;
-- She signed in and said by which code she had come.
CREATE FUNCTION door.touch_signed_in(whose uuid, said text, moment timestamptz, touch uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    known bytea;
    via uuid := door.open_channel(said, moment);
BEGIN
    IF via IS NULL THEN RETURN; END IF;
    PERFORM door.alone_with(whose::text);
    SELECT i.digest INTO known FROM app.identity i WHERE i.kind = 'official' AND i.person = whose LIMIT 1;
    INSERT INTO app.outreach_touch (id, channel, person, openid, at, until, steps)
    VALUES (touch, via, whose, known, moment, door.touch_ends(moment), '{SIGN_IN}') ON CONFLICT DO NOTHING;
END $$;
-- She came so far: counted for the channel she came by, once.
CREATE FUNCTION door.touch_reached(people uuid[], step text) RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    UPDATE app.outreach_touch t SET steps = t.steps || step
    WHERE t.person = ANY (people) AND t.at <= app.clock() AND t.until > app.clock() AND step <> ALL (t.steps);
END;
CREATE FUNCTION door.forget_touches(most integer) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    n bigint;
BEGIN
    DELETE FROM app.outreach_touch WHERE id IN (SELECT t.id FROM app.outreach_touch t WHERE t.until <= app.clock() ORDER BY t.until LIMIT most);
    GET DIAGNOSTICS n = ROW_COUNT;
    RETURN n;
END $$;
CREATE FUNCTION door.give_up_touches(whose uuid) RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    DELETE FROM app.outreach_touch t WHERE t.person = whose AND EXISTS (SELECT FROM app.closing c WHERE c.person = whose);
END;
CREATE FUNCTION door.list_outreach(asked uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    whose uuid := door.begin_list(asked, 'outreach');
BEGIN
    IF whose IS NULL THEN RETURN; END IF;
    INSERT INTO app.export_part (export, kind, person, ids)
    SELECT asked, 'touch', whose, array_agg(t.id ORDER BY t.id) FROM app.outreach_touch t WHERE t.person = whose HAVING count(*) > 0;
    PERFORM door.end_list(asked);
END $$;
-- Her own, for her copy.
CREATE FUNCTION door.my_touches(asked uuid[]) RETURNS TABLE (id uuid, kind text, name text, at timestamptz, until timestamptz, steps text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT t.id, c.kind, c.name, t.at, t.until, t.steps FROM app.outreach_touch t JOIN app.outreach_channel c ON c.id = t.channel
    WHERE t.id = ANY (asked) AND t.person = app.person() ORDER BY t.at;
END;
GRANT EXECUTE ON FUNCTION door.outreach_sums(), door.outreach_begins(), door.channel_stands(), door.name_known(), door.touches_move()
    TO app_owner; -- to make the triggers
GRANT EXECUTE ON FUNCTION door.outreach_opened(text, text), door.my_touches(uuid[]) TO app_api;
GRANT EXECUTE ON FUNCTION door.touch_pushed(uuid, uuid), door.touch_signed_in(uuid, text, timestamptz, uuid), door.touch_reached(uuid[], text),
    door.forget_touches(integer), door.give_up_touches(uuid), door.list_outreach(uuid) TO app_worker;
RESET ROLE;

CREATE TRIGGER channel_stands BEFORE INSERT ON app.outreach_channel FOR EACH ROW EXECUTE FUNCTION door.channel_stands();
CREATE TRIGGER outreach_begins AFTER INSERT ON app.outreach_touch REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION door.outreach_begins();
CREATE TRIGGER outreach_sums AFTER UPDATE ON app.outreach_touch REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION door.outreach_sums();
CREATE TRIGGER outreach_known AFTER INSERT ON app.identity FOR EACH ROW WHEN (NEW.kind = 'official') EXECUTE FUNCTION door.name_known();
CREATE TRIGGER outreach_moves AFTER UPDATE OF person ON app.identity
    FOR EACH ROW WHEN (OLD.person <> NEW.person) EXECUTE FUNCTION door.touches_move();
"""


def upgrade() -> None:
    run(op, CHANNELS + SUMS + TOUCHES + STEPS_OF)
    wall(op, "outreach_channel", "outreach_day", "outreach_touch", "outreach_target")
