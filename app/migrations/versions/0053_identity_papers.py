"""Pictures of papers that show who somebody is go thirty days after the decision they were sent for (PIPL 19, 47)."""

from alembic import op

from app.migrations.sql import run

revision = "0053"
down_revision = "0052"

TABLES = """
-- By which moves it is decided, and by which one asks for another decision; reaching an end decides it too.
ALTER TABLE app.application_kind ADD COLUMN decides text[] NOT NULL DEFAULT '{}', ADD COLUMN reopens text[] NOT NULL DEFAULT '{}';
ALTER TABLE app.application_kind NO FORCE ROW LEVEL SECURITY;
UPDATE app.application_kind SET decides = '{GRANT,DENY,UPHOLD,OVERTURN}', reopens = '{OBJECT}' WHERE kind = 'LEGAL_AID';
ALTER TABLE app.application_kind FORCE ROW LEVEL SECURITY;
ALTER TABLE app.file ADD COLUMN identity boolean NOT NULL DEFAULT false; -- it shows who somebody is
GRANT UPDATE (identity) ON app.file TO app_api;
GRANT SELECT (after, at) ON app.application_step TO app_door;
GRANT SELECT (identity) ON app.file TO app_door;
INSERT INTO app.retention_policy (version, since, terms)
SELECT version + 1, app.clock(), terms || '{"identity": 2592000}' FROM app.retention_policy ORDER BY version DESC LIMIT 1;
"""

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- Whether those of an application are gone now: true; or a legal hold keeps them: false; NULL where there is nothing to do,
-- because it is not decided, was decided lately, or another decision was asked for. The time is the policy's.
CREATE FUNCTION door.forget_identity(asked uuid) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    past timestamptz := (SELECT app.clock() - make_interval(secs => (p.terms ->> 'identity')::double precision)
                         FROM app.retention_policy p WHERE p.since <= app.clock() ORDER BY p.version DESC LIMIT 1);
    held boolean;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('legal hold', 0));
    SELECT EXISTS (SELECT FROM app.legal_hold h WHERE h.lifted_at IS NULL AND h.subject IN (a.id, a.applicant)) INTO held
    FROM app.application a JOIN app.application_kind k ON k.kind = a.kind
    WHERE a.id = asked AND EXISTS (SELECT FROM app.file f WHERE f.subject = a.id AND f.identity AND f.state <> 'GONE')
      AND EXISTS (
        SELECT FROM app.application_step s
        WHERE s.application = a.id AND s.at <= past AND (s.move = ANY (k.decides) OR s.after = ANY (k.ends)) AND NOT EXISTS (
            SELECT FROM app.application_step o WHERE o.application = a.id AND o.seq > s.seq AND o.move = ANY (k.reopens)));
    IF NOT held THEN
        PERFORM door.tell('FileGone', jsonb_build_object('file', f.id), app.clock())
        FROM app.file f WHERE f.subject = asked AND f.identity AND f.state <> 'GONE';
        UPDATE app.file SET state = 'GONE', kek = NULL, key = '', owner = CASE WHEN from_owner THEN NULL ELSE owner END
        WHERE subject = asked AND identity AND state <> 'GONE';
    END IF;
    RETURN NOT held;
END $$;
GRANT EXECUTE ON FUNCTION door.forget_identity(uuid) TO app_worker;
RESET ROLE;
"""


def upgrade() -> None:
    run(op, TABLES + DOOR)
