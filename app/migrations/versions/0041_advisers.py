"""An adviser for every village and community, and the village that a resident says is hers."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0041"
down_revision = "0040"

KEEPER = """EXISTS (SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role IN ('EDITOR', 'OFFICER', 'ADMIN')
                            AND h.until > app.clock() OFFSET 0)"""

TERMS = f"""
CREATE TABLE app.adviser_term (                       -- none goes; what changes is in app.register_change
    id         uuid PRIMARY KEY,
    division   text NOT NULL CHECK (division ~ '^[0-9]{{12}}$'),
    worker     uuid NOT NULL REFERENCES app.legal_worker,
    person     uuid,                                  -- the account of who is no lawyer; a lawyer's is that of her licence
    since      date NOT NULL,
    until      date NOT NULL,                         -- the last day; the day before `since` of one that never began
    contract   text NOT NULL,
    source     text NOT NULL CHECK (source <> ''),
    version    integer NOT NULL CHECK (version > 0),
    changed_at timestamptz NOT NULL,
    changed_by uuid,
    reason     text NOT NULL,
    CHECK (until >= since - 1),
    -- One at a time for each village. Its code is a number, so that this needs no extension.
    CONSTRAINT adviser_term_one EXCLUDE USING gist
        (int8range(division::int8, division::int8, '[]') WITH &&, daterange(since, until + 1) WITH &&));
CREATE INDEX adviser_term_division ON app.adviser_term (division, since DESC, id DESC);
CREATE INDEX adviser_term_worker   ON app.adviser_term (worker);
GRANT SELECT (id, division, worker, person, since, until, contract, source, version) ON app.adviser_term TO app_api, app_worker, app_door;
GRANT INSERT, UPDATE (until, version, changed_at, changed_by, reason) ON app.adviser_term TO app_api;
GRANT SELECT, INSERT, UPDATE ON app.adviser_term TO app_owner;
CREATE POLICY everyone ON app.adviser_term FOR SELECT TO app_api, app_worker, app_door USING (true);
CREATE POLICY appoint  ON app.adviser_term FOR INSERT TO app_api
    WITH CHECK (version = 1 AND changed_by = app.person() AND changed_at = app.clock() AND {KEEPER});
CREATE POLICY change   ON app.adviser_term FOR UPDATE TO app_api USING ({KEEPER})
    WITH CHECK (changed_by = app.person() AND changed_at = app.clock());
CREATE POLICY owner    ON app.adviser_term TO app_owner USING (true);
CREATE TRIGGER register_changes AFTER INSERT OR UPDATE ON app.adviser_term FOR EACH ROW EXECUTE FUNCTION door.register_changes();
"""

VILLAGES = """
CREATE TABLE app.village_said (                       -- where she says she lives, to the village and no nearer; hers to take back
    person   uuid PRIMARY KEY REFERENCES app.person,
    division text,                                    -- NULL: taken back
    at       timestamptz NOT NULL);
GRANT SELECT, INSERT, UPDATE (division, at) ON app.village_said TO app_api;
CREATE POLICY own ON app.village_said TO app_api USING (person = app.person()) WITH CHECK (person = app.person() AND at = app.clock());
GRANT SELECT, INSERT, UPDATE, DELETE ON app.village_said TO app_door;
CREATE POLICY door ON app.village_said TO app_door USING (true);
SET LOCAL ROLE app_door;
CREATE FUNCTION door.give_up_village(whose uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    DELETE FROM app.village_said v WHERE v.person = whose AND EXISTS (SELECT FROM app.closing c WHERE c.person = whose);
END $$;
-- Where two become one, what either said last.
CREATE FUNCTION door.village_moves() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO app.village_said (person, division, at) SELECT NEW.person, v.division, v.at FROM app.village_said v WHERE v.person = OLD.person
    ON CONFLICT (person) DO UPDATE SET division = excluded.division, at = excluded.at WHERE village_said.at < excluded.at;
    DELETE FROM app.village_said v WHERE v.person = OLD.person;
    RETURN NULL;
END $$;
GRANT EXECUTE ON FUNCTION door.give_up_village(uuid) TO app_worker;
GRANT EXECUTE ON FUNCTION door.village_moves() TO app_owner; -- to make the trigger
RESET ROLE;
CREATE TRIGGER village_moves AFTER UPDATE OF person ON app.identity
    FOR EACH ROW WHEN (OLD.person <> NEW.person) EXECUTE FUNCTION door.village_moves();
"""


def upgrade() -> None:
    run(op, TERMS + VILLAGES)
    wall(op, "adviser_term", "village_said")
