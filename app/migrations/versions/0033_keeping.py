"""Two identities become one person who agreed to what either agreed to; what is of no use any more is forgotten."""

from alembic import op

from app.migrations.sql import run

revision = "0033"
down_revision = "0032"

TABLES = """
GRANT SELECT, INSERT ON app.consent TO app_door;
CREATE POLICY door ON app.consent TO app_door USING (true);
GRANT SELECT, INSERT ON app.age_said TO app_door;
GRANT UPDATE (minor, guardian) ON app.guardianship TO app_door;

-- Seconds, from when it was tried last, lapsed, or was of no use any more.
INSERT INTO app.retention_policy (version, since, terms)
SELECT version + 1, app.clock(), terms || '{"sign_in_try": 2592000, "invitation": 15552000, "file": 2592000, "export": 2592000}'
FROM app.retention_policy ORDER BY version DESC LIMIT 1;
CREATE INDEX sign_in_try_last  ON app.sign_in_try (last_at);
CREATE INDEX invitation_lapsed ON app.invitation (expires_at);
CREATE INDEX file_over         ON app.file ((coalesce(attached_at, keep_until))) WHERE state IN ('REFUSED', 'GONE');
CREATE INDEX export_until      ON app.export (until);
GRANT SELECT (digest, last_at), DELETE ON app.sign_in_try TO app_door;
CREATE POLICY door ON app.sign_in_try TO app_door USING (true);
GRANT SELECT (id), DELETE ON app.invitation TO app_door;
GRANT SELECT (attached_at, keep_until), DELETE ON app.file TO app_door;
"""

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

CREATE FUNCTION door.consents_move() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    -- To each notice what either of them said last, be it yes or no.
    INSERT INTO app.consent (person, purpose, turn, version, given, channel, at)
    SELECT NEW.person, o.purpose, coalesce(n.turn, 0) + 1, o.version, o.given, o.channel, o.at
    FROM (SELECT DISTINCT ON (c.purpose) c.* FROM app.consent c WHERE c.person = OLD.person ORDER BY c.purpose, c.turn DESC) o
    LEFT JOIN (SELECT DISTINCT ON (c.purpose) c.* FROM app.consent c WHERE c.person = NEW.person ORDER BY c.purpose, c.turn DESC) n
        ON n.purpose = o.purpose
    WHERE n.turn IS NULL OR n.at < o.at;
    -- The younger is believed.
    INSERT INTO app.age_said (person, turn, band, at)
    SELECT NEW.person, coalesce(n.turn, 0) + 1, o.band, o.at
    FROM (SELECT s.* FROM app.age_said s WHERE s.person = OLD.person ORDER BY s.turn DESC LIMIT 1) o
    LEFT JOIN (SELECT s.* FROM app.age_said s WHERE s.person = NEW.person ORDER BY s.turn DESC LIMIT 1) n ON true
    WHERE n.turn IS NULL
       OR array_position(ARRAY['UNDER_14', 'FROM_14_TO_17', 'ADULT'], o.band) < array_position(ARRAY['UNDER_14', 'FROM_14_TO_17', 'ADULT'], n.band);
    -- Nobody is her own guardian, and of two consents of the same one is enough.
    UPDATE app.guardianship g SET ended_at = app.clock(), ended_by = CASE WHEN g.minor = OLD.person THEN 'MINOR' ELSE 'GUARDIAN' END
    WHERE g.ended_at IS NULL AND (
        (g.minor = OLD.person AND (g.guardian = NEW.person OR EXISTS (
            SELECT FROM app.guardianship x WHERE x.minor = NEW.person AND x.guardian = g.guardian AND x.ended_at IS NULL)))
        OR (g.guardian = OLD.person AND (g.minor = NEW.person OR EXISTS (
            SELECT FROM app.guardianship x WHERE x.guardian = NEW.person AND x.minor = g.minor AND x.ended_at IS NULL))));
    UPDATE app.guardianship SET minor    = NEW.person WHERE minor    = OLD.person AND guardian <> NEW.person;
    UPDATE app.guardianship SET guardian = NEW.person WHERE guardian = OLD.person AND minor    <> NEW.person;
    RETURN NULL;
END $$;
GRANT EXECUTE ON FUNCTION door.consents_move() TO app_owner; -- to make the trigger

-- As it was, and tries of passwords, invitations, files that nobody can have any more, and copies that are over.
CREATE OR REPLACE FUNCTION door.forget(what text, most integer) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    past timestamptz := (SELECT app.clock() - make_interval(secs => (p.terms ->> what)::double precision)
                         FROM app.retention_policy p WHERE p.since <= app.clock() ORDER BY p.version DESC LIMIT 1);
    gone uuid[];
    n bigint := 0;
BEGIN
    IF past IS NULL THEN RETURN 0; END IF;
    CASE what
    WHEN 'outbox' THEN
        DELETE FROM app.outbox WHERE id IN (SELECT o.id FROM app.outbox o WHERE o.done_at < past ORDER BY o.done_at LIMIT most);
    WHEN 'idempotency' THEN
        DELETE FROM app.idempotency WHERE (actor, key) IN (
            SELECT i.actor, i.key FROM app.idempotency i WHERE i.at < past ORDER BY i.at LIMIT most);
    WHEN 'feed' THEN
        DELETE FROM app.feed WHERE (xid, id) IN (
            SELECT f.xid, f.id FROM app.feed f WHERE f.person IS NOT NULL AND f.at < past ORDER BY f.at LIMIT most);
    WHEN 'notice' THEN
        DELETE FROM app.notice WHERE id IN (SELECT t.id FROM app.notice t WHERE t.at < past LIMIT most);
    WHEN 'sms_code' THEN
        DELETE FROM app.sms_code WHERE id IN (SELECT c.id FROM app.sms_code c WHERE c.sent_at < past ORDER BY c.sent_at LIMIT most);
    WHEN 'refresh_token' THEN
        DELETE FROM app.refresh_token WHERE digest IN (
            SELECT t.digest FROM app.refresh_token t WHERE t.expires_at < past ORDER BY t.expires_at LIMIT most);
    WHEN 'sign_in' THEN                               -- over for so long, or not seen for so long
        gone := ARRAY(SELECT s.id FROM app.sign_in s WHERE s.seen_at < past AND coalesce(s.ended_at, s.seen_at) < past
                      ORDER BY s.seen_at LIMIT most);
        DELETE FROM app.refresh_token WHERE sign_in = ANY (gone);
        DELETE FROM app.sign_in WHERE id = ANY (gone);
    WHEN 'draft' THEN                                 -- wiped when it was sent, discarded or left alone
        gone := ARRAY(SELECT d.id FROM app.draft d WHERE d.wiped_at < past ORDER BY d.wiped_at LIMIT most);
        DELETE FROM app.key WHERE subject = ANY (gone);
        DELETE FROM app.reader WHERE subject = ANY (gone);
        DELETE FROM app.draft WHERE id = ANY (gone);
    WHEN 'erasure' THEN                               -- the last that told whose it was
        DELETE FROM app.reader WHERE subject IN (
            SELECT e.id FROM app.erasure e JOIN app.reader r ON r.subject = e.id WHERE e.backups_until < past LIMIT most);
    WHEN 'sign_in_try' THEN
        DELETE FROM app.sign_in_try WHERE digest IN (
            SELECT t.digest FROM app.sign_in_try t WHERE t.last_at < past ORDER BY t.last_at LIMIT most);
    WHEN 'invitation' THEN                            -- what came of it is a decision about a person, and stays
        DELETE FROM app.invitation WHERE id IN (
            SELECT i.id FROM app.invitation i WHERE i.expires_at < past ORDER BY i.expires_at LIMIT most);
    WHEN 'file' THEN                                  -- its key is destroyed, and what was stored of it
        DELETE FROM app.file WHERE id IN (
            SELECT f.id FROM app.file f WHERE f.state IN ('REFUSED', 'GONE') AND coalesce(f.attached_at, f.keep_until) < past
            ORDER BY coalesce(f.attached_at, f.keep_until) LIMIT most);
    WHEN 'export' THEN
        gone := ARRAY(SELECT e.id FROM app.export e WHERE e.until < past ORDER BY e.until LIMIT most);
        DELETE FROM app.export_part WHERE export = ANY (gone);
        DELETE FROM app.export WHERE id = ANY (gone);
    ELSE RETURN 0;
    END CASE;
    GET DIAGNOSTICS n = ROW_COUNT;
    RETURN n;
END $$;
RESET ROLE;
CREATE TRIGGER consents_move AFTER UPDATE OF person ON app.identity
    FOR EACH ROW WHEN (OLD.person <> NEW.person) EXECUTE FUNCTION door.consents_move();
"""


def upgrade() -> None:
    run(op, TABLES + DOOR)
