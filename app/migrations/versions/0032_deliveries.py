"""What people were told reaches them where they are: one row for each notice and channel, leased and fenced."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0032"
down_revision = "0031"

TABLES = """
-- The worker tells fifty at once and climbs later: it learns whom a notice is for, and there is nothing of a case in one.
ALTER TABLE app.notice ADD acknowledged_at timestamptz;
GRANT UPDATE (acknowledged_at) ON app.notice TO app_api;
GRANT SELECT ON app.notice TO app_worker;
CREATE POLICY climb ON app.notice FOR SELECT TO app_worker USING (true);
-- Offers are told, and listed elsewhere.
DROP INDEX app.notice_page, app.notice_unread;
CREATE INDEX notice_page   ON app.notice (person, at DESC, id DESC) WHERE kind <> 'OFFERED';
CREATE INDEX notice_unread ON app.notice (person, at DESC, id DESC) WHERE kind <> 'OFFERED' AND read_at IS NULL;

ALTER TABLE app.identity DROP CONSTRAINT identity_kind_check,
    ADD CONSTRAINT identity_kind_check CHECK (kind IN ('wechat', 'official', 'union', 'sms', 'login'));
ALTER TABLE app.identity ADD bad_at timestamptz;      -- a channel found nobody there: not written to for a month

CREATE TABLE app.delivery (
    id          uuid PRIMARY KEY,
    person      uuid NOT NULL,
    notice      uuid,                                 -- null: a digest of several
    kind        text NOT NULL,
    template    text NOT NULL,
    channel     text NOT NULL CHECK (channel IN ('MINI_PROGRAM', 'OFFICIAL_ACCOUNT', 'SMS')),
    lane        smallint NOT NULL CHECK (lane BETWEEN 0 AND 2),
    state       text NOT NULL CHECK (state IN ('PENDING', 'SENDING', 'SENT', 'UNKNOWN', 'DEAD', 'DROPPED')),
    why         text,                                 -- why it is not sent, or not yet
    error       text,                                 -- the provider's last code
    attempts    integer NOT NULL,                     -- the fence: who marks it must have taken it last
    failures    smallint NOT NULL,                    -- of attempts in which surely nothing was sent, or asks without an answer
    next_push   timestamptz NOT NULL,                 -- when somebody must see to it; infinity once it is over
    due_at      timestamptz NOT NULL,                 -- when it was to go out at first
    until       timestamptz NOT NULL,                 -- afterwards it is too late to be of use
    made_at     timestamptz NOT NULL,
    pushed_at   timestamptz,                          -- handed to the provider
    done_at     timestamptz,
    provider_id text,
    digest      uuid,                                 -- the digest that tells this one as well
    retried_by  uuid REFERENCES app.person,
    retried_at  timestamptz,
    UNIQUE (notice, channel),
    CHECK ((next_push = 'infinity') = (state IN ('SENT', 'DEAD', 'DROPPED')) OR state = 'UNKNOWN'));
CREATE INDEX delivery_due      ON app.delivery (lane, channel, next_push) WHERE next_push < 'infinity';
CREATE INDEX delivery_sending  ON app.delivery (pushed_at) WHERE state = 'SENDING';
CREATE INDEX delivery_of       ON app.delivery (person, made_at DESC, id DESC);
CREATE INDEX delivery_page     ON app.delivery (made_at DESC, id DESC);
CREATE INDEX delivery_digested ON app.delivery (digest) WHERE digest IS NOT NULL;
CREATE UNIQUE INDEX delivery_one_digest ON app.delivery (person) WHERE notice IS NULL AND state = 'PENDING';
GRANT SELECT, UPDATE (state, why, next_push, done_at, until, failures, retried_by, retried_at) ON app.delivery TO app_api;
CREATE POLICY own ON app.delivery FOR SELECT TO app_api USING (person = app.person());
CREATE POLICY operate ON app.delivery FOR SELECT TO app_api USING (EXISTS (
    SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role IN ('SUPERVISOR', 'ADMIN') AND h.until > app.clock() OFFSET 0));
CREATE POLICY retry ON app.delivery FOR UPDATE TO app_api USING (state IN ('DEAD', 'UNKNOWN') AND EXISTS (
    SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role IN ('SUPERVISOR', 'ADMIN') AND h.until > app.clock() OFFSET 0))
    WITH CHECK (state = 'PENDING' AND retried_by = app.person());
GRANT SELECT, INSERT, UPDATE ON app.delivery TO app_worker;
CREATE POLICY deliver ON app.delivery TO app_worker USING (true);

CREATE TABLE app.channel (                            -- one row each; a provider that asks us to wait is not asked meanwhile
    name         text PRIMARY KEY CHECK (name IN ('MINI_PROGRAM', 'OFFICIAL_ACCOUNT', 'SMS')),
    closed_until timestamptz NOT NULL,
    closings     smallint NOT NULL,                   -- one after the other, without a message sent between
    error        text,                                -- the provider's last code, and when
    error_at     timestamptz,
    alarm_at     timestamptz);                        -- when it was last our own settings that were wrong
INSERT INTO app.channel VALUES
    ('MINI_PROGRAM', '-infinity', 0), ('OFFICIAL_ACCOUNT', '-infinity', 0), ('SMS', '-infinity', 0);
GRANT SELECT ON app.channel TO app_api;
CREATE POLICY operate ON app.channel FOR SELECT TO app_api USING (EXISTS (
    SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role IN ('SUPERVISOR', 'ADMIN') AND h.until > app.clock() OFFSET 0));
GRANT SELECT, UPDATE ON app.channel TO app_worker;
CREATE POLICY deliver ON app.channel TO app_worker USING (true);

CREATE TABLE app.message_consent (                    -- one consent is one message; a lasting one is as many as there are
    id        uuid PRIMARY KEY,
    person    uuid NOT NULL,
    channel   text NOT NULL CHECK (channel IN ('MINI_PROGRAM', 'OFFICIAL_ACCOUNT')),
    template  text NOT NULL,
    lasting   boolean NOT NULL,
    told_by   text NOT NULL CHECK (told_by IN ('CLIENT', 'WECHAT', 'BOTH')), -- the same tap is told by either
    at        timestamptz NOT NULL,
    delivery  uuid,                                   -- what it was spent on
    ended_at  timestamptz);                           -- taken back, or there was none after all
CREATE INDEX message_consent_left ON app.message_consent (person, channel, template, at) WHERE delivery IS NULL AND ended_at IS NULL;
CREATE INDEX message_consent_spent ON app.message_consent (delivery) WHERE delivery IS NOT NULL;
GRANT SELECT, INSERT, UPDATE (told_by, ended_at) ON app.message_consent TO app_api;
CREATE POLICY own ON app.message_consent TO app_api USING (person = app.person())
    WITH CHECK (person = app.person() AND delivery IS NULL AND told_by <> 'WECHAT');
GRANT SELECT, INSERT, UPDATE ON app.message_consent TO app_worker;
CREATE POLICY deliver ON app.message_consent TO app_worker USING (true);

CREATE TABLE app.notice_preference (                  -- no row: as the house proposes
    person      uuid PRIMARY KEY REFERENCES app.person,
    quiet_from  smallint CHECK (quiet_from BETWEEN 0 AND 1439),  -- minutes of the day, China Standard Time
    quiet_until smallint CHECK (quiet_until BETWEEN 0 AND 1439),
    refused     text[] NOT NULL CHECK (cardinality(refused) <= 200), -- KIND:CHANNEL
    at          timestamptz NOT NULL,
    CHECK ((quiet_from IS NULL) = (quiet_until IS NULL)));
GRANT SELECT, INSERT, UPDATE (quiet_from, quiet_until, refused, at) ON app.notice_preference TO app_api;
CREATE POLICY own ON app.notice_preference TO app_api USING (person = app.person());
GRANT SELECT ON app.notice_preference TO app_worker;
CREATE POLICY climb ON app.notice_preference FOR SELECT TO app_worker USING (true);

-- Half a year: whether somebody was told is asked for as long as who signed in.
INSERT INTO app.retention_policy (version, since, terms)
SELECT version + 1, app.clock(), terms || '{"delivery": 15552000}' FROM app.retention_policy ORDER BY version DESC LIMIT 1;
"""

DOOR = """
GRANT SELECT (kind, digest, sealed, bad_at), UPDATE (bad_at) ON app.identity TO app_door;
GRANT SELECT, UPDATE (person), DELETE ON app.delivery TO app_door;
CREATE POLICY door ON app.delivery TO app_door USING (true);
GRANT SELECT, UPDATE (person), DELETE ON app.message_consent TO app_door;
CREATE POLICY door ON app.message_consent TO app_door USING (true);
GRANT SELECT (person), UPDATE (person), DELETE ON app.notice_preference TO app_door;
CREATE POLICY door ON app.notice_preference TO app_door USING (true);

SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
-- By which channels somebody has an address at all: no address is told.
CREATE FUNCTION door.reach(people uuid[]) RETURNS TABLE (person uuid, channels text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT i.person, array_agg(CASE i.kind WHEN 'wechat' THEN 'MINI_PROGRAM' WHEN 'official' THEN 'OFFICIAL_ACCOUNT' ELSE 'SMS' END)
    FROM app.identity i
    WHERE i.person = ANY (people) AND i.kind IN ('wechat', 'official', 'sms')
      AND (i.bad_at IS NULL OR i.bad_at < app.clock() - interval '30 days')
    GROUP BY i.person;
END;
-- The sealed address of one delivery, for whoever holds its lease and nobody else.
CREATE FUNCTION door.address(delivery uuid, attempt integer) RETURNS TABLE (kind text, digest bytea, sealed bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT i.kind, i.digest, i.sealed
    FROM app.delivery d JOIN app.identity i ON i.person = d.person AND i.kind =
        CASE d.channel WHEN 'MINI_PROGRAM' THEN 'wechat' WHEN 'OFFICIAL_ACCOUNT' THEN 'official' ELSE 'sms' END
    WHERE d.id = delivery AND d.attempts = attempt AND d.state IN ('SENDING', 'UNKNOWN') AND d.next_push > app.clock();
END;
CREATE FUNCTION door.bad_address(delivery uuid, attempt integer) RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    UPDATE app.identity i SET bad_at = app.clock() FROM app.delivery d
    WHERE d.id = delivery AND d.attempts = attempt AND i.person = d.person AND i.kind =
        CASE d.channel WHEN 'MINI_PROGRAM' THEN 'wechat' WHEN 'OFFICIAL_ACCOUNT' THEN 'official' ELSE 'sms' END;
END;
CREATE OR REPLACE FUNCTION door.give_up_notices(whose uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM app.closing c WHERE c.person = whose) THEN RETURN; END IF;
    DELETE FROM app.delivery WHERE person = whose;
    DELETE FROM app.message_consent WHERE person = whose;
    DELETE FROM app.notice_preference WHERE person = whose;
    DELETE FROM app.notice WHERE person = whose;
    DELETE FROM app.feed WHERE person = whose;
END $$;
CREATE OR REPLACE FUNCTION door.list_notices(asked uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    whose uuid := door.begin_list(asked, 'notices');
BEGIN
    IF whose IS NULL THEN RETURN; END IF;
    INSERT INTO app.export_part (export, kind, person, ids)
    SELECT asked, k.kind, whose, array_agg(k.id ORDER BY k.at, k.id) FROM (
        SELECT 'notice' AS kind, n.id, n.at FROM app.notice n WHERE n.person = whose
        UNION ALL SELECT 'delivery', d.id, d.made_at FROM app.delivery d WHERE d.person = whose
        UNION ALL SELECT 'messageConsent', m.id, m.at FROM app.message_consent m WHERE m.person = whose
        UNION ALL SELECT 'noticePreference', p.person, NULL FROM app.notice_preference p WHERE p.person = whose) AS k
    GROUP BY k.kind;
    PERFORM door.end_list(asked);
END $$;
-- At most so many of what the policy no longer keeps; how many there were. What still waits is not old.
CREATE FUNCTION door.forget_deliveries(most integer) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    past timestamptz := (SELECT app.clock() - make_interval(secs => (p.terms ->> 'delivery')::double precision)
                         FROM app.retention_policy p WHERE p.since <= app.clock() ORDER BY p.version DESC LIMIT 1);
    gone uuid[] := ARRAY(SELECT d.id FROM app.delivery d WHERE d.made_at < past AND d.next_push = 'infinity' ORDER BY d.made_at LIMIT most);
BEGIN
    DELETE FROM app.message_consent WHERE delivery = ANY (gone);
    DELETE FROM app.delivery WHERE id = ANY (gone);
    RETURN cardinality(gone);
END $$;
CREATE FUNCTION door.notices_move() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    -- Of two digests that wait, hers stays where it is: there is nobody left behind that name.
    UPDATE app.delivery d SET person = NEW.person WHERE d.person = OLD.person AND NOT (
        d.notice IS NULL AND d.state = 'PENDING' AND EXISTS (
            SELECT FROM app.delivery x WHERE x.person = NEW.person AND x.notice IS NULL AND x.state = 'PENDING'));
    UPDATE app.message_consent SET person = NEW.person WHERE person = OLD.person;
    UPDATE app.notice_preference SET person = NEW.person WHERE person = OLD.person
        AND NOT EXISTS (SELECT FROM app.notice_preference x WHERE x.person = NEW.person);
    RETURN NULL;
END $$;
GRANT EXECUTE ON FUNCTION door.reach(uuid[]), door.address(uuid, integer), door.bad_address(uuid, integer),
    door.forget_deliveries(integer), door.spend_sms() TO app_worker;
GRANT EXECUTE ON FUNCTION door.reach(uuid[]) TO app_api;
GRANT EXECUTE ON FUNCTION door.notices_move() TO app_owner;
RESET ROLE;
CREATE TRIGGER notices_move AFTER UPDATE OF person ON app.identity
    FOR EACH ROW WHEN (OLD.person <> NEW.person) EXECUTE FUNCTION door.notices_move();
"""


def upgrade() -> None:
    run(op, TABLES + DOOR)
    wall(op, "delivery", "channel", "message_consent", "notice_preference")
