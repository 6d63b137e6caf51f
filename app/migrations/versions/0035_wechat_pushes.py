"""What WeChat pushes to us is taken once; who follows the official account is known by the unionid; codes and notices share
the hour's text messages."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0035"
down_revision = "0034"

PUSHES = """
CREATE TABLE app.wechat_nonce (                       -- a signature is good once
    digest bytea PRIMARY KEY,                         -- keyed, of account, time and nonce
    body   bytea NOT NULL,                            -- keyed digest of what it came with
    at     timestamptz NOT NULL);
CREATE INDEX wechat_nonce_at ON app.wechat_nonce (at);

CREATE TABLE app.wechat_push (                        -- events alone: what people write to the account is answered and not kept
    id          uuid PRIMARY KEY,
    account     text NOT NULL CHECK (account IN ('MINI_PROGRAM', 'OFFICIAL_ACCOUNT')),
    kind        text NOT NULL CHECK (length(kind) <= 64),
    once        bytea NOT NULL UNIQUE,                -- keyed digest of what is the same in every copy
    openid      bytea NOT NULL,                       -- the digest by which app.identity has it
    sealed      bytea NOT NULL,
    scene       text CHECK (length(scene) <= 64),     -- of the code she came by
    said        jsonb NOT NULL,                       -- an opinion on a picture, a report on a message: nothing of a person
    created_at  timestamptz NOT NULL,                 -- by WeChat
    received_at timestamptz NOT NULL);
CREATE INDEX wechat_push_received ON app.wechat_push (received_at);

CREATE TABLE app.follower (                           -- of the official account, today
    openid  bytea PRIMARY KEY,
    sealed  bytea NOT NULL,
    unioned bytea,                                    -- the digest of her unionid, as app.identity has it
    since   timestamptz NOT NULL);
CREATE INDEX follower_unioned ON app.follower (unioned);

GRANT SELECT, INSERT, UPDATE (at), DELETE ON app.wechat_nonce TO app_door;
GRANT SELECT, INSERT, DELETE ON app.wechat_push TO app_door;
GRANT SELECT, INSERT, UPDATE, DELETE ON app.follower TO app_door;
GRANT SELECT, INSERT, UPDATE (person) ON app.identity TO app_door;
CREATE POLICY door ON app.wechat_nonce TO app_door USING (true);
CREATE POLICY door ON app.wechat_push TO app_door USING (true);
CREATE POLICY door ON app.follower TO app_door USING (true);

-- Which codes somebody came by: three months, for those who count what an outreach brought.
INSERT INTO app.retention_policy (version, since, terms)
SELECT version + 1, app.clock(), terms || '{"push": 7776000}' FROM app.retention_policy ORDER BY version DESC LIMIT 1;
"""

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- NEW once; AGAIN for a copy that WeChat sends because it got no answer; REPLAYED for whatever else comes under a signature
-- that was used. An event is kept, a message (no `push`) is not. `person`: whose openid it is, if anybody's.
CREATE FUNCTION door.take_push(shown bytea, body bytea, push uuid, account text, kind text, once bytea, openid bytea, sealed bytea,
                               scene text, said jsonb, created timestamptz, OUT verdict text, OUT person uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    DELETE FROM app.wechat_nonce WHERE digest IN (
        SELECT o.digest FROM app.wechat_nonce o WHERE o.at < app.clock() - interval '15 minutes' ORDER BY o.at LIMIT 4
        FOR UPDATE SKIP LOCKED);
    INSERT INTO app.wechat_nonce AS n (digest, body, at) VALUES (shown, take_push.body, app.clock()) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        SELECT CASE WHEN n.body = take_push.body AND n.at > app.clock() - interval '30 seconds' THEN 'AGAIN' ELSE 'REPLAYED' END
        INTO verdict FROM app.wechat_nonce n WHERE n.digest = shown;
        RETURN;
    END IF;
    verdict := 'NEW';
    IF push IS NULL THEN RETURN; END IF;
    INSERT INTO app.wechat_push (id, account, kind, once, openid, sealed, scene, said, created_at, received_at)
    VALUES (push, take_push.account, take_push.kind, take_push.once, take_push.openid, take_push.sealed, take_push.scene,
            take_push.said, created, app.clock())
    ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN verdict := 'AGAIN'; RETURN; END IF;
    SELECT i.person INTO person FROM app.identity i
    WHERE i.kind = CASE take_push.account WHEN 'MINI_PROGRAM' THEN 'wechat' ELSE 'official' END AND i.digest = take_push.openid;
END $$;

CREATE FUNCTION door.push_of(push uuid, OUT kind text, OUT openid bytea, OUT sealed bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT p.kind, p.openid, p.sealed FROM app.wechat_push p WHERE p.id = push;
END;

-- Her openid of the official account becomes one of the names of whoever has the same unionid: when she follows, or when
-- she signs in with the mini-program, whichever is later. Both wait for each other.
CREATE FUNCTION door.bind_follower(wanted bytea) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    bound uuid;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(encode(wanted, 'hex'), 0));
    INSERT INTO app.identity (kind, digest, person, sealed, since)
    SELECT 'official', f.openid, i.person, f.sealed, app.clock()
    FROM app.follower f JOIN app.identity i ON i.kind = 'union' AND i.digest = f.unioned WHERE f.unioned = wanted
    ON CONFLICT DO NOTHING RETURNING person INTO bound;
    RETURN bound;
END $$;
CREATE FUNCTION door.bind_followed(whose uuid) RETURNS uuid LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT door.bind_follower(i.digest) FROM app.identity i WHERE i.kind = 'union' AND i.person = whose;
END;
CREATE FUNCTION door.follow(push uuid, unioned bytea) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO app.follower AS f (openid, sealed, unioned, since)
    SELECT p.openid, p.sealed, follow.unioned, p.created_at FROM app.wechat_push p
    WHERE p.id = push AND p.account = 'OFFICIAL_ACCOUNT' AND p.kind IN ('subscribe', 'scan')
    ON CONFLICT (openid) DO UPDATE
    SET unioned = coalesce(excluded.unioned, f.unioned), since = greatest(f.since, excluded.since);
    IF unioned IS NULL THEN RETURN NULL; END IF;
    RETURN door.bind_follower(unioned);
END $$;
-- Unless she has come back since.
CREATE FUNCTION door.unfollow(push uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    gone bytea;
BEGIN
    DELETE FROM app.follower f USING app.wechat_push p
    WHERE p.id = push AND p.account = 'OFFICIAL_ACCOUNT' AND p.kind = 'unsubscribe' AND f.openid = p.openid AND f.since <= p.created_at
    RETURNING f.openid INTO gone;
    DELETE FROM app.identity WHERE kind = 'official' AND digest = gone;
END $$;

-- The names that WeChat gives one person stay together when two accounts become one, and what we know of a follower ends
-- with the name.
CREATE FUNCTION door.names_move() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.identity i SET person = NEW.person WHERE i.person = OLD.person AND i.kind IN ('union', 'official')
        AND NOT EXISTS (SELECT FROM app.identity x WHERE x.person = NEW.person AND x.kind = i.kind);
    RETURN NULL;
END $$;
CREATE FUNCTION door.name_goes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    DELETE FROM app.follower WHERE openid = OLD.digest;
    RETURN NULL;
END $$;

CREATE FUNCTION door.forget_pushes(most integer) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    past timestamptz := (SELECT app.clock() - make_interval(secs => (p.terms ->> 'push')::double precision)
                         FROM app.retention_policy p WHERE p.since <= app.clock() ORDER BY p.version DESC LIMIT 1);
    n bigint;
BEGIN
    DELETE FROM app.wechat_push WHERE id IN (
        SELECT p.id FROM app.wechat_push p WHERE p.received_at < past ORDER BY p.received_at LIMIT most);
    GET DIAGNOSTICS n = ROW_COUNT;
    RETURN n;
END $$;

-- Notices leave some of the hour's messages (`spare`) to those who wait for a code. Null when there is none left for them.
DROP FUNCTION door.spend_sms();
CREATE FUNCTION door.spend_sms(spare integer DEFAULT 0) RETURNS boolean LANGUAGE sql SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    UPDATE app.sms_budget AS b
       SET hour = greatest(b.hour, date_trunc('hour', app.clock())),
           codes = CASE WHEN b.hour < date_trunc('hour', app.clock()) THEN 1 ELSE b.codes + 1 END
     WHERE b.most - spare > CASE WHEN b.hour < date_trunc('hour', app.clock()) THEN 0 ELSE b.codes END
    RETURNING true;
END;
CREATE FUNCTION door.sms_spent(OUT spent integer, OUT most integer) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT CASE WHEN b.hour < date_trunc('hour', app.clock()) THEN 0 ELSE b.codes END, b.most FROM app.sms_budget b;
END;

GRANT EXECUTE ON FUNCTION door.take_push(bytea, bytea, uuid, text, text, bytea, bytea, bytea, text, jsonb, timestamptz) TO app_api;
GRANT EXECUTE ON FUNCTION door.push_of(uuid), door.follow(uuid, bytea), door.unfollow(uuid), door.bind_followed(uuid),
    door.forget_pushes(integer) TO app_worker;
GRANT EXECUTE ON FUNCTION door.spend_sms(integer), door.sms_spent() TO app_api, app_worker;
GRANT EXECUTE ON FUNCTION door.names_move(), door.name_goes() TO app_owner; -- to make the triggers
RESET ROLE;

CREATE TRIGGER names_move AFTER UPDATE OF person ON app.identity
    FOR EACH ROW WHEN (NEW.kind = 'wechat' AND OLD.person <> NEW.person) EXECUTE FUNCTION door.names_move();
CREATE TRIGGER name_goes AFTER DELETE ON app.identity
    FOR EACH ROW WHEN (OLD.kind = 'official') EXECUTE FUNCTION door.name_goes();
"""


def upgrade() -> None:
    run(op, PUSHES + DOOR)
    wall(op, "wechat_nonce", "wechat_push", "follower")
