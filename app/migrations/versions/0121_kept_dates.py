"""Days that people must not miss: sealed, each hers alone, and forgotten a year after the day."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0121"
down_revision = "0120"

TABLE = """
CREATE TABLE app.kept_date (                          -- a subject of its own, read by its keeper alone
    id         uuid PRIMARY KEY,
    person     uuid NOT NULL REFERENCES app.person,
    ends_at    timestamptz NOT NULL,                  -- midnight after the day: what the house needs to tell her in time
    version    integer NOT NULL CHECK (version > 0),  -- grows with each change
    body       bytea NOT NULL,                        -- sealed: which period of which law, or what of her own
    kept_at    timestamptz NOT NULL,
    dropped_at timestamptz);                          -- given up, and kept by a legal hold: nobody sees it any more
CREATE INDEX kept_date_of ON app.kept_date (person, ends_at, id);
CREATE INDEX kept_date_over ON app.kept_date (ends_at);
GRANT SELECT, INSERT (id, person, ends_at, version, body, kept_at), UPDATE (ends_at, version, body) ON app.kept_date TO app_api;
CREATE POLICY own    ON app.kept_date FOR SELECT TO app_api USING (person = app.person() AND dropped_at IS NULL);
CREATE POLICY keep   ON app.kept_date FOR INSERT TO app_api
    WITH CHECK (person = app.person() AND version = 1 AND kept_at = app.clock() AND ends_at > app.clock());
CREATE POLICY change ON app.kept_date FOR UPDATE TO app_api USING (person = app.person() AND dropped_at IS NULL)
    WITH CHECK (person = app.person() AND ends_at > app.clock());
GRANT SELECT (id, person, ends_at, version, dropped_at) ON app.kept_date TO app_worker;
CREATE POLICY worker ON app.kept_date FOR SELECT TO app_worker USING (true);
GRANT SELECT (id, person, ends_at, kept_at, dropped_at), UPDATE (person, dropped_at), DELETE ON app.kept_date TO app_door;
CREATE POLICY door ON app.kept_date TO app_door USING (true);
INSERT INTO app.retention_policy (version, since, terms)
SELECT version + 1, app.clock(), terms || '{"kept_date": 31536000}' FROM app.retention_policy ORDER BY version DESC LIMIT 1;
"""

HELD = "EXISTS (SELECT FROM app.legal_hold h WHERE h.lifted_at IS NULL AND h.subject IN (d.id, d.person))"

DOOR = f"""
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

CREATE FUNCTION door.date_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO app.reader (subject, person, basis, since) VALUES (NEW.id, NEW.person, 'asker', NEW.kept_at);
    RETURN NULL;
END $$;

-- Of these what no legal hold keeps is destroyed; how many. Not called by hand.
CREATE FUNCTION door.destroy_dates(asked uuid[]) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    gone uuid[];
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('legal hold', 0));
    gone := ARRAY(SELECT d.id FROM app.kept_date d WHERE d.id = ANY (asked) AND NOT {HELD});
    DELETE FROM app.key WHERE subject = ANY (gone);
    DELETE FROM app.reader WHERE subject = ANY (gone);
    DELETE FROM app.kept_date WHERE id = ANY (gone);
    RETURN cardinality(gone);
END $$;

CREATE FUNCTION door.drop_date(asked uuid) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.kept_date SET dropped_at = app.clock() WHERE id = asked AND person = app.person() AND dropped_at IS NULL;
    IF NOT FOUND THEN RETURN false; END IF;
    PERFORM door.destroy_dates(ARRAY[asked]);
    RETURN true;
END $$;

-- Of somebody who closes her account.
CREATE FUNCTION door.give_up_dates(whose uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM app.closing c WHERE c.person = whose) THEN RETURN; END IF;
    UPDATE app.kept_date SET dropped_at = app.clock() WHERE person = whose AND dropped_at IS NULL;
    PERFORM door.destroy_dates(ARRAY(SELECT d.id FROM app.kept_date d WHERE d.person = whose));
END $$;

-- Some of those that are long over, or were dropped under a legal hold that is lifted by now; how many.
CREATE FUNCTION door.forget_dates(most integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    past constant timestamptz := (SELECT app.clock() - make_interval(secs => (p.terms ->> 'kept_date')::double precision)
                                  FROM app.retention_policy p WHERE p.since <= app.clock() ORDER BY p.version DESC LIMIT 1);
BEGIN
    RETURN door.destroy_dates(ARRAY(
        SELECT d.id FROM app.kept_date d WHERE (d.ends_at <= past OR d.dropped_at IS NOT NULL) AND NOT {HELD} LIMIT most));
END $$;

-- Two identities become one person: so do the dates that she keeps.
CREATE FUNCTION door.dates_move() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.kept_date SET person = NEW.person WHERE person = OLD.person;
    RETURN NULL;
END $$;

CREATE FUNCTION door.list_dates(asked uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    whose uuid := door.begin_list(asked, 'dates');
BEGIN
    IF whose IS NULL THEN RETURN; END IF;
    INSERT INTO app.export_part (export, kind, person, ids)
    SELECT asked, 'kept_date', whose, array_agg(d.id ORDER BY d.ends_at, d.id) FROM app.kept_date d
    WHERE d.person = whose AND d.dropped_at IS NULL HAVING count(*) > 0;
    PERFORM door.end_list(asked);
END $$;

GRANT EXECUTE ON FUNCTION door.date_kept(), door.dates_move() TO app_owner; -- to make the triggers
GRANT EXECUTE ON FUNCTION door.drop_date(uuid) TO app_api;
GRANT EXECUTE ON FUNCTION door.give_up_dates(uuid), door.forget_dates(integer), door.list_dates(uuid) TO app_worker;
RESET ROLE;
CREATE TRIGGER date_kept AFTER INSERT ON app.kept_date FOR EACH ROW EXECUTE FUNCTION door.date_kept();
CREATE TRIGGER dates_move AFTER UPDATE OF person ON app.identity
    FOR EACH ROW WHEN (OLD.person <> NEW.person) EXECUTE FUNCTION door.dates_move();
"""


def upgrade() -> None:
    run(op, TABLE)
    wall(op, "kept_date")
    run(op, DOOR)
