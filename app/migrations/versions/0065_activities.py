"""What the city puts on: gatherings, quizzes and contests, passed by a second person and led by a table."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0065"
down_revision = "0064"


def holds(roles: str) -> str:
    return f"""EXISTS (SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role IN ({roles})
                            AND h.until > app.clock() OFFSET 0)"""


EDITOR, STAFF = holds("'EDITOR'"), holds("'EDITOR', 'SUPERVISOR'")
SAID = "title, words, division, institution, place, opens_at, closes_at, begins_at, ends_at, places"

ACTIVITY = f"""
CREATE TABLE app.activity (
    id           uuid PRIMARY KEY,
    kind         text NOT NULL CHECK (kind IN ('GATHERING', 'QUIZ', 'CONTEST')),
    title        text NOT NULL CHECK (title <> ''),
    words        text NOT NULL,
    division     text NOT NULL CHECK (division ~ '^[0-9]{{6,12}}$'),
    institution  uuid REFERENCES app.institution,
    place        text NOT NULL,                       -- where one comes; empty where nobody needs to
    opens_at     timestamptz NOT NULL,
    closes_at    timestamptz NOT NULL CHECK (closes_at > opens_at),
    begins_at    timestamptz,
    ends_at      timestamptz CHECK (ends_at > begins_at),
    places       integer CHECK (places > 0),          -- NULL: for everybody
    taken        integer NOT NULL CHECK (taken >= 0 AND (places IS NULL OR taken <= places)),
    waiting      integer NOT NULL CHECK (waiting >= 0),
    came         integer NOT NULL CHECK (came >= 0),
    state        text NOT NULL CHECK (state IN ('DRAFT', 'IN_REVIEW', 'SCHEDULED', 'OPEN', 'CLOSED', 'SCORING', 'ANNOUNCED', 'ARCHIVED', 'CANCELLED')),
    state_at     timestamptz NOT NULL,
    published_at timestamptz,                         -- from then on it is everybody's to see
    writers      uuid[] NOT NULL CHECK (cardinality(writers) > 0), -- everybody who had a hand in its words
    reviewer     uuid REFERENCES app.person CHECK (reviewer <> ALL (writers)),
    reason       text NOT NULL,                       -- why it was sent back or cancelled
    version      integer NOT NULL CHECK (version > 0),
    made_at      timestamptz NOT NULL,
    changed_at   timestamptz NOT NULL,
    changed_by   uuid NOT NULL REFERENCES app.person,
    CHECK ((kind = 'GATHERING') = (begins_at IS NOT NULL) AND (begins_at IS NULL) = (ends_at IS NULL)),
    CHECK (places IS NULL OR kind = 'GATHERING'));
CREATE INDEX activity_at ON app.activity (opens_at DESC, id DESC);
CREATE TABLE app.activity_step (                      -- what became of it, step by step; written by a trigger alone
    activity uuid NOT NULL REFERENCES app.activity,
    n        smallint NOT NULL,
    state    text NOT NULL,
    actor    uuid,                                    -- NULL: the house
    reason   text NOT NULL,
    version  integer NOT NULL,
    at       timestamptz NOT NULL,
    PRIMARY KEY (activity, n));

GRANT SELECT, INSERT, UPDATE ({SAID}, state, reason, version, changed_at, changed_by) ON app.activity TO app_api;
CREATE POLICY read   ON app.activity FOR SELECT TO app_api USING (CASE WHEN published_at IS NOT NULL THEN true ELSE {STAFF} END);
CREATE POLICY make   ON app.activity FOR INSERT TO app_api WITH CHECK (
    writers = ARRAY[app.person()] AND changed_by = app.person() AND state = 'DRAFT' AND version = 1 AND reason = ''
    AND made_at = app.clock() AND changed_at = app.clock() AND state_at = app.clock() AND published_at IS NULL AND reviewer IS NULL
    AND taken = 0 AND waiting = 0 AND came = 0 AND {EDITOR});
CREATE POLICY change ON app.activity FOR UPDATE TO app_api USING ({EDITOR}) WITH CHECK (changed_by = app.person() AND changed_at = app.clock());
CREATE POLICY review ON app.activity FOR UPDATE TO app_api USING (CASE WHEN state = 'IN_REVIEW' THEN {STAFF} ELSE false END)
    WITH CHECK (changed_by = app.person() AND changed_at = app.clock());
GRANT SELECT, UPDATE (state) ON app.activity TO app_worker;
CREATE POLICY worker ON app.activity TO app_worker USING (true);
GRANT SELECT, UPDATE (taken, waiting, came) ON app.activity TO app_door;
CREATE POLICY door   ON app.activity TO app_door USING (true);
GRANT SELECT ON app.activity_step TO app_api;
CREATE POLICY read   ON app.activity_step FOR SELECT TO app_api USING ({STAFF});
GRANT SELECT (activity, n), INSERT ON app.activity_step TO app_door;
CREATE POLICY door   ON app.activity_step TO app_door USING (true);
"""

# From where to where, by whom, of which kinds: the same as in app/activities/rules/machine.py, and a test compares them.
ALL, GATHERING, SCORED = "GATHERING QUIZ CONTEST", "GATHERING", "QUIZ CONTEST"
MOVES = [
    ("DRAFT", "IN_REVIEW", "EDITOR", ALL),
    ("IN_REVIEW", "SCHEDULED", "SECOND", ALL),
    ("IN_REVIEW", "DRAFT", "STAFF", ALL),
    ("SCHEDULED", "DRAFT", "EDITOR", ALL),
    ("SCHEDULED", "OPEN", "HOUSE", ALL),
    ("OPEN", "CLOSED", "EDITOR HOUSE", ALL),
    ("CLOSED", "SCORING", "EDITOR HOUSE", SCORED),
    ("SCORING", "ANNOUNCED", "EDITOR HOUSE", SCORED),
    ("CLOSED", "ANNOUNCED", "EDITOR", GATHERING),
    ("CLOSED", "ARCHIVED", "HOUSE", GATHERING),
    ("ANNOUNCED", "ARCHIVED", "EDITOR HOUSE", ALL),
    *(
        (state, "CANCELLED", "EDITOR", ALL)
        for state in ("DRAFT", "IN_REVIEW", "SCHEDULED", "OPEN", "CLOSED", "SCORING")
    ),
]
_TABLE = ", ".join(
    f"('{begins}', '{ends}', '{{{','.join(who.split())}}}'::text[], '{{{','.join(kinds.split())}}}'::text[])"
    for begins, ends, who, kinds in MOVES
)

STEPS = f"""
-- Its words change in a draft alone; it goes only so, and passes by a second person.
CREATE FUNCTION app.activity_moves() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
    who    constant uuid := app.person();
    same   constant boolean := ROW(NEW.title, NEW.words, NEW.division, NEW.institution, NEW.place, NEW.opens_at, NEW.closes_at, NEW.begins_at, NEW.ends_at, NEW.places)
        IS NOT DISTINCT FROM ROW(OLD.title, OLD.words, OLD.division, OLD.institution, OLD.place, OLD.opens_at, OLD.closes_at, OLD.begins_at, OLD.ends_at, OLD.places);
    parts  text[];
BEGIN
    IF NEW.state = OLD.state THEN
        IF OLD.state <> 'DRAFT' OR NEW.version <> OLD.version + 1 OR NEW.reason <> OLD.reason
            OR NOT EXISTS (SELECT FROM app.role_held h WHERE h.person = who AND h.role = 'EDITOR' AND h.until > app.clock()) THEN
            RAISE 'what was handed in stays as it is' USING ERRCODE = '42501';
        END IF;
        IF who <> ALL (OLD.writers) THEN NEW.writers := OLD.writers || who; END IF;
        RETURN NEW;
    END IF;
    parts := CASE WHEN who IS NULL THEN ARRAY['HOUSE'] WHEN who = ANY (OLD.writers) THEN ARRAY['STAFF'] ELSE ARRAY['STAFF', 'SECOND'] END;
    IF who IS NOT NULL AND EXISTS (SELECT FROM app.role_held h WHERE h.person = who AND h.role = 'EDITOR' AND h.until > app.clock()) THEN
        parts := parts || 'EDITOR'::text;
    END IF;
    PERFORM FROM (VALUES {_TABLE}) AS t (begins, ends, movers, kinds)
    WHERE t.begins = OLD.state AND t.ends = NEW.state AND t.movers && parts AND OLD.kind = ANY (t.kinds);
    IF NOT FOUND OR NOT same OR NEW.version <> OLD.version
        OR who IS NULL AND (NEW.state = 'OPEN' AND OLD.opens_at > app.clock() OR NEW.state = 'CLOSED' AND OLD.closes_at > app.clock()) THEN
        RAISE 'an activity does not go that way' USING ERRCODE = '42501';
    END IF;
    NEW.state_at := app.clock();
    IF NEW.state = 'SCHEDULED' THEN
        NEW.published_at := app.clock();
        NEW.reviewer := who;
    ELSIF NEW.state = 'DRAFT' THEN
        NEW.published_at := NULL;
        NEW.reviewer := NULL;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER activity_moves BEFORE UPDATE OF {SAID}, state, reason, version, changed_at, changed_by ON app.activity
    FOR EACH ROW EXECUTE FUNCTION app.activity_moves();

SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
CREATE FUNCTION door.activity_moved() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO app.activity_step (activity, n, state, actor, reason, version, at)
    SELECT NEW.id, count(*), NEW.state, app.person(), NEW.reason, NEW.version, app.clock() FROM app.activity_step s WHERE s.activity = NEW.id;
    RETURN NULL;
END $$;
GRANT EXECUTE ON FUNCTION door.activity_moved() TO app_owner; -- to make the triggers
RESET ROLE;
CREATE TRIGGER activity_moved AFTER INSERT OR UPDATE OF state, version ON app.activity
    FOR EACH ROW EXECUTE FUNCTION door.activity_moved();
"""


def upgrade() -> None:
    run(op, ACTIVITY + STEPS)
    wall(op, "activity", "activity_step")
