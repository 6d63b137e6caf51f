"""Appointments with institutions: what they offer, whose and which room's calendar serves it, and who comes when."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0046"
down_revision = "0045"

SERVICES = "'CONSULTATION', 'LEGAL_AID', 'MEDIATION', 'NOTARY'"
MODES = "'WINDOW', 'TELEPHONE', 'VIDEO', 'HOME_VISIT'"
LIVE = "'HELD', 'REQUESTED', 'CONFIRMED', 'CHECKED_IN'"

POLICY = """
-- Equality of ids beside overlap of times, in one index. In a schema of its own, as the other extensions.
CREATE SCHEMA spans;
CREATE EXTENSION btree_gist WITH SCHEMA spans;
CREATE TABLE app.appointment_policy (                 -- versions are added, never changed; an appointment keeps its own
    version smallint PRIMARY KEY,
    terms   jsonb NOT NULL,                           -- times in seconds
    since   timestamptz NOT NULL);
INSERT INTO app.appointment_policy VALUES (1, '{
    "lead": 7200, "horizon": 2592000, "span": 2678400, "hold": 300, "hold_most": 1800, "live": 2, "cancel": 7200,
    "early": 1800, "grace": 900, "missed": 2, "missed_within": 7776000, "window_only": 2592000,
    "reminders": [86400, 7200], "on_site_metres": 300, "kept": 7776000}', 'epoch');
GRANT SELECT ON app.appointment_policy TO app_api, app_worker, app_door;
CREATE POLICY everyone ON app.appointment_policy FOR SELECT TO app_api, app_worker, app_door USING (true);
"""

POSTED = """EXISTS (SELECT FROM app.post p WHERE p.person = app.person() AND p.institution = {table}.institution
        {duty}AND p.until > app.clock() OFFSET 0)"""


def kept_by_officers(table: str, columns: str, hidden: str = "") -> str:
    """Everybody sees what is offered; officers of the institution say it, in their own name and at this moment."""
    officer = POSTED.format(table=table, duty="AND p.duty IN ('OFFICER', 'SUPERVISOR') ")
    signed = "changed_by = app.person() AND changed_at = app.clock()"
    book = "changed_by, reason"
    return f"""
GRANT SELECT (id, institution, {columns}, version, changed_at) ON app.{table} TO app_api, app_worker;
GRANT INSERT (id, institution, {columns}, {hidden}version, changed_at, {book}), UPDATE ({columns}, version, changed_at, {book})
    ON app.{table} TO app_api;
CREATE POLICY everyone ON app.{table} FOR SELECT TO app_api, app_worker USING (true);
CREATE POLICY enter    ON app.{table} FOR INSERT TO app_api WITH CHECK (version = 1 AND {signed} AND {officer});
CREATE POLICY change   ON app.{table} FOR UPDATE TO app_api USING ({officer}) WITH CHECK ({signed});
CREATE TRIGGER register_changes AFTER INSERT OR UPDATE ON app.{table} FOR EACH ROW EXECUTE FUNCTION door.register_changes();
"""


SIGNATURE = """
    active      boolean NOT NULL,
    version     integer NOT NULL CHECK (version > 0),
    changed_at  timestamptz NOT NULL,
    changed_by  uuid NOT NULL,
    reason      text NOT NULL"""

OFFERED = f"""
CREATE TABLE app.appointment_service (                -- what an institution can be visited for
    id          uuid PRIMARY KEY,
    institution uuid NOT NULL REFERENCES app.institution,
    service     text NOT NULL CHECK (service IN ({SERVICES})),
    minutes     smallint NOT NULL CHECK (minutes IN (15, 30, 60)),
    modes       text[] NOT NULL CHECK (cardinality(modes) > 0 AND modes <@ ARRAY[{MODES}]),
    confirms    boolean NOT NULL,                     -- the staff look at each before it holds{SIGNATURE},
    UNIQUE (institution, service));
CREATE TABLE app.appointment_calendar (               -- of somebody of the staff, or of a room or window
    id          uuid PRIMARY KEY,
    institution uuid NOT NULL REFERENCES app.institution,
    kind        text NOT NULL CHECK (kind IN ('STAFF', 'ROOM')),
    person      uuid REFERENCES app.person,
    name        text NOT NULL CHECK (name <> ''),
    capacity    smallint NOT NULL CHECK (capacity BETWEEN 1 AND 20),
    services    text[] NOT NULL CHECK (services <@ ARRAY[{SERVICES}]),
    away        jsonb NOT NULL,                       -- [[from, until], ...]{SIGNATURE},
    CHECK ((kind = 'STAFF') = (person IS NOT NULL) AND (kind = 'ROOM' OR capacity = 1)));
CREATE UNIQUE INDEX appointment_calendar_of ON app.appointment_calendar (institution, person) WHERE person IS NOT NULL;
CREATE INDEX appointment_calendar_at ON app.appointment_calendar (institution, id);
{kept_by_officers("appointment_service", "service, minutes, modes, confirms, active")}
{kept_by_officers("appointment_calendar", "kind, name, capacity, services, away, active", "person, ")}
-- A calendar stays whose it is, and a service what it is.
CREATE FUNCTION app.stays_whose_it_is() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
    RAISE 'it stays what it is' USING ERRCODE = '42501';
END $$;
CREATE TRIGGER stays BEFORE UPDATE OF service ON app.appointment_service FOR EACH ROW
    WHEN (OLD.service <> NEW.service) EXECUTE FUNCTION app.stays_whose_it_is();
CREATE TRIGGER stays BEFORE UPDATE OF kind ON app.appointment_calendar FOR EACH ROW
    WHEN (OLD.kind <> NEW.kind) EXECUTE FUNCTION app.stays_whose_it_is();
"""

_AT = POSTED.format(table="appointment", duty="")

APPOINTMENT = f"""
CREATE TABLE app.appointment (                        -- a subject of its own once it is booked
    id          uuid PRIMARY KEY,
    institution uuid NOT NULL REFERENCES app.institution,
    service     text NOT NULL CHECK (service IN ({SERVICES})),
    person      uuid REFERENCES app.person,           -- NULL: walked in without an account, or gave it up
    origin      text NOT NULL CHECK (origin IN ('BOOKED', 'WALK_IN')),
    mode        text NOT NULL CHECK (mode IN ({MODES})),
    state       text NOT NULL CHECK (state IN ({LIVE}, 'DONE', 'NO_SHOW', 'EXPIRED', 'RESCHEDULED',
                                               'CANCELLED_BY_RESIDENT', 'CANCELLED_BY_STAFF')),
    staff       uuid REFERENCES app.appointment_calendar,
    room        uuid REFERENCES app.appointment_calendar,
    place       smallint,                             -- of the room's
    starts_at   timestamptz NOT NULL,
    ends_at     timestamptz NOT NULL,
    made_at     timestamptz NOT NULL,
    hold_until  timestamptz NOT NULL,                 -- while it is HELD
    booked_at   timestamptz,
    called_at   timestamptz,                          -- when the next number was called
    state_at    timestamptz NOT NULL,
    policy      smallint NOT NULL REFERENCES app.appointment_policy,
    number      integer,                              -- of those who walk in, day by day
    day         date,
    body        bytea NOT NULL,                       -- sealed: name, telephone, what it is about; empty until it is booked
    reason      bytea,                                -- sealed: why the staff cancelled
    moved_from  uuid REFERENCES app.appointment,
    CHECK (ends_at - starts_at IN ('15 minutes', '30 minutes', '60 minutes')),
    CHECK (staff IS NOT NULL OR room IS NOT NULL), CHECK ((room IS NULL) = (place IS NULL)),
    CHECK ((origin = 'WALK_IN') = (number IS NOT NULL) AND (number IS NULL) = (day IS NULL)),
    -- Nobody is in two places, and no place holds two: whoever comes second finds it taken, however many come at once.
    CONSTRAINT appointment_staff EXCLUDE USING gist (staff WITH =, tstzrange(starts_at, ends_at) WITH &&)
        WHERE (state IN ({LIVE})),
    CONSTRAINT appointment_room EXCLUDE USING gist (room WITH =, place WITH =, tstzrange(starts_at, ends_at) WITH &&)
        WHERE (state IN ({LIVE})),
    CONSTRAINT appointment_number UNIQUE (institution, day, number));
CREATE INDEX appointment_of ON app.appointment (person, starts_at DESC, id DESC);
CREATE INDEX appointment_at ON app.appointment (institution, starts_at, id);
CREATE TABLE app.appointment_move (                   -- what became of it, step by step; written by a trigger alone
    appointment uuid NOT NULL REFERENCES app.appointment,
    n           smallint NOT NULL,
    state       text NOT NULL,
    actor       uuid,                                 -- NULL: the house
    at          timestamptz NOT NULL,
    PRIMARY KEY (appointment, n));

GRANT SELECT, INSERT (id, institution, service, person, origin, mode, state, staff, room, place, starts_at, ends_at, made_at,
        hold_until, state_at, policy, number, day, body, moved_from),
    UPDATE (state, hold_until, booked_at, called_at, body, reason) ON app.appointment TO app_api;
CREATE POLICY read ON app.appointment FOR SELECT TO app_api USING (EXISTS (
    SELECT FROM app.reader r WHERE r.subject = id AND r.person = app.person() AND r.until > app.clock() OFFSET 0));
CREATE POLICY hold ON app.appointment FOR INSERT TO app_api WITH CHECK (
    person = app.person() AND origin = 'BOOKED' AND state = 'HELD' AND made_at = app.clock() AND state_at = app.clock()
    AND starts_at > app.clock() AND hold_until <= app.clock() + interval '5 minutes' AND body = '');
CREATE POLICY walk_in ON app.appointment FOR INSERT TO app_api WITH CHECK (
    origin = 'WALK_IN' AND state = 'CHECKED_IN' AND mode = 'WINDOW' AND made_at = app.clock() AND state_at = app.clock()
    AND ends_at > app.clock() AND starts_at < app.clock() + interval '1 day' AND body = ''
    AND CASE WHEN person IS NOT NULL THEN person = app.person() ELSE {_AT} END);
CREATE POLICY own ON app.appointment FOR UPDATE TO app_api USING (person = app.person())
    WITH CHECK (person = app.person() AND hold_until <= made_at + interval '30 minutes');
CREATE POLICY staff ON app.appointment FOR UPDATE TO app_api USING (person IS DISTINCT FROM app.person() AND {_AT})
    WITH CHECK ({_AT});
GRANT SELECT (id, institution, service, person, origin, mode, state, staff, room, place, starts_at, ends_at, made_at, hold_until,
        booked_at, state_at, policy, moved_from), UPDATE (state) ON app.appointment TO app_worker;
CREATE POLICY worker ON app.appointment TO app_worker USING (true);
GRANT SELECT (id, institution, service, person, origin, mode, state, staff, room, place, starts_at, ends_at, policy, number, day),
    UPDATE (person, state, body, reason) ON app.appointment TO app_door;
CREATE POLICY door ON app.appointment TO app_door USING (true);
GRANT SELECT ON app.appointment_move TO app_api;
CREATE POLICY read ON app.appointment_move FOR SELECT TO app_api USING (EXISTS (
    SELECT FROM app.reader r WHERE r.subject = appointment AND r.person = app.person() AND r.until > app.clock() OFFSET 0));
GRANT SELECT (appointment, n), INSERT ON app.appointment_move TO app_door;
CREATE POLICY door ON app.appointment_move TO app_door USING (true);
GRANT SELECT (institution, service, confirms) ON app.appointment_service TO app_door;
CREATE POLICY door ON app.appointment_service FOR SELECT TO app_door USING (true);
"""

# Who may lead it from where to where: the same as in app/appointments/rules/machine.py, and a test compares them.
MOVES = [
    ("HELD", "REQUESTED", "RESIDENT"),
    ("HELD", "CONFIRMED", "RESIDENT"),
    ("HELD", "CANCELLED_BY_RESIDENT", "RESIDENT HOUSE"),
    ("HELD", "EXPIRED", "HOUSE"),
    ("REQUESTED", "CONFIRMED", "STAFF"),
    ("REQUESTED", "RESCHEDULED", "RESIDENT"),
    ("REQUESTED", "CANCELLED_BY_RESIDENT", "RESIDENT HOUSE"),
    ("REQUESTED", "CANCELLED_BY_STAFF", "STAFF"),
    ("REQUESTED", "EXPIRED", "HOUSE"),
    ("CONFIRMED", "CHECKED_IN", "RESIDENT STAFF"),
    ("CONFIRMED", "RESCHEDULED", "RESIDENT"),
    ("CONFIRMED", "CANCELLED_BY_RESIDENT", "RESIDENT HOUSE"),
    ("CONFIRMED", "CANCELLED_BY_STAFF", "STAFF"),
    ("CONFIRMED", "DONE", "STAFF HOUSE"),
    ("CONFIRMED", "NO_SHOW", "STAFF HOUSE"),
    ("CHECKED_IN", "CANCELLED_BY_RESIDENT", "RESIDENT HOUSE"),
    ("CHECKED_IN", "CANCELLED_BY_STAFF", "STAFF"),
    ("CHECKED_IN", "DONE", "STAFF HOUSE"),
    ("CHECKED_IN", "NO_SHOW", "STAFF"),
    ("NO_SHOW", "DONE", "STAFF"),
]
_TABLE = ", ".join(f"('{begins}', '{ends}', '{{{','.join(who.split())}}}'::text[])" for begins, ends, who in MOVES)

DOOR = f"""
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- When whose calendar is taken there, and nothing else of it.
CREATE FUNCTION door.taken(at uuid, since timestamptz, until timestamptz)
RETURNS TABLE (staff uuid, room uuid, place smallint, starts_at timestamptz, ends_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT a.staff, a.room, a.place, a.starts_at, a.ends_at FROM app.appointment a
    WHERE a.institution = at AND a.starts_at < until AND a.starts_at > since - interval '1 hour' AND a.ends_at > since
      AND a.state IN ({LIVE});
END;

-- The next number of those who walk in that day: one at a time, until its transaction has ended.
CREATE FUNCTION door.next_number(at uuid, that date) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('walk in ' || at::text || that::text, 0));
    RETURN (SELECT coalesce(max(a.number), 0) + 1 FROM app.appointment a WHERE a.institution = at AND a.day = that);
END $$;

-- Only so, and by these; what was booked keeps its words.
CREATE FUNCTION door.appointment_moves() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    mover constant text := CASE WHEN app.person() IS NULL THEN 'HOUSE' WHEN app.person() = OLD.person THEN 'RESIDENT' ELSE 'STAFF' END;
BEGIN
    IF NEW.state <> OLD.state THEN
        PERFORM FROM (VALUES {_TABLE}) AS t (begins, ends, movers)
        WHERE t.begins = OLD.state AND t.ends = NEW.state AND mover = ANY (t.movers);
        IF NOT FOUND THEN RAISE 'an appointment does not go that way' USING ERRCODE = '42501'; END IF;
        IF OLD.state = 'HELD' AND NEW.state = 'CONFIRMED' AND (NEW.mode = 'HOME_VISIT' OR EXISTS (
                SELECT FROM app.appointment_service s
                WHERE s.institution = NEW.institution AND s.service = NEW.service AND s.confirms)) THEN
            RAISE 'the staff confirm it' USING ERRCODE = '42501';
        END IF;
        NEW.state_at := app.clock();
    END IF;
    IF mover <> 'HOUSE' AND (OLD.state <> 'HELD' AND (NEW.body <> OLD.body OR NEW.hold_until <> OLD.hold_until
                                                      OR NEW.booked_at IS DISTINCT FROM OLD.booked_at)
                             OR mover <> 'STAFF' AND (NEW.called_at IS DISTINCT FROM OLD.called_at OR NEW.reason IS DISTINCT FROM OLD.reason)) THEN
        RAISE 'what was booked stays as it is' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;

-- Who reads it: whose it is, and once it is booked those who have a post there, until a week after its end.
CREATE FUNCTION door.appointment_moved() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.state = OLD.state THEN RETURN NULL; END IF;
    ELSIF NEW.person IS NOT NULL THEN
        INSERT INTO app.reader (subject, person, basis, since) VALUES (NEW.id, NEW.person, 'asker', NEW.made_at);
    END IF;
    IF NEW.state IN ('REQUESTED', 'CONFIRMED', 'CHECKED_IN') THEN
        INSERT INTO app.reader (subject, person, basis, since)
        SELECT NEW.id, p.person, 'staff', app.clock() FROM app.post p WHERE p.institution = NEW.institution AND p.until > app.clock()
        ON CONFLICT (subject, person) DO NOTHING;
    ELSIF NEW.state <> 'HELD' THEN
        UPDATE app.reader SET until = app.clock() + interval '7 days' WHERE subject = NEW.id AND basis = 'staff' AND until = 'infinity';
    END IF;
    INSERT INTO app.appointment_move (appointment, n, state, actor, at)
    SELECT NEW.id, count(*), NEW.state, app.person(), app.clock() FROM app.appointment_move m WHERE m.appointment = NEW.id;
    RETURN NULL;
END $$;

-- Who comes to an institution reads what is booked there, who leaves it reads nothing of it any more.
CREATE FUNCTION door.post_reads_appointments() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.institution <> NEW.institution OR NEW.until <= app.clock()) THEN
        UPDATE app.reader r SET until = app.clock() FROM app.appointment a
        WHERE a.institution = OLD.institution AND r.subject = a.id AND r.person = OLD.person AND r.basis = 'staff' AND r.until > app.clock();
    END IF;
    IF NEW.until > app.clock() THEN
        INSERT INTO app.reader (subject, person, basis, since)
        SELECT a.id, NEW.person, 'staff', app.clock() FROM app.appointment a
        WHERE a.institution = NEW.institution AND a.state IN ('REQUESTED', 'CONFIRMED', 'CHECKED_IN')
        ON CONFLICT (subject, person) DO UPDATE SET until = 'infinity' WHERE reader.basis = 'staff';
    END IF;
    RETURN NULL;
END $$;

-- What was said, once its time is over and no legal hold keeps it; whether it was so. Twice changes nothing.
CREATE FUNCTION door.forget_appointment(asked uuid) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('legal hold', 0));
    PERFORM FROM app.appointment a JOIN app.appointment_policy p ON p.version = a.policy
    WHERE a.id = asked AND a.state NOT IN ({LIVE}) AND a.ends_at + make_interval(secs => (p.terms ->> 'kept')::int) <= app.clock()
      AND NOT EXISTS (SELECT FROM app.legal_hold h WHERE h.lifted_at IS NULL AND h.subject IN (a.id, a.person));
    IF NOT FOUND THEN RETURN false; END IF;
    DELETE FROM app.key WHERE subject = asked;
    UPDATE app.appointment SET body = '', reason = NULL WHERE id = asked;
    RETURN true;
END $$;

-- Of somebody who closes her account: what is to come is cancelled, and nothing says whose it was.
CREATE FUNCTION door.give_up_appointments(whose uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    hers uuid[];
BEGIN
    IF NOT EXISTS (SELECT FROM app.closing c WHERE c.person = whose) THEN RETURN; END IF;
    hers := ARRAY(SELECT a.id FROM app.appointment a WHERE a.person = whose);
    UPDATE app.appointment SET state = 'CANCELLED_BY_RESIDENT' WHERE id = ANY (hers) AND state IN ({LIVE});
    DELETE FROM app.key WHERE subject = ANY (hers);
    DELETE FROM app.reader WHERE subject = ANY (hers) AND person = whose;
    UPDATE app.appointment SET person = NULL, body = '', reason = NULL WHERE id = ANY (hers);
END $$;

-- Two identities become one person: so do their appointments.
CREATE FUNCTION door.appointments_move() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.appointment SET person = NEW.person WHERE person = OLD.person;
    RETURN NULL;
END $$;

CREATE FUNCTION door.list_appointments(asked uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    whose uuid := door.begin_list(asked, 'appointments');
BEGIN
    IF whose IS NULL THEN RETURN; END IF;
    INSERT INTO app.export_part (export, kind, person, ids)
    SELECT asked, 'appointment', whose, array_agg(a.id ORDER BY a.starts_at, a.id) FROM app.appointment a
    WHERE a.person = whose HAVING count(*) > 0;
    PERFORM door.end_list(asked);
END $$;

GRANT EXECUTE ON FUNCTION door.appointment_moves(), door.appointment_moved(), door.post_reads_appointments(),
    door.appointments_move() TO app_owner; -- to make the triggers
GRANT EXECUTE ON FUNCTION door.taken(uuid, timestamptz, timestamptz), door.next_number(uuid, date) TO app_api;
GRANT EXECUTE ON FUNCTION door.forget_appointment(uuid), door.give_up_appointments(uuid), door.list_appointments(uuid) TO app_worker;
RESET ROLE;

CREATE TRIGGER appointment_moves BEFORE UPDATE OF state, body, reason, hold_until, booked_at, called_at ON app.appointment
    FOR EACH ROW EXECUTE FUNCTION door.appointment_moves();
CREATE TRIGGER appointment_moved AFTER INSERT OR UPDATE OF state ON app.appointment
    FOR EACH ROW EXECUTE FUNCTION door.appointment_moved();
CREATE TRIGGER post_reads_appointments AFTER INSERT OR UPDATE ON app.post
    FOR EACH ROW EXECUTE FUNCTION door.post_reads_appointments();
CREATE TRIGGER appointments_move AFTER UPDATE OF person ON app.identity
    FOR EACH ROW WHEN (OLD.person <> NEW.person) EXECUTE FUNCTION door.appointments_move();
"""


def upgrade() -> None:
    run(op, POLICY + OFFERED + APPOINTMENT + DOOR)
    wall(op, "appointment_policy", "appointment_service", "appointment_calendar", "appointment", "appointment_move")
