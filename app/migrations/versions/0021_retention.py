"""What is kept no longer than the policy says is forgotten, a little at a time, every night."""

from alembic import op

from app.migrations.sql import run

revision = "0021"
down_revision = "0020"

TABLES = """
-- Seconds. What was done is told for a month; a key of a repeated request a week; news and notices 400 days; who signed in
-- half a year (网络安全法: logs). An erasure's own link ends by itself: nothing is added to it.
INSERT INTO app.retention_policy (version, since, terms)
SELECT 2, app.clock(), terms || '{
    "outbox": 2592000, "idempotency": 604800, "feed": 34560000, "notice": 34560000,
    "sms_code": 2592000, "refresh_token": 2592000, "sign_in": 15552000, "draft": 2592000, "erasure": 0}'
FROM app.retention_policy WHERE version = 1;

CREATE INDEX outbox_done     ON app.outbox (done_at) WHERE done_at IS NOT NULL;
CREATE INDEX idempotency_at  ON app.idempotency (at);
CREATE INDEX feed_at         ON app.feed (at) WHERE person IS NOT NULL;
CREATE INDEX notice_at       ON app.notice USING brin (at); -- a b-tree would tempt the planner away from a person's own page
CREATE INDEX sms_code_sent   ON app.sms_code (sent_at);
CREATE INDEX refresh_expires ON app.refresh_token (expires_at);
CREATE INDEX refresh_sign_in ON app.refresh_token (sign_in);
CREATE INDEX sign_in_seen    ON app.sign_in (seen_at);
CREATE INDEX draft_wiped     ON app.draft (wiped_at) WHERE wiped_at IS NOT NULL;
CREATE INDEX question_ended  ON app.question (status, (coalesce(status_at, asked_at))) WHERE status NOT IN ('OPEN', 'RESOLVED', 'ERASED');
"""

DOOR = """
GRANT SELECT (id), DELETE ON app.outbox TO app_door;
GRANT SELECT (actor, key, at), DELETE ON app.idempotency TO app_door;
GRANT SELECT (xid, id, person, at), DELETE ON app.feed TO app_door;
GRANT SELECT (id, at) ON app.notice TO app_door;
GRANT SELECT (id, sent_at), DELETE ON app.sms_code TO app_door;
GRANT SELECT (digest, sign_in, expires_at), DELETE ON app.refresh_token TO app_door;
GRANT SELECT (id, seen_at, ended_at), DELETE ON app.sign_in TO app_door;
GRANT SELECT (id, wiped_at), DELETE ON app.draft TO app_door;
GRANT SELECT (id, backups_until) ON app.erasure TO app_door;
CREATE POLICY forget ON app.outbox        FOR DELETE TO app_door USING (done_at IS NOT NULL);
CREATE POLICY door   ON app.idempotency   TO app_door USING (true);
CREATE POLICY door   ON app.feed          TO app_door USING (person IS NOT NULL);
CREATE POLICY door   ON app.sms_code      TO app_door USING (true);
CREATE POLICY door   ON app.refresh_token TO app_door USING (true);

SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- At most so many of what the policy no longer keeps; how many there were. The time is the policy's and never the
-- caller's, and what the policy does not name stays. The logs of questions stay too: the public record stands on them.
CREATE FUNCTION door.forget(what text, most integer) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
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
    ELSE RETURN 0;
    END CASE;
    GET DIAGNOSTICS n = ROW_COUNT;
    RETURN n;
END $$;
GRANT EXECUTE ON FUNCTION door.forget(text, integer) TO app_worker;
RESET ROLE;
"""


def upgrade() -> None:
    run(op, TABLES + DOOR)
