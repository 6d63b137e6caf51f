"""People, what they are known by, what they may be, and their signed-in devices."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0002"
down_revision = "0001"

PEOPLE = """
CREATE TABLE app.person (
    id         uuid PRIMARY KEY,
    standing   text NOT NULL DEFAULT 'ACTIVE' CHECK (standing IN ('ACTIVE', 'SUSPENDED')),
    created_at timestamptz NOT NULL);
GRANT SELECT, INSERT ON app.person TO app_api;
CREATE POLICY own   ON app.person TO app_api   USING (id = app.person());
CREATE POLICY owner ON app.person TO app_owner USING (true);

CREATE TABLE app.role_held (
    person uuid NOT NULL REFERENCES app.person,
    role   text NOT NULL,
    since  timestamptz NOT NULL,
    PRIMARY KEY (person, role));
GRANT SELECT ON app.role_held TO app_api;
CREATE POLICY own   ON app.role_held FOR SELECT TO app_api USING (person = app.person());
CREATE POLICY owner ON app.role_held TO app_owner USING (true);

-- An openid or a telephone: found by keyed digest by whoever presents it, kept sealed for messages.
CREATE TABLE app.identity (
    kind   text NOT NULL CHECK (kind IN ('wechat', 'sms')),
    digest bytea NOT NULL,
    person uuid NOT NULL REFERENCES app.person,
    sealed bytea NOT NULL,
    since  timestamptz NOT NULL,
    PRIMARY KEY (kind, digest),
    UNIQUE (person, kind));
GRANT SELECT, INSERT, UPDATE (person) ON app.identity TO app_api;
CREATE POLICY presented ON app.identity FOR SELECT TO app_api
    USING (CASE WHEN person = app.person() THEN true ELSE digest = ANY (app.presented()) END);
CREATE POLICY add ON app.identity FOR INSERT TO app_api
    WITH CHECK (person = app.person() AND digest = ANY (app.presented()));
CREATE POLICY move ON app.identity FOR UPDATE TO app_api
    USING (digest = ANY (app.presented())) WITH CHECK (person = app.person());
CREATE POLICY owner ON app.identity TO app_owner USING (true);

CREATE TABLE app.sign_in (                            -- one device; ending it ends every token of its family
    id         uuid PRIMARY KEY,
    person     uuid NOT NULL REFERENCES app.person,
    device     text NOT NULL CHECK (length(device) <= 80),
    created_at timestamptz NOT NULL,
    seen_at    timestamptz NOT NULL,
    ended_at   timestamptz,
    ended_why  text);
CREATE INDEX sign_in_person ON app.sign_in (person, created_at DESC);
GRANT SELECT, INSERT, UPDATE (seen_at, ended_at, ended_why) ON app.sign_in TO app_api;
CREATE POLICY own ON app.sign_in TO app_api USING (person = app.person());

CREATE TABLE app.refresh_token (
    digest     bytea PRIMARY KEY,
    sign_in    uuid NOT NULL REFERENCES app.sign_in,
    person     uuid NOT NULL,
    issued_at  timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz);
GRANT SELECT, INSERT, UPDATE (used_at) ON app.refresh_token TO app_api;
CREATE POLICY presented ON app.refresh_token FOR SELECT TO app_api USING (digest = ANY (app.presented()));
CREATE POLICY add ON app.refresh_token FOR INSERT TO app_api WITH CHECK (person = app.person());
CREATE POLICY spend ON app.refresh_token FOR UPDATE TO app_api USING (digest = ANY (app.presented()));

CREATE TABLE app.sms_code (
    id         uuid PRIMARY KEY,
    phone      bytea NOT NULL,
    address    bytea NOT NULL,
    code       bytea NOT NULL,                        -- HMAC; six digits alone would be guessed in a moment
    sent_at    timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    tries      smallint NOT NULL DEFAULT 0,
    used_at    timestamptz);
CREATE INDEX sms_code_phone   ON app.sms_code (phone, sent_at DESC);
CREATE INDEX sms_code_address ON app.sms_code (address, sent_at DESC);
GRANT SELECT, INSERT, UPDATE (tries, used_at) ON app.sms_code TO app_api;
CREATE POLICY presented ON app.sms_code TO app_api
    USING (phone = ANY (app.presented()) OR address = ANY (app.presented()));

GRANT SELECT, INSERT, UPDATE ON app.person, app.role_held, app.identity TO app_owner;
"""

# Two identities become one person: what one of them asked, the other may read from now on.
MERGE = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
CREATE FUNCTION door.identity_moves() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO app.reader (subject, person, basis, since, until)
    SELECT subject, NEW.person, basis, since, until FROM app.reader WHERE person = OLD.person AND basis = 'asker'
    ON CONFLICT (subject, person) DO UPDATE SET basis = 'asker', until = excluded.until;
    UPDATE app.notice SET person = NEW.person WHERE person = OLD.person;
    RETURN NULL;
END $$;
GRANT USAGE ON SCHEMA door TO app_owner, app_api;
GRANT EXECUTE ON FUNCTION door.identity_moves() TO app_owner;
RESET ROLE;
CREATE TRIGGER identity_moves AFTER UPDATE OF person ON app.identity
    FOR EACH ROW WHEN (OLD.person <> NEW.person) EXECUTE FUNCTION door.identity_moves();
"""


def upgrade() -> None:
    run(op, PEOPLE + MERGE)
    wall(op, "person", "role_held", "identity", "sign_in", "refresh_token", "sms_code")
