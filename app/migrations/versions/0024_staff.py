"""The staff's own way in: an invitation, a password with a second factor, and how often both were tried in vain."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0024"
down_revision = "0023"

STAFF = """
ALTER TABLE app.identity DROP CONSTRAINT identity_kind_check,
    ADD CONSTRAINT identity_kind_check CHECK (kind IN ('wechat', 'sms', 'login'));
ALTER TABLE app.sign_in ADD COLUMN strong boolean NOT NULL DEFAULT false;  -- a second factor was shown: only so it carries offices

CREATE TABLE app.credential (
    person       uuid PRIMARY KEY REFERENCES app.person,
    handle       bytea NOT NULL UNIQUE,               -- keyed digest of the person's id: shows the row to whoever compares a password
    password     text NOT NULL,                       -- argon2id, in the PHC string format
    totp         bytea NOT NULL,                      -- sealed; empty once an administrator has reset it
    confirmed_at timestamptz,                         -- when its first code was shown: before, nobody signs in with it
    step         bigint NOT NULL,                     -- of the newest code that was used: none before it counts
    recovery     bytea[] NOT NULL,                    -- HMACs of codes that are left
    changed_at   timestamptz NOT NULL);
GRANT SELECT, INSERT, UPDATE (password, totp, confirmed_at, step, recovery, changed_at) ON app.credential TO app_api;
CREATE POLICY presented ON app.credential FOR SELECT TO app_api
    USING (CASE WHEN person = app.person() THEN true ELSE handle = ANY (app.presented()) END);
CREATE POLICY add ON app.credential FOR INSERT TO app_api WITH CHECK (person = app.person());
CREATE POLICY change ON app.credential FOR UPDATE TO app_api USING (person = app.person());
GRANT SELECT, INSERT, UPDATE ON app.credential TO app_owner;
CREATE POLICY owner ON app.credential TO app_owner USING (true);

CREATE TABLE app.invitation (
    id          uuid PRIMARY KEY,                     -- and that of the move which it becomes
    phone       bytea NOT NULL,
    code        bytea NOT NULL,                       -- HMAC
    said        bytea NOT NULL,                       -- sealed: to whom
    roles       text[] NOT NULL,
    reason      bytea NOT NULL,                       -- sealed, as the move's
    actor       uuid NOT NULL REFERENCES app.person,
    made_at     timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    tries       smallint NOT NULL DEFAULT 0,
    accepted_at timestamptz);
CREATE INDEX invitation_phone ON app.invitation (phone, made_at DESC);
CREATE INDEX invitation_actor ON app.invitation (actor) WHERE accepted_at IS NULL;
GRANT SELECT, INSERT, UPDATE (tries, expires_at, accepted_at) ON app.invitation TO app_api;
CREATE POLICY read ON app.invitation FOR SELECT TO app_api
    USING (CASE WHEN actor = app.person() THEN true ELSE phone = ANY (app.presented()) END);
CREATE POLICY make ON app.invitation FOR INSERT TO app_api WITH CHECK (actor = app.person() AND made_at = app.clock() AND accepted_at IS NULL
    AND EXISTS (SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role = 'ADMIN' AND h.until > app.clock() OFFSET 0));
CREATE POLICY answer ON app.invitation FOR UPDATE TO app_api USING (accepted_at IS NULL AND phone = ANY (app.presented()))
    WITH CHECK (phone = ANY (app.presented()));
GRANT SELECT (actor, accepted_at, expires_at), UPDATE (expires_at) ON app.invitation TO app_door;
CREATE POLICY door ON app.invitation TO app_door USING (true);

CREATE TABLE app.sign_in_try (                        -- passwords tried in vain, by whose they were and by network
    digest  bytea PRIMARY KEY,
    tries   integer NOT NULL,
    last_at timestamptz NOT NULL);
GRANT SELECT, INSERT, UPDATE (tries, last_at) ON app.sign_in_try TO app_api;
CREATE POLICY presented ON app.sign_in_try TO app_api USING (digest = ANY (app.presented()));

ALTER TABLE app.person_move DROP CONSTRAINT person_move_kind_check,
    ADD CONSTRAINT person_move_kind_check CHECK (kind IN ('ROLES', 'SUSPENDED', 'REINSTATED', 'TOTP_RESET'));
GRANT INSERT ON app.person_move TO app_door;
-- An invitation is its inviter's decision, as long as she may decide.
CREATE POLICY invited ON app.person_move FOR INSERT TO app_door WITH CHECK (person <> actor AND EXISTS (
    SELECT FROM app.role_held h WHERE h.person = actor AND h.role = 'ADMIN' AND h.until > app.clock() OFFSET 0));
GRANT SELECT (person), UPDATE (totp, confirmed_at, recovery) ON app.credential TO app_door;
CREATE POLICY door ON app.credential TO app_door USING (true);
"""

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
-- Who accepts holds what she held, and what she was invited to.
CREATE FUNCTION door.invitation_accepted() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO app.person_move (id, person, actor, kind, roles, reason, at)
    SELECT NEW.id, app.person(), NEW.actor, 'ROLES', ARRAY(
        SELECT unnest(NEW.roles) UNION
        SELECT h.role FROM app.role_held h WHERE h.person = app.person() AND h.role <> 'LAWYER' AND h.until = 'infinity' ORDER BY 1),
        NEW.reason, app.clock();
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION door.person_moves() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    ended bigint := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('offices', 0));
    IF NEW.kind = 'ROLES' THEN
        UPDATE app.role_held SET until = NEW.at
        WHERE person = NEW.person AND role <> 'LAWYER' AND role <> ALL (NEW.roles) AND until = 'infinity';
        GET DIAGNOSTICS ended = ROW_COUNT;
        INSERT INTO app.role_held (person, role, since) SELECT NEW.person, role, NEW.at FROM unnest(NEW.roles) AS role
        ON CONFLICT (person, role) DO UPDATE SET since = excluded.since, until = 'infinity' WHERE role_held.until <> 'infinity';
    ELSIF NEW.kind = 'SUSPENDED' THEN
        UPDATE app.person SET standing = 'SUSPENDED' WHERE id = NEW.person;
        UPDATE app.lawyer SET standing = 'SUSPENDED' WHERE id = NEW.person AND standing = 'ACTIVE';
        UPDATE app.role_held SET until = NEW.at WHERE person = NEW.person AND until = 'infinity';
        ended := 1;
    ELSIF NEW.kind = 'TOTP_RESET' THEN
        UPDATE app.credential SET totp = '', confirmed_at = NULL, recovery = '{}' WHERE person = NEW.person;
        ended := 1;
    ELSE
        UPDATE app.person SET standing = 'ACTIVE' WHERE id = NEW.person;
        UPDATE app.lawyer SET standing = 'ACTIVE' WHERE id = NEW.person AND standing = 'SUSPENDED';
        UPDATE app.role_held SET until = 'infinity' WHERE person = NEW.person AND until = (
            SELECT max(m.at) FROM app.person_move m WHERE m.person = NEW.person AND m.kind = 'SUSPENDED');
    END IF;
    IF ended > 0 THEN
        UPDATE app.sign_in SET ended_at = NEW.at, ended_why = CASE NEW.kind WHEN 'ROLES' THEN 'ROLES_CHANGED' ELSE NEW.kind END
        WHERE person = NEW.person AND ended_at IS NULL;
        UPDATE app.invitation SET expires_at = NEW.at WHERE actor = NEW.person AND accepted_at IS NULL AND expires_at > NEW.at;
    END IF;
    RETURN NULL;
END $$;
GRANT EXECUTE ON FUNCTION door.invitation_accepted() TO app_owner;
RESET ROLE;
CREATE TRIGGER invitation_accepted AFTER UPDATE OF accepted_at ON app.invitation FOR EACH ROW
    WHEN (OLD.accepted_at IS NULL AND NEW.accepted_at IS NOT NULL) EXECUTE FUNCTION door.invitation_accepted();
"""


def upgrade() -> None:
    run(op, STAFF + DOOR)
    wall(op, "credential", "invitation", "sign_in_try")
