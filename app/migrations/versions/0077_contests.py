"""Contests: what people hand in, what everybody sees of it once somebody has looked at it, and votes that are one a day."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0077"
down_revision = "0076"

STAFF = """EXISTS (SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role IN ('EDITOR', 'SUPERVISOR')
                            AND h.until > app.clock() OFFSET 0)"""
READS = "EXISTS (SELECT FROM app.reader r WHERE r.subject = {id} AND r.person = app.person() AND r.until > app.clock(){basis} OFFSET 0)"

ENTRY = f"""
CREATE TABLE app.entry (                              -- a subject of its own: its owner's, and of who looks at it until she has
    id           uuid PRIMARY KEY,
    activity     uuid NOT NULL REFERENCES app.activity,
    person       uuid REFERENCES app.person,          -- NULL: long ago, or she closed her account
    pseudonym    text NOT NULL,
    band         text NOT NULL CHECK (band IN ('UNDER_14', 'FROM_14_TO_17', 'ADULT')),
    school       bytea,                               -- a keyed digest: that a juror is of the same one, and nothing else
    state        text NOT NULL CHECK (state IN ('SUBMITTED', 'CHECKING', 'DISPLAYED', 'REJECTED', 'SHORTLISTED', 'AWARDED', 'TAKEN_DOWN')),
    verdict      text CHECK (verdict IN ('PERSONAL', 'UNLAWFUL', 'NOT_OWN', 'UNSUITABLE', 'OFF_TOPIC', 'WISH')),
    checker      uuid REFERENCES app.person CHECK (checker <> person),
    body         bytea NOT NULL,                      -- sealed: its title; empty once it is forgotten
    submitted_at timestamptz NOT NULL,
    state_at     timestamptz NOT NULL,
    CHECK ((state IN ('REJECTED', 'TAKEN_DOWN')) = (verdict IS NOT NULL)));
CREATE UNIQUE INDEX entry_live ON app.entry (activity, person) WHERE person IS NOT NULL AND state NOT IN ('REJECTED', 'TAKEN_DOWN');
CREATE INDEX entry_of ON app.entry (person, submitted_at DESC, id DESC);
CREATE INDEX entry_waiting ON app.entry (submitted_at, id) WHERE state IN ('SUBMITTED', 'CHECKING');
GRANT SELECT, INSERT, UPDATE (state, verdict, checker, state_at) ON app.entry TO app_api;
CREATE POLICY read  ON app.entry FOR SELECT TO app_api USING (CASE WHEN {READS.format(id="id", basis="")} THEN true ELSE {STAFF} END);
CREATE POLICY enter ON app.entry FOR INSERT TO app_api WITH CHECK (
    person = app.person() AND state = 'SUBMITTED' AND checker IS NULL AND submitted_at = app.clock() AND state_at = app.clock());
CREATE POLICY own   ON app.entry FOR UPDATE TO app_api USING (person = app.person()) WITH CHECK (person = app.person() AND state = 'TAKEN_DOWN');
CREATE POLICY look  ON app.entry FOR UPDATE TO app_api USING (CASE WHEN person = app.person() THEN false ELSE {STAFF} END);
GRANT SELECT (id, activity, person, state, state_at) ON app.entry TO app_worker;
CREATE POLICY worker ON app.entry FOR SELECT TO app_worker USING (true);
GRANT SELECT (id, activity, person, pseudonym, band, state, checker, submitted_at, state_at), UPDATE (person, state, verdict, state_at, body, school) ON app.entry TO app_door;
CREATE POLICY door  ON app.entry TO app_door USING (true);

CREATE TABLE app.exhibit (                            -- what everybody sees of an entry: nobody's name, no school, no day of birth
    entry     uuid PRIMARY KEY REFERENCES app.entry,
    activity  uuid NOT NULL REFERENCES app.activity,
    pseudonym text NOT NULL,
    band      text NOT NULL,
    title     text NOT NULL,
    picture   uuid NOT NULL REFERENCES app.public_picture,
    state     text NOT NULL CHECK (state IN ('DISPLAYED', 'SHORTLISTED', 'AWARDED')),
    award     text NOT NULL CHECK ((award <> '') = (state = 'AWARDED')),
    votes     integer NOT NULL CHECK (votes >= 0),
    since     timestamptz NOT NULL,
    ended_at  timestamptz);                           -- taken down: nobody sees it any more
CREATE INDEX exhibit_of ON app.exhibit (activity, since DESC, entry DESC) WHERE ended_at IS NULL;
GRANT SELECT, INSERT (entry, activity, pseudonym, band, title, picture, state, award, votes, since) ON app.exhibit TO app_api;
CREATE POLICY everyone ON app.exhibit FOR SELECT TO app_api USING (ended_at IS NULL);
CREATE POLICY show     ON app.exhibit FOR INSERT TO app_api WITH CHECK (
    state = 'DISPLAYED' AND award = '' AND votes = 0 AND since = app.clock() AND {READS.format(id="entry", basis=" AND r.basis = 'staff'")});
GRANT SELECT, UPDATE (state, award, votes, title, ended_at) ON app.exhibit TO app_door;
CREATE POLICY door     ON app.exhibit TO app_door USING (true);
GRANT SELECT ON app.exhibit TO app_worker;
CREATE POLICY worker   ON app.exhibit FOR SELECT TO app_worker USING (ended_at IS NULL);
"""

VOTES = f"""
CREATE TABLE app.vote_freeze (                        -- a burst: who comes after is told to come later, and somebody looks at it
    id         uuid PRIMARY KEY,
    activity   uuid NOT NULL REFERENCES app.activity,
    entry      uuid REFERENCES app.entry,             -- many votes for one in a short while
    source     bytea,                                 -- or from one place: a keyed digest
    votes      integer NOT NULL,                      -- how many were held
    at         timestamptz NOT NULL,
    until      timestamptz NOT NULL,
    counted    boolean,                               -- whether they count after all; NULL: nobody has looked at it yet
    decided_by uuid REFERENCES app.person,
    decided_at timestamptz,
    CHECK ((entry IS NULL) <> (source IS NULL) AND (counted IS NULL) = (decided_by IS NULL) AND (counted IS NULL) = (decided_at IS NULL)));
CREATE INDEX vote_freeze_of ON app.vote_freeze (activity, at DESC, id DESC);
GRANT SELECT ON app.vote_freeze TO app_api;
CREATE POLICY staff ON app.vote_freeze FOR SELECT TO app_api USING ({STAFF});
GRANT SELECT, INSERT, UPDATE (until, counted, decided_by, decided_at) ON app.vote_freeze TO app_door;
CREATE POLICY door ON app.vote_freeze TO app_door USING (true);
CREATE TABLE app.vote (                               -- one a person, contest and day: of the city's
    activity uuid NOT NULL REFERENCES app.activity,
    person   uuid NOT NULL REFERENCES app.person,
    day      date NOT NULL,
    entry    uuid NOT NULL REFERENCES app.entry,
    source   bytea NOT NULL,                          -- a keyed digest of the network it came from
    at       timestamptz NOT NULL,
    held_by   uuid REFERENCES app.vote_freeze,         -- it came in a burst, and does not count unless somebody says so
    PRIMARY KEY (activity, person, day));
CREATE INDEX vote_for  ON app.vote (entry, at);
CREATE INDEX vote_from ON app.vote (activity, source, at);
GRANT SELECT ON app.vote TO app_api;
CREATE POLICY own ON app.vote FOR SELECT TO app_api USING (person = app.person());
GRANT SELECT, INSERT, UPDATE (person, held_by), DELETE ON app.vote TO app_door;
CREATE POLICY door ON app.vote TO app_door USING (true);
"""

MOVES = """
-- It goes only so: who looks at it says so first, and she alone decides; what is taken down stays down.
CREATE FUNCTION app.entry_moves() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
    who   constant uuid := app.person();
    owner constant boolean := who IS NOT DISTINCT FROM OLD.person;
BEGIN
    IF current_user = 'app_door' THEN RETURN NEW; END IF;
    IF NOT (CASE
            WHEN NEW.state = 'CHECKING' THEN OLD.state IN ('SUBMITTED', 'CHECKING') AND NOT owner AND NEW.checker = who
            WHEN NEW.state IN ('DISPLAYED', 'REJECTED') THEN OLD.state = 'CHECKING' AND OLD.checker = who AND NEW.checker = who
            WHEN NEW.state = 'TAKEN_DOWN' THEN OLD.state NOT IN ('TAKEN_DOWN', 'REJECTED') AND NEW.checker IS NOT DISTINCT FROM OLD.checker
            ELSE false END) OR NEW.state_at <> app.clock() THEN
        RAISE 'an entry does not go that way' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;

SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

CREATE FUNCTION door.entry_made() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM app.activity a WHERE a.id = NEW.activity AND a.kind = 'CONTEST' AND a.state = 'OPEN' AND a.closes_at > app.clock()) THEN
        RAISE 'nothing is handed in there now' USING ERRCODE = '42501';
    END IF;
    INSERT INTO app.reader (subject, person, basis, since) VALUES (NEW.id, NEW.person, 'asker', NEW.submitted_at);
    RETURN NULL;
END $$;

-- Who looks at it reads it, until she has decided; what is taken down nobody sees.
CREATE FUNCTION door.entry_moved() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.reader SET until = app.clock() WHERE subject = NEW.id AND basis = 'staff' AND until > app.clock();
    IF NEW.state = 'CHECKING' THEN
        INSERT INTO app.reader (subject, person, basis, since) VALUES (NEW.id, NEW.checker, 'staff', app.clock())
        ON CONFLICT (subject, person) DO UPDATE SET until = 'infinity' WHERE reader.basis = 'staff';
    ELSIF NEW.state = 'TAKEN_DOWN' THEN
        UPDATE app.public_picture SET ended_at = app.clock() WHERE ended_at IS NULL AND id = (SELECT x.picture FROM app.exhibit x WHERE x.entry = NEW.id);
        UPDATE app.exhibit SET ended_at = app.clock(), title = '' WHERE entry = NEW.id;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION door.exhibited() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    SELECT e.activity, e.pseudonym, e.band INTO NEW.activity, NEW.pseudonym, NEW.band FROM app.entry e WHERE e.id = NEW.entry;
    RETURN NEW;
END $$;

-- One vote a person and day. Where too many come for one entry, or from one place, in a short while, those do not count until
-- somebody has looked at them, and none more are taken for a time. `often`: how many, within how many seconds, and how long
-- it is closed then; for an entry, and for a place.
CREATE FUNCTION door.cast_vote(asked uuid, place bytea, today date, often integer[]) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    me   constant uuid := app.person();
    shown record;
    burst integer;
    made  uuid;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('votes ' || encode(place, 'hex'), 0));
    SELECT x.activity INTO shown FROM app.exhibit x JOIN app.activity a ON a.id = x.activity
    WHERE x.entry = asked AND x.ended_at IS NULL AND a.state IN ('OPEN', 'CLOSED') FOR NO KEY UPDATE OF x;
    IF NOT FOUND OR me IS NULL THEN RETURN 'CLOSED'; END IF;
    IF EXISTS (SELECT FROM app.entry e WHERE e.id = asked AND e.person = me) THEN RETURN 'OWN'; END IF;
    IF EXISTS (SELECT FROM app.vote v WHERE v.activity = shown.activity AND v.person = me AND v.day = today) THEN RETURN 'TWICE'; END IF;
    IF EXISTS (SELECT FROM app.vote_freeze f WHERE f.activity = shown.activity AND f.until > app.clock() AND (f.entry = asked OR f.source = place)) THEN
        RETURN 'FROZEN';
    END IF;
    INSERT INTO app.vote (activity, person, day, entry, source, at) VALUES (shown.activity, me, today, asked, place, app.clock())
    ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN RETURN 'TWICE'; END IF;
    UPDATE app.exhibit SET votes = votes + 1 WHERE entry = asked;
    SELECT count(*) INTO burst FROM app.vote v WHERE v.entry = asked AND v.held_by IS NULL AND v.at > app.clock() - make_interval(secs => often[2]);
    IF burst > often[1] THEN
        made := gen_random_uuid();
        INSERT INTO app.vote_freeze (id, activity, entry, votes, at, until)
        VALUES (made, shown.activity, asked, burst, app.clock(), app.clock() + make_interval(secs => often[3]));
        UPDATE app.vote SET held_by = made WHERE entry = asked AND held_by IS NULL AND at > app.clock() - make_interval(secs => often[2]);
        UPDATE app.exhibit SET votes = votes - burst WHERE entry = asked;
        RETURN 'CAST';
    END IF;
    SELECT count(*) INTO burst FROM app.vote v WHERE v.activity = shown.activity AND v.source = place AND v.held_by IS NULL
        AND v.at > app.clock() - make_interval(secs => often[5]);
    IF burst > often[4] THEN
        made := gen_random_uuid();
        INSERT INTO app.vote_freeze (id, activity, source, votes, at, until)
        VALUES (made, shown.activity, place, burst, app.clock(), app.clock() + make_interval(secs => often[6]));
        UPDATE app.exhibit x SET votes = x.votes - gone.n FROM (
            SELECT v.entry, count(*)::int AS n FROM app.vote v WHERE v.activity = shown.activity AND v.source = place AND v.held_by IS NULL
                AND v.at > app.clock() - make_interval(secs => often[5]) GROUP BY v.entry) gone
        WHERE x.entry = gone.entry;
        UPDATE app.vote SET held_by = made WHERE activity = shown.activity AND source = place AND held_by IS NULL
            AND at > app.clock() - make_interval(secs => often[5]);
    END IF;
    RETURN 'CAST';
END $$;

-- An editor or supervisor says once whether they count; whether it was so.
CREATE FUNCTION door.decide_freeze(asked uuid, counts boolean) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role IN ('EDITOR', 'SUPERVISOR') AND h.until > app.clock()) THEN
        RETURN false;
    END IF;
    UPDATE app.vote_freeze SET counted = counts, decided_by = app.person(), decided_at = app.clock(), until = least(until, app.clock())
    WHERE id = asked AND counted IS NULL;
    IF NOT FOUND THEN RETURN false; END IF;
    IF counts THEN
        UPDATE app.exhibit x SET votes = x.votes + held.n FROM (
            SELECT v.entry, count(*)::int AS n FROM app.vote v WHERE v.held_by = asked GROUP BY v.entry) held WHERE x.entry = held.entry;
        UPDATE app.vote SET held_by = NULL WHERE held_by = asked;
    END IF;
    RETURN true;
END $$;
"""

LEAVING = """
-- What is hers goes: of who closes her account, and a year after a contest was over where no hold keeps it. What was forgotten.
CREATE FUNCTION door.forget_these_entries(these uuid[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.entry SET state = 'TAKEN_DOWN', verdict = 'WISH', state_at = app.clock() WHERE id = ANY (these) AND state NOT IN ('TAKEN_DOWN', 'REJECTED');
    DELETE FROM app.key WHERE subject = ANY (these);
    DELETE FROM app.reader WHERE subject = ANY (these);
    UPDATE app.entry SET person = NULL, school = NULL, body = '' WHERE id = ANY (these);
END $$;

CREATE FUNCTION door.give_up_entries(whose uuid) RETURNS SETOF uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    hers uuid[] := ARRAY(SELECT e.id FROM app.entry e WHERE e.person = whose);
BEGIN
    IF NOT EXISTS (SELECT FROM app.closing c WHERE c.person = whose) THEN RETURN; END IF;
    PERFORM door.forget_these_entries(hers);
    DELETE FROM app.vote WHERE person = whose;
    RETURN QUERY SELECT unnest(hers);
END $$;

CREATE FUNCTION door.forget_entries(asked uuid) RETURNS SETOF uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    old uuid[];
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('legal hold', 0));
    old := ARRAY(SELECT e.id FROM app.entry e JOIN app.activity a ON a.id = e.activity
        WHERE a.id = asked AND a.state IN ('ARCHIVED', 'CANCELLED') AND a.state_at <= app.clock() - interval '365 days' AND e.person IS NOT NULL
          AND NOT EXISTS (SELECT FROM app.legal_hold h WHERE h.lifted_at IS NULL AND h.subject IN (e.id, e.person)));
    PERFORM door.forget_these_entries(old);
    DELETE FROM app.vote v USING app.activity a WHERE v.activity = asked AND a.id = asked AND a.state IN ('ARCHIVED', 'CANCELLED')
        AND a.state_at <= app.clock() - interval '365 days';
    RETURN QUERY SELECT unnest(old);
END $$;

CREATE FUNCTION door.entries_move() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.entry e SET state = 'TAKEN_DOWN', verdict = 'WISH', state_at = app.clock() WHERE e.person = OLD.person AND e.state NOT IN ('TAKEN_DOWN', 'REJECTED')
        AND EXISTS (SELECT FROM app.entry o WHERE o.person = NEW.person AND o.activity = e.activity AND o.state NOT IN ('TAKEN_DOWN', 'REJECTED'));
    UPDATE app.entry SET person = NEW.person WHERE person = OLD.person;
    DELETE FROM app.vote v WHERE v.person = OLD.person AND EXISTS (
        SELECT FROM app.vote o WHERE o.person = NEW.person AND o.activity = v.activity AND o.day = v.day);
    UPDATE app.vote SET person = NEW.person WHERE person = OLD.person;
    RETURN NULL;
END $$;

CREATE FUNCTION door.list_contests(asked uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    whose uuid := door.begin_list(asked, 'contests');
BEGIN
    IF whose IS NULL THEN RETURN; END IF;
    INSERT INTO app.export_part (export, kind, person, ids)
    SELECT asked, 'entry', whose, array_agg(e.id ORDER BY e.submitted_at, e.id) FROM app.entry e WHERE e.person = whose HAVING count(*) > 0
    UNION ALL
    SELECT asked, 'vote', whose, array_agg(v.entry ORDER BY v.at, v.entry) FROM app.vote v WHERE v.person = whose HAVING count(*) > 0;
    PERFORM door.end_list(asked);
END $$;

GRANT EXECUTE ON FUNCTION door.entry_made(), door.entry_moved(), door.exhibited(), door.entries_move() TO app_owner; -- to make the triggers
GRANT EXECUTE ON FUNCTION door.cast_vote(uuid, bytea, date, integer[]), door.decide_freeze(uuid, boolean) TO app_api;
GRANT EXECUTE ON FUNCTION door.give_up_entries(uuid), door.forget_entries(uuid), door.list_contests(uuid) TO app_worker;
RESET ROLE;
CREATE TRIGGER entry_made AFTER INSERT ON app.entry FOR EACH ROW EXECUTE FUNCTION door.entry_made();
CREATE TRIGGER entry_moves BEFORE UPDATE OF state, verdict, checker, state_at ON app.entry FOR EACH ROW EXECUTE FUNCTION app.entry_moves();
CREATE TRIGGER entry_moved AFTER UPDATE OF state, checker ON app.entry FOR EACH ROW EXECUTE FUNCTION door.entry_moved();
CREATE TRIGGER exhibited BEFORE INSERT ON app.exhibit FOR EACH ROW EXECUTE FUNCTION door.exhibited();
CREATE TRIGGER entries_move AFTER UPDATE OF person ON app.identity
    FOR EACH ROW WHEN (OLD.person <> NEW.person) EXECUTE FUNCTION door.entries_move();
"""


def upgrade() -> None:
    run(op, ENTRY + VOTES + MOVES + LEAVING)
    wall(op, "entry", "exhibit", "vote", "vote_freeze")
