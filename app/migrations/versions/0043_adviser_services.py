"""Where a division is, as the staff confirm it; and what an adviser does in her village: when, how far from there it was
said, and how many people came. Nothing of what was said, and nobody's name."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0043"
down_revision = "0042"

KEEPER = """EXISTS (SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role IN ('EDITOR', 'OFFICER', 'ADMIN')
                            AND h.until > app.clock() OFFSET 0)"""

POINTS = f"""
CREATE TABLE app.division_point (                     -- of a town, village or community; its history is in app.register_change
    id         uuid PRIMARY KEY,
    division   text NOT NULL UNIQUE,
    longitude  double precision NOT NULL,             -- WGS-84, in degrees
    latitude   double precision NOT NULL,
    source     text NOT NULL CHECK (source <> ''),
    version    integer NOT NULL CHECK (version > 0),
    changed_at timestamptz NOT NULL,
    changed_by uuid,
    reason     text NOT NULL,
    CHECK (longitude BETWEEN 73 AND 136 AND latitude BETWEEN 3 AND 54));
GRANT SELECT (id, division, longitude, latitude, source, version) ON app.division_point TO app_api, app_worker;
GRANT INSERT, UPDATE (longitude, latitude, source, version, changed_at, changed_by, reason) ON app.division_point TO app_api;
GRANT SELECT, INSERT, UPDATE ON app.division_point TO app_owner;
CREATE POLICY everyone ON app.division_point FOR SELECT TO app_api, app_worker USING (true);
CREATE POLICY enter    ON app.division_point FOR INSERT TO app_api
    WITH CHECK (version = 1 AND changed_by = app.person() AND changed_at = app.clock() AND {KEEPER});
CREATE POLICY change   ON app.division_point FOR UPDATE TO app_api USING ({KEEPER})
    WITH CHECK (changed_by = app.person() AND changed_at = app.clock());
CREATE POLICY owner    ON app.division_point TO app_owner USING (true);
CREATE TRIGGER register_changes AFTER INSERT OR UPDATE ON app.division_point FOR EACH ROW EXECUTE FUNCTION door.register_changes();
"""

SERVICES = f"""
CREATE TABLE app.visit_code (                         -- six digits of somebody in the village, good for a short while and once
    id         uuid PRIMARY KEY,
    division   text NOT NULL,
    maker      uuid,                                  -- NULL once she closed her account
    code       bytea NOT NULL,                        -- HMAC of village and digits
    made_at    timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz,
    UNIQUE (division, code));
CREATE INDEX visit_code_maker ON app.visit_code (maker, made_at DESC);
GRANT SELECT, INSERT ON app.visit_code TO app_api;
CREATE POLICY known ON app.visit_code FOR SELECT TO app_api
    USING (CASE WHEN maker = app.person() THEN true ELSE code = ANY (app.presented()) END);
CREATE POLICY make ON app.visit_code FOR INSERT TO app_api
    WITH CHECK (maker = app.person() AND made_at = app.clock() AND expires_at <= app.clock() + interval '30 minutes' AND used_at IS NULL);
GRANT SELECT, UPDATE (maker, used_at) ON app.visit_code TO app_door;
CREATE POLICY door ON app.visit_code TO app_door USING (true);

CREATE TABLE app.adviser_service (                    -- no row is changed, none goes
    id        uuid PRIMARY KEY,
    term      uuid NOT NULL REFERENCES app.adviser_term,
    adviser   uuid NOT NULL,
    kind      text NOT NULL CHECK (kind IN ('VISIT', 'TALK', 'MEDIATION')),
    at        timestamptz NOT NULL,
    people    integer NOT NULL CHECK (people BETWEEN 1 AND 10000),
    metres    integer CHECK (metres BETWEEN 0 AND 500),   -- from the village's point or an institution in it
    code      uuid UNIQUE REFERENCES app.visit_code,      -- or the code that somebody there told her: once
    logged_at timestamptz NOT NULL,
    CHECK (num_nonnulls(metres, code) = 1),
    CHECK (at <= logged_at));
CREATE INDEX adviser_service_term ON app.adviser_service (term, at DESC, id DESC);
GRANT SELECT, INSERT ON app.adviser_service TO app_api;
GRANT SELECT ON app.adviser_service TO app_worker;
CREATE POLICY own    ON app.adviser_service FOR SELECT TO app_api USING (CASE WHEN adviser = app.person() THEN true ELSE {KEEPER} END);
CREATE POLICY log    ON app.adviser_service FOR INSERT TO app_api WITH CHECK (adviser = app.person() AND logged_at = app.clock());
CREATE POLICY worker ON app.adviser_service FOR SELECT TO app_worker USING (true);
GRANT SELECT (licence) ON app.lawyer TO app_door;
GRANT SELECT (id, kind, number) ON app.legal_worker TO app_door;
CREATE POLICY door ON app.legal_worker FOR SELECT TO app_door USING (true);
SET LOCAL ROLE app_door;
-- Of her own term and in it; a code of that village that somebody else made and that is still good.
CREATE FUNCTION door.service_logged() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    village text := (
        SELECT t.division FROM app.adviser_term t JOIN app.legal_worker w ON w.id = t.worker
        LEFT JOIN app.lawyer l ON w.kind = 'LAWYER' AND l.licence = w.number
        WHERE t.id = NEW.term AND coalesce(t.person, l.id) = NEW.adviser
          AND (NEW.at AT TIME ZONE 'Asia/Shanghai')::date BETWEEN t.since AND t.until);
BEGIN
    IF village IS NULL OR (NEW.code IS NOT NULL AND NOT EXISTS (
        SELECT FROM app.visit_code c WHERE c.id = NEW.code AND c.division = village AND c.maker IS DISTINCT FROM NEW.adviser
           AND c.expires_at > app.clock())) THEN
        RAISE 'not hers to log' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION door.visit_code_used() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.visit_code SET used_at = app.clock() WHERE id = NEW.code;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION door.give_up_village(whose uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM app.closing c WHERE c.person = whose) THEN RETURN; END IF;
    DELETE FROM app.village_said v WHERE v.person = whose;
    UPDATE app.visit_code SET maker = NULL WHERE maker = whose;
END $$;
GRANT EXECUTE ON FUNCTION door.service_logged(), door.visit_code_used() TO app_owner; -- to make the triggers
RESET ROLE;
CREATE TRIGGER service_logged BEFORE INSERT ON app.adviser_service FOR EACH ROW EXECUTE FUNCTION door.service_logged();
CREATE TRIGGER visit_code_used AFTER INSERT ON app.adviser_service FOR EACH ROW
    WHEN (NEW.code IS NOT NULL) EXECUTE FUNCTION door.visit_code_used();
"""


def upgrade() -> None:
    run(op, POINTS + SERVICES)
    wall(op, "division_point", "visit_code", "adviser_service")
