"""Juries of contests: a rubric fixed before judging opens, scores sealed from one another until it ends, and what came of it."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0084"
down_revision = "0083"

EDITOR = """EXISTS (SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role = 'EDITOR' AND h.until > app.clock() OFFSET 0)"""
STAFF = EDITOR.replace("= 'EDITOR'", "IN ('EDITOR', 'SUPERVISOR')")
JUDGED = "EXISTS (SELECT FROM app.reader r WHERE r.subject = activity AND r.person = app.person() AND r.until > app.clock() OFFSET 0)"
RULES = "names, weights, scales, needed, vote_share, shortlist, prizes"


TABLES = f"""
ALTER TABLE app.activity ADD COLUMN results_due boolean NOT NULL DEFAULT false; -- the room above has not said yet what came of it
GRANT UPDATE (results_due) ON app.activity TO app_door;

CREATE FUNCTION app.total(these smallint[]) RETURNS bigint LANGUAGE sql IMMUTABLE RETURN (SELECT sum(x) FROM unnest(these) x);
GRANT EXECUTE ON FUNCTION app.total(smallint[]) TO app_api, app_door;
GRANT SELECT (school) ON app.entry TO app_door;
CREATE TABLE app.jury (                               -- how a contest is judged: everybody may know
    activity   uuid PRIMARY KEY REFERENCES app.activity,
    names      text[] NOT NULL CHECK (cardinality(names) BETWEEN 1 AND 10),
    weights    smallint[] NOT NULL CHECK (cardinality(weights) = cardinality(names) AND 0 < ALL (weights) AND app.total(weights) = 100),
    scales     smallint[] NOT NULL CHECK (cardinality(scales) = cardinality(names) AND 0 < ALL (scales) AND 100 >= ALL (scales)),
    needed     smallint NOT NULL CHECK (needed BETWEEN 1 AND 20), -- scores that an entry needs
    vote_share smallint NOT NULL CHECK (vote_share BETWEEN 0 AND 100), -- percent of the total that the votes are
    shortlist  smallint NOT NULL CHECK (shortlist BETWEEN 1 AND 500),
    prizes     smallint[] NOT NULL CHECK (cardinality(prizes) = 4 AND 0 <= ALL (prizes) AND app.total(prizes) <= shortlist), -- first, second, third, encouragement
    version    integer NOT NULL CHECK (version > 0),
    set_by     uuid NOT NULL REFERENCES app.person,
    set_at     timestamptz NOT NULL,
    ended_by   uuid REFERENCES app.person,
    ended_at   timestamptz CHECK ((ended_at IS NULL) = (ended_by IS NULL)));
CREATE TABLE app.juror (                              -- written by the door alone
    id       uuid PRIMARY KEY,
    activity uuid NOT NULL REFERENCES app.jury,
    person   uuid REFERENCES app.person,              -- NULL: long ago, or she closed her account
    called   text NOT NULL,
    schools  bytea[] NOT NULL,                        -- keyed digests of where she belongs, as she says
    state    text NOT NULL CHECK (state IN ('INVITED', 'ACCEPTED', 'DECLINED', 'RELEASED')),
    named_by uuid NOT NULL REFERENCES app.person,
    named_at timestamptz NOT NULL,
    state_at timestamptz NOT NULL,
    UNIQUE (activity, person));
CREATE INDEX juror_of ON app.juror (person, named_at DESC, id DESC);
CREATE TABLE app.jury_score (                         -- written by the door alone
    juror    uuid NOT NULL REFERENCES app.juror,
    entry    uuid NOT NULL REFERENCES app.entry,
    activity uuid NOT NULL,
    person   uuid,                                    -- the juror's, as there
    points   smallint[] NOT NULL,                     -- of each criterion in its turn
    at       timestamptz NOT NULL,
    told     boolean NOT NULL,                        -- judging has ended: others may read it
    counts   boolean NOT NULL,                        -- set then
    PRIMARY KEY (juror, entry));
CREATE INDEX jury_score_of ON app.jury_score (activity, entry);
CREATE TABLE app.jury_conflict (                      -- who may not judge what: as she says at any time, and at the end what the house found
    id       uuid PRIMARY KEY,
    juror    uuid NOT NULL REFERENCES app.juror,
    entry    uuid NOT NULL REFERENCES app.entry,
    activity uuid NOT NULL,
    kind     text NOT NULL CHECK (kind IN ('RELATIVE', 'TEACHER', 'OTHER', 'FOUND')),
    at       timestamptz NOT NULL,
    UNIQUE (juror, entry));
CREATE INDEX jury_conflict_of ON app.jury_conflict (activity, at DESC, id DESC);
CREATE TABLE app.jury_result (
    entry    uuid PRIMARY KEY REFERENCES app.entry,
    activity uuid NOT NULL REFERENCES app.jury,
    place    smallint NOT NULL CHECK (place > 0),
    scores   smallint NOT NULL CHECK (scores > 0),    -- how many there are
    points   smallint NOT NULL CHECK (points BETWEEN 0 AND 10000), -- the jury's, in hundredths
    votes    integer NOT NULL CHECK (votes >= 0),
    total    smallint NOT NULL CHECK (total BETWEEN 0 AND 10000),
    prize    text CHECK (prize IN ('FIRST', 'SECOND', 'THIRD', 'ENCOURAGEMENT')),
    UNIQUE (activity, place));

GRANT SELECT, INSERT, UPDATE ({RULES}, version, set_by, set_at) ON app.jury TO app_api;
CREATE POLICY read   ON app.jury FOR SELECT TO app_api USING (true);
CREATE POLICY set_up ON app.jury FOR INSERT TO app_api WITH CHECK (
    version = 1 AND set_by = app.person() AND set_at = app.clock() AND ended_at IS NULL AND {EDITOR});
CREATE POLICY change ON app.jury FOR UPDATE TO app_api USING ({EDITOR}) WITH CHECK (set_by = app.person() AND set_at = app.clock());
GRANT SELECT, UPDATE (ended_by, ended_at) ON app.jury TO app_door;
CREATE POLICY door   ON app.jury TO app_door USING (true);
GRANT SELECT (id, activity, person, called, state, named_by, named_at, state_at) ON app.juror TO app_api;
CREATE POLICY read   ON app.juror FOR SELECT TO app_api USING (CASE WHEN person = app.person() THEN true ELSE {STAFF} END);
GRANT SELECT, INSERT, UPDATE (person, called, schools, state, state_at) ON app.juror TO app_door;
CREATE POLICY door   ON app.juror TO app_door USING (true);
GRANT SELECT (id, activity, person, state) ON app.juror TO app_worker;
CREATE POLICY worker ON app.juror FOR SELECT TO app_worker USING (true);
GRANT SELECT ON app.jury_score TO app_api;
CREATE POLICY read   ON app.jury_score FOR SELECT TO app_api USING (
    CASE WHEN person = app.person() THEN true WHEN told THEN CASE WHEN {JUDGED} THEN true ELSE {STAFF} END ELSE false END);
GRANT SELECT, INSERT, UPDATE (person, points, at, told, counts) ON app.jury_score TO app_door;
CREATE POLICY door   ON app.jury_score TO app_door USING (true);
GRANT SELECT ON app.jury_conflict TO app_api;
CREATE POLICY read   ON app.jury_conflict FOR SELECT TO app_api USING ({STAFF});
GRANT SELECT, INSERT ON app.jury_conflict TO app_door;
CREATE POLICY door   ON app.jury_conflict TO app_door USING (true);
-- Written by who ends the judging, in the same transaction.
GRANT SELECT, INSERT ON app.jury_result TO app_api;
CREATE POLICY read   ON app.jury_result FOR SELECT TO app_api USING (CASE WHEN {JUDGED} THEN true ELSE {STAFF} END);
CREATE POLICY tell   ON app.jury_result FOR INSERT TO app_api WITH CHECK ({EDITOR});
GRANT SELECT ON app.jury_result TO app_door;
CREATE POLICY door   ON app.jury_result TO app_door USING (true);
"""

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

CREATE FUNCTION door.edits() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role = 'EDITOR' AND h.until > app.clock());
END;

-- Whether she may not judge it: her own or her ward's, of a school of hers, or as she said.
CREATE FUNCTION door.barred(her uuid, what uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM app.juror j JOIN app.entry e ON e.id = what WHERE j.id = her AND (
        e.person = j.person OR e.school = ANY (j.schools)
        OR EXISTS (SELECT FROM app.guardianship g WHERE g.guardian = j.person AND g.minor = e.person OR g.guardian = e.person AND g.minor = j.person)
        OR EXISTS (SELECT FROM app.jury_conflict c WHERE c.juror = her AND c.entry = what)));
END;

-- An editor names somebody; NULL where that is nobody, a minor, or she herself. Twice is once, and whom one released is asked again.
CREATE FUNCTION door.name_juror(asked uuid, who uuid, known_as text, made uuid) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    hers uuid;
BEGIN
    IF NOT door.edits() OR who = app.person() OR NOT EXISTS (SELECT FROM app.person p WHERE p.id = who AND p.standing = 'ACTIVE')
        OR EXISTS (SELECT FROM app.closing c WHERE c.person = who) OR EXISTS (
            SELECT FROM app.age_said s WHERE s.person = who AND s.band <> 'ADULT' AND s.turn = (SELECT max(l.turn) FROM app.age_said l WHERE l.person = who)) THEN
        RETURN NULL;
    END IF;
    PERFORM FROM app.jury y WHERE y.activity = asked AND y.ended_at IS NULL FOR SHARE;
    IF NOT FOUND THEN RETURN NULL; END IF;
    INSERT INTO app.juror (id, activity, person, called, schools, state, named_by, named_at, state_at)
    VALUES (made, asked, who, known_as, '{}', 'INVITED', app.person(), app.clock(), app.clock())
    ON CONFLICT DO NOTHING;
    UPDATE app.juror j SET state = 'INVITED', state_at = app.clock(), called = known_as
    WHERE j.activity = asked AND j.person = who AND j.state IN ('RELEASED', 'DECLINED');
    SELECT j.id INTO hers FROM app.juror j WHERE j.activity = asked AND j.person = who;
    RETURN hers;
END $$;

-- She says yes or no, and where she belongs; or an editor releases her. Her scores count while she is one. Whether it may be so.
CREATE FUNCTION door.juror_says(asked uuid, stands text, belongs bytea[]) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    j record;
BEGIN
    SELECT x.* INTO j FROM app.juror x WHERE x.id = asked;
    IF NOT FOUND OR stands NOT IN ('ACCEPTED', 'DECLINED', 'RELEASED')
        OR NOT (CASE stands WHEN 'RELEASED' THEN door.edits() ELSE j.person = app.person() END) THEN RETURN NULL; END IF;
    PERFORM FROM app.jury y WHERE y.activity = j.activity AND y.ended_at IS NULL FOR SHARE;
    IF NOT FOUND OR j.state = 'RELEASED' AND stands <> 'RELEASED' THEN RETURN false; END IF;
    UPDATE app.juror SET state = stands, schools = CASE stands WHEN 'ACCEPTED' THEN belongs ELSE schools END,
        state_at = CASE WHEN state = stands THEN state_at ELSE app.clock() END WHERE id = asked;
    RETURN true;
END $$;

-- What a juror may judge, while it is judged.
CREATE FUNCTION door.judging_sheet(asked uuid) RETURNS TABLE (entry uuid) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT x.entry FROM app.juror j JOIN app.activity a ON a.id = j.activity JOIN app.exhibit x ON x.activity = j.activity
    WHERE j.activity = asked AND j.person = app.person() AND j.state = 'ACCEPTED' AND a.state IN ('SCORING', 'ANNOUNCED', 'ARCHIVED')
      AND x.ended_at IS NULL AND NOT door.barred(j.id, x.entry);
END;

CREATE FUNCTION door.may_judge(these uuid[]) RETURNS TABLE (entry uuid) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT x.entry FROM app.exhibit x JOIN app.juror j ON j.activity = x.activity JOIN app.activity a ON a.id = x.activity
    WHERE x.entry = ANY (these) AND j.person = app.person() AND j.state = 'ACCEPTED' AND a.state IN ('SCORING', 'ANNOUNCED', 'ARCHIVED')
      AND x.ended_at IS NULL AND NOT door.barred(j.id, x.entry);
END;

-- Points of each criterion, or with `why` that she may not judge it. Which of the two comes last stands.
CREATE FUNCTION door.judge(asked uuid, given smallint[], why text) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    j record;
    y record;
BEGIN
    SELECT r.id, r.activity INTO j FROM app.exhibit x JOIN app.juror r ON r.activity = x.activity
    WHERE x.entry = asked AND x.ended_at IS NULL AND r.person = app.person() AND r.state = 'ACCEPTED';
    IF NOT FOUND THEN RETURN 'NONE'; END IF;
    SELECT q.* INTO y FROM app.jury q WHERE q.activity = j.activity FOR SHARE;
    IF y.ended_at IS NOT NULL THEN RETURN 'CLOSED'; END IF;
    IF why IS NOT NULL THEN
        INSERT INTO app.jury_conflict (id, juror, entry, activity, kind, at) VALUES (gen_random_uuid(), j.id, asked, j.activity, why, app.clock()) ON CONFLICT DO NOTHING;
        RETURN 'DONE';
    END IF;
    IF NOT EXISTS (SELECT FROM app.activity a WHERE a.id = j.activity AND a.state = 'SCORING') THEN RETURN 'CLOSED'; END IF;
    IF door.barred(j.id, asked) THEN RETURN 'BARRED'; END IF;
    IF cardinality(given) <> cardinality(y.scales)
        OR EXISTS (SELECT FROM unnest(given, y.scales) AS t (point, most) WHERE point IS NULL OR point NOT BETWEEN 0 AND most) THEN RETURN 'RANGE'; END IF;
    INSERT INTO app.jury_score (juror, entry, activity, person, points, at, told, counts)
    VALUES (j.id, asked, j.activity, app.person(), given, app.clock(), false, false)
    ON CONFLICT (juror, entry) DO UPDATE SET points = given, at = app.clock();
    RETURN 'DONE';
END $$;

-- From now on nothing more is said, and everybody who judged may read all of it; what the house kept whom from is written down.
CREATE FUNCTION door.end_judging(asked uuid) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    y record;
BEGIN
    SELECT q.ended_at, a.state INTO y FROM app.jury q JOIN app.activity a ON a.id = q.activity WHERE q.activity = asked FOR NO KEY UPDATE OF q;
    IF NOT FOUND OR NOT door.edits() THEN RETURN 'NONE'; END IF;
    IF y.ended_at IS NOT NULL THEN RETURN 'AGAIN'; END IF;
    IF y.state <> 'SCORING' THEN RETURN 'STATE'; END IF;
    UPDATE app.jury SET ended_at = app.clock(), ended_by = app.person() WHERE activity = asked;
    UPDATE app.activity SET results_due = false WHERE id = asked;
    INSERT INTO app.jury_conflict (id, juror, entry, activity, kind, at)
    SELECT gen_random_uuid(), j.id, x.entry, asked, 'FOUND', app.clock() FROM app.juror j JOIN app.exhibit x ON x.activity = j.activity
    WHERE j.activity = asked AND j.state = 'ACCEPTED' AND door.barred(j.id, x.entry) ON CONFLICT DO NOTHING;
    UPDATE app.jury_score s SET told = true, counts = EXISTS (SELECT FROM app.juror j WHERE j.id = s.juror AND j.state = 'ACCEPTED')
        AND NOT EXISTS (SELECT FROM app.jury_conflict c WHERE c.juror = s.juror AND c.entry = s.entry) WHERE s.activity = asked;
    INSERT INTO app.reader (subject, person, basis, since) SELECT asked, j.person, 'staff', app.clock() FROM app.juror j
    WHERE j.activity = asked AND j.state = 'ACCEPTED' AND j.person IS NOT NULL ON CONFLICT DO NOTHING;
    RETURN 'ENDED';
END $$;

-- Until judging begins.
CREATE FUNCTION door.jury_set() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM app.activity a WHERE a.id = NEW.activity AND a.kind = 'CONTEST'
                   AND a.state IN ('DRAFT', 'IN_REVIEW', 'SCHEDULED', 'OPEN', 'CLOSED')) THEN
        RAISE 'how it is judged is fixed' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION door.jury_made() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.activity SET results_due = true WHERE id = NEW.activity;
    RETURN NULL;
END $$;

CREATE FUNCTION door.ranked() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM app.jury y WHERE y.activity = NEW.activity AND y.ended_by = app.person() AND y.ended_at = app.clock()) THEN
        RAISE 'judging does not end now' USING ERRCODE = '42501';
    END IF;
    IF NEW.place > (SELECT y.shortlist FROM app.jury y WHERE y.activity = NEW.activity) THEN RETURN NULL; END IF;
    UPDATE app.exhibit SET state = 'SHORTLISTED' WHERE entry = NEW.entry AND ended_at IS NULL;
    UPDATE app.entry SET state = 'SHORTLISTED', state_at = app.clock() WHERE id = NEW.entry AND state = 'DISPLAYED';
    RETURN NULL;
END $$;

-- With the results' announcement, in the same instant: of what was taken down meanwhile nobody has its prize.
CREATE FUNCTION door.awarded() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.exhibit x SET state = 'AWARDED', award = CASE r.prize WHEN 'FIRST' THEN '一等奖' WHEN 'SECOND' THEN '二等奖' WHEN 'THIRD' THEN '三等奖' ELSE '优秀奖' END
    FROM app.jury_result r WHERE r.activity = NEW.id AND r.prize IS NOT NULL AND x.entry = r.entry AND x.ended_at IS NULL;
    UPDATE app.entry e SET state = 'AWARDED', state_at = app.clock()
    FROM app.jury_result r WHERE r.activity = NEW.id AND r.prize IS NOT NULL AND e.id = r.entry AND e.state = 'SHORTLISTED';
    RETURN NULL;
END $$;

GRANT EXECUTE ON FUNCTION door.jury_set(), door.jury_made(), door.ranked(), door.awarded() TO app_owner; -- to make the triggers
GRANT EXECUTE ON FUNCTION door.name_juror(uuid, uuid, text, uuid), door.juror_says(uuid, text, bytea[]), door.judging_sheet(uuid), door.may_judge(uuid[]),
    door.judge(uuid, smallint[], text), door.end_judging(uuid) TO app_api;
RESET ROLE;
"""

TRIGGERS = """
CREATE FUNCTION app.results_due() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
    RAISE 'what came of it has not been said' USING ERRCODE = '42501';
END $$;
CREATE TRIGGER results_due BEFORE UPDATE OF state ON app.activity FOR EACH ROW
    WHEN (NEW.state = 'ANNOUNCED' AND OLD.results_due) EXECUTE FUNCTION app.results_due();
CREATE TRIGGER jury_set BEFORE INSERT OR UPDATE OF names, weights, scales, needed, vote_share, shortlist, prizes, version ON app.jury
    FOR EACH ROW EXECUTE FUNCTION door.jury_set();
CREATE TRIGGER jury_made AFTER INSERT ON app.jury FOR EACH ROW EXECUTE FUNCTION door.jury_made();
CREATE TRIGGER ranked    AFTER INSERT ON app.jury_result FOR EACH ROW EXECUTE FUNCTION door.ranked();
CREATE TRIGGER awarded   AFTER UPDATE OF state ON app.activity FOR EACH ROW
    WHEN (NEW.state = 'ANNOUNCED' AND OLD.state <> 'ANNOUNCED' AND NEW.kind = 'CONTEST') EXECUTE FUNCTION door.awarded();
"""


def upgrade() -> None:
    run(op, TABLES + DOOR + TRIGGERS)
    wall(op, "jury", "juror", "jury_score", "jury_conflict", "jury_result")
