"""Pick-up codes, the visits at a window that they become, and what is handed over there."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0052"
down_revision = "0051"

VISITS = """
CREATE TABLE app.window_visit (                       -- a pick-up code, and the visit that it becomes once it is opened; a subject of its own
    id          uuid PRIMARY KEY,
    subject     uuid NOT NULL,                        -- the application or the appointment
    about       text NOT NULL CHECK (about IN ('APPLICATION', 'APPOINTMENT')),
    maker       uuid REFERENCES app.person,           -- NULL once she closed her account
    code        bytea NOT NULL,                       -- HMAC of eight digits
    slip        bytea NOT NULL,                       -- sealed: all that the window sees of what was said; empty once its day is over
    made_at     timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    ended_at    timestamptz,                          -- when another took its place
    opened_at   timestamptz,
    institution uuid REFERENCES app.institution,      -- whose window it is
    staff       uuid REFERENCES app.person,
    until       timestamptz NOT NULL DEFAULT 'epoch', -- the end of that day in the city: from then on the window sees nothing of it
    CHECK ((opened_at IS NULL) = (institution IS NULL) AND (opened_at IS NULL) = (staff IS NULL)
           AND (opened_at IS NULL) = (until = 'epoch') AND (opened_at IS NULL OR ended_at IS NULL)),
    UNIQUE (id, subject));
CREATE UNIQUE INDEX window_visit_code ON app.window_visit (code)    WHERE opened_at IS NULL AND ended_at IS NULL;
CREATE UNIQUE INDEX window_visit_live ON app.window_visit (subject) WHERE opened_at IS NULL AND ended_at IS NULL;
CREATE INDEX window_visit_of    ON app.window_visit (subject, opened_at DESC, id DESC) WHERE opened_at IS NOT NULL;
CREATE INDEX window_visit_staff ON app.window_visit (staff, opened_at DESC, id DESC) WHERE opened_at IS NOT NULL;
GRANT SELECT, INSERT (id, subject, about, maker, code, slip, made_at, expires_at) ON app.window_visit TO app_api;
-- Its readers; and that it was, whoever handles what it is about.
CREATE POLICY read ON app.window_visit FOR SELECT TO app_api USING (CASE WHEN EXISTS (
    SELECT FROM app.reader r WHERE r.subject = id AND r.person = app.person() AND r.until > app.clock() OFFSET 0) THEN true
    ELSE opened_at IS NOT NULL AND EXISTS (
    SELECT FROM app.reader r WHERE r.subject = window_visit.subject AND r.person = app.person() AND r.until > app.clock()
                               AND r.basis IN ('staff', 'supervisor') OFFSET 0) END);
CREATE POLICY make ON app.window_visit FOR INSERT TO app_api WITH CHECK (
    maker = app.person() AND made_at = app.clock() AND expires_at <= app.clock() + interval '1 day' AND EXISTS (
    SELECT FROM app.reader r WHERE r.subject = window_visit.subject AND r.person = app.person() AND r.until > app.clock()
                               AND r.basis IN ('asker', 'delegate') OFFSET 0));
GRANT SELECT (id, subject, about, opened_at, expires_at, until) ON app.window_visit TO app_worker;
CREATE POLICY worker ON app.window_visit FOR SELECT TO app_worker USING (true);
GRANT SELECT, UPDATE (maker, slip, ended_at, opened_at, institution, staff, until) ON app.window_visit TO app_door;
CREATE POLICY door ON app.window_visit TO app_door USING (true);

GRANT SELECT (receipt, clock, due_at) ON app.application TO app_door;

CREATE TABLE app.window_act (                         -- papers that went over the counter; no row is changed, none goes
    id      uuid PRIMARY KEY,
    visit   uuid NOT NULL,
    subject uuid NOT NULL,
    kind    text NOT NULL CHECK (kind IN ('RECEIVED', 'HANDED_OUT', 'COLLECTED')),
    papers  jsonb NOT NULL CHECK (jsonb_typeof(papers) = 'array' AND jsonb_array_length(papers) BETWEEN 1 AND 26), -- [[kind, original, copies], ...]
    receipt text NOT NULL UNIQUE,
    staff   uuid NOT NULL REFERENCES app.person,
    at      timestamptz NOT NULL,
    FOREIGN KEY (visit, subject) REFERENCES app.window_visit (id, subject));
CREATE INDEX window_act_of ON app.window_act (visit, at, id);
GRANT SELECT, INSERT ON app.window_act TO app_api;
CREATE POLICY read ON app.window_act FOR SELECT TO app_api USING (CASE WHEN EXISTS (
    SELECT FROM app.reader r WHERE r.subject = visit AND r.person = app.person() AND r.until > app.clock() OFFSET 0) THEN true
    ELSE EXISTS (
    SELECT FROM app.reader r WHERE r.subject = window_act.subject AND r.person = app.person() AND r.until > app.clock()
                               AND r.basis IN ('staff', 'supervisor') OFFSET 0) END);
-- By who opened the visit, until the end of its day: she alone reads it on that ground.
CREATE POLICY act  ON app.window_act FOR INSERT TO app_api WITH CHECK (staff = app.person() AND at = app.clock() AND EXISTS (
    SELECT FROM app.reader r WHERE r.subject = visit AND r.person = app.person() AND r.until > app.clock() AND r.basis = 'staff' OFFSET 0));
GRANT SELECT (id, visit, kind, at) ON app.window_act TO app_worker;
CREATE POLICY worker ON app.window_act FOR SELECT TO app_worker USING (true);
"""

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- One live code of a subject: a new one takes the place of the last.
CREATE FUNCTION door.pickup_makes_room() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.window_visit SET ended_at = app.clock() WHERE subject = NEW.subject AND opened_at IS NULL AND ended_at IS NULL;
    RETURN NEW;
END $$;

-- Who reads the slip: whose it is, and who acts for her.
CREATE FUNCTION door.pickup_made() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO app.reader (subject, person, basis, since)
    SELECT NEW.id, r.person, r.basis, NEW.made_at FROM app.reader r
    WHERE r.subject = NEW.subject AND r.basis IN ('asker', 'delegate') AND r.until > app.clock();
    RETURN NULL;
END $$;

-- Whether this window serves what the code is about: that of its own institution, or one that serves all.
CREATE FUNCTION door.window_serves(asked uuid, serving uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM app.institution i WHERE i.id = serving AND i.kind = 'SERVICE_WINDOW')
        OR EXISTS (SELECT FROM app.application a WHERE a.id = asked AND a.institution = serving)
        OR EXISTS (SELECT FROM app.appointment a WHERE a.id = asked AND a.institution = serving);
END;

-- A look at the code that was told at a window, for who works at one: whose visit it would be, and why it would be none.
CREATE FUNCTION door.pickup_told(told bytea) RETURNS TABLE (id uuid, own boolean, opened boolean, ended boolean, expires_at timestamptz, here boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT v.id, EXISTS (SELECT FROM app.reader r WHERE r.subject = v.id AND r.person = app.person() AND r.basis IN ('asker', 'delegate')),
        v.opened_at IS NOT NULL, v.ended_at IS NOT NULL, v.expires_at, door.window_serves(v.subject, p.institution)
    FROM app.window_visit v JOIN app.post p ON p.person = app.person() AND p.duty = 'WINDOW_STAFF' AND p.until > app.clock()
    WHERE v.code = told ORDER BY v.made_at DESC LIMIT 1;
END;

-- Of many at once the first opens it, until the end of the day; NULL for all others.
CREATE FUNCTION door.open_pickup(told bytea, midnight timestamptz) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    found uuid;
BEGIN
    UPDATE app.window_visit v SET opened_at = app.clock(), institution = p.institution, staff = p.person,
        until = least(midnight, app.clock() + interval '1 day')
    FROM app.post p
    WHERE v.code = told AND v.opened_at IS NULL AND v.ended_at IS NULL AND v.expires_at > app.clock()
      AND p.person = app.person() AND p.duty = 'WINDOW_STAFF' AND p.until > app.clock() AND door.window_serves(v.subject, p.institution)
      AND NOT EXISTS (SELECT FROM app.reader r WHERE r.subject = v.id AND r.person = p.person)
    RETURNING v.id INTO found;
    IF found IS NOT NULL THEN
        INSERT INTO app.reader (subject, person, basis, since, until) SELECT v.id, v.staff, 'staff', v.opened_at, v.until
        FROM app.window_visit v WHERE v.id = found;
    END IF;
    RETURN found;
END $$;

-- Where it stands, for who reads the visit: as far as its row says it, and nothing of what was said.
CREATE FUNCTION door.window_standing(visits uuid[]) RETURNS TABLE (visit uuid, kind text, receipt text, state text, clock text, due_at timestamptz,
    service text, mode text, starts_at timestamptz, number integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT v.id, a.kind, a.receipt, coalesce(a.state, b.state), a.clock, a.due_at, b.service, b.mode, b.starts_at, b.number
    FROM app.window_visit v LEFT JOIN app.application a ON a.id = v.subject LEFT JOIN app.appointment b ON b.id = v.subject
    WHERE v.id = ANY (visits) AND EXISTS (
        SELECT FROM app.reader r WHERE r.subject = v.id AND r.person = app.person() AND r.until > app.clock());
END;

-- Who leaves the window sees nothing of today's any more.
CREATE FUNCTION door.post_leaves_window() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.reader r SET until = app.clock() FROM app.window_visit v
    WHERE v.staff = OLD.person AND v.institution = OLD.institution AND v.until > app.clock()
      AND r.subject = v.id AND r.person = OLD.person AND r.basis = 'staff' AND r.until > app.clock();
    RETURN NULL;
END $$;

-- The slip is destroyed once its day is over, or the code is good for nothing; whether it was so. Twice changes nothing.
CREATE FUNCTION door.forget_slip(asked uuid) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.window_visit SET slip = '' WHERE id = asked AND slip <> ''
        AND CASE WHEN opened_at IS NULL THEN expires_at <= app.clock() ELSE until <= app.clock() END;
    IF FOUND THEN DELETE FROM app.key WHERE subject = asked; END IF;
    RETURN FOUND;
END $$;

-- Of somebody who closes her account: codes that nobody opened end, and no visit says any more whose it was.
CREATE FUNCTION door.give_up_window(whose uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    hers uuid[];
BEGIN
    IF NOT EXISTS (SELECT FROM app.closing c WHERE c.person = whose) THEN RETURN; END IF;
    hers := ARRAY(SELECT v.id FROM app.window_visit v WHERE v.maker = whose
                  OR EXISTS (SELECT FROM app.reader r WHERE r.subject = v.id AND r.person = whose AND r.basis = 'asker'));
    DELETE FROM app.key WHERE subject = ANY (hers);
    DELETE FROM app.reader WHERE subject = ANY (hers) AND person = whose;
    UPDATE app.window_visit SET maker = CASE WHEN maker = whose THEN NULL ELSE maker END, slip = '',
        ended_at = CASE WHEN opened_at IS NULL THEN coalesce(ended_at, app.clock()) END WHERE id = ANY (hers);
END $$;

-- Two identities become one person; her readings move with everybody's.
CREATE FUNCTION door.window_moves() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.window_visit SET maker = NEW.person WHERE maker = OLD.person;
    RETURN NULL;
END $$;

CREATE FUNCTION door.list_window(asked uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    whose uuid := door.begin_list(asked, 'window');
BEGIN
    IF whose IS NULL THEN RETURN; END IF;
    INSERT INTO app.export_part (export, kind, person, ids)
    SELECT asked, 'window_visit', whose, array_agg(v.id ORDER BY v.made_at, v.id) FROM app.window_visit v
    JOIN app.reader r ON r.subject = v.id AND r.person = whose AND r.basis = 'asker' HAVING count(*) > 0;
    PERFORM door.end_list(asked);
END $$;

GRANT EXECUTE ON FUNCTION door.pickup_makes_room(), door.pickup_made(), door.post_leaves_window(), door.window_moves()
    TO app_owner; -- to make the triggers
GRANT EXECUTE ON FUNCTION door.pickup_told(bytea), door.open_pickup(bytea, timestamptz), door.window_standing(uuid[]) TO app_api;
GRANT EXECUTE ON FUNCTION door.forget_slip(uuid), door.give_up_window(uuid), door.list_window(uuid) TO app_worker;
RESET ROLE;

CREATE TRIGGER pickup_makes_room  BEFORE INSERT ON app.window_visit FOR EACH ROW EXECUTE FUNCTION door.pickup_makes_room();
CREATE TRIGGER pickup_made        AFTER INSERT ON app.window_visit FOR EACH ROW EXECUTE FUNCTION door.pickup_made();
CREATE TRIGGER post_leaves_window AFTER UPDATE ON app.post FOR EACH ROW
    WHEN ((OLD.institution, OLD.duty) IS DISTINCT FROM (NEW.institution, NEW.duty) OR NEW.until IS DISTINCT FROM OLD.until)
    EXECUTE FUNCTION door.post_leaves_window();
CREATE TRIGGER window_moves       AFTER UPDATE OF person ON app.identity FOR EACH ROW WHEN (OLD.person <> NEW.person)
    EXECUTE FUNCTION door.window_moves();
"""


def upgrade() -> None:
    run(op, VISITS + DOOR)
    wall(op, "window_visit", "window_act")
