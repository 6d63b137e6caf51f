"""What is kept about a person, listed room by room so that she can take it with her (PIPL 45)."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0031"
down_revision = "0030"

TABLES = """
CREATE TABLE app.export (
    id       uuid PRIMARY KEY,
    person   uuid NOT NULL REFERENCES app.person,
    state    text NOT NULL CHECK (state IN ('REQUESTED', 'READY', 'FAILED', 'EXPIRED')),
    asked_at timestamptz NOT NULL,
    ready_at timestamptz,
    until    timestamptz NOT NULL,                    -- then its lists are destroyed
    rooms    text[] NOT NULL CHECK (cardinality(rooms) > 0), -- whose lists it waits for
    listed   text[] NOT NULL,                         -- whose are there
    CHECK ((state = 'READY') <= (ready_at IS NOT NULL)));
CREATE UNIQUE INDEX export_running ON app.export (person) WHERE state = 'REQUESTED';
CREATE INDEX export_of ON app.export (person, asked_at DESC, id DESC);
GRANT SELECT, INSERT (id, person, state, asked_at, until, rooms, listed) ON app.export TO app_api;
CREATE POLICY own ON app.export FOR SELECT TO app_api USING (person = app.person());
CREATE POLICY ask ON app.export FOR INSERT TO app_api
    WITH CHECK (person = app.person() AND state = 'REQUESTED' AND asked_at = app.clock() AND until > asked_at AND cardinality(listed) = 0);
GRANT SELECT, UPDATE (state, ready_at, listed), DELETE ON app.export TO app_door;
CREATE POLICY door ON app.export TO app_door USING (true);

CREATE TABLE app.export_part (                        -- ids and nothing else; what they stand for is opened as it is fetched
    export uuid NOT NULL REFERENCES app.export,
    kind   text NOT NULL,
    person uuid NOT NULL,
    ids    uuid[] NOT NULL CHECK (cardinality(ids) > 0),
    PRIMARY KEY (export, kind));
CREATE INDEX export_part_of ON app.export_part (person);
GRANT SELECT ON app.export_part TO app_api;
CREATE POLICY own ON app.export_part FOR SELECT TO app_api USING (person = app.person());
GRANT SELECT (export, person), INSERT, DELETE ON app.export_part TO app_door;
CREATE POLICY door ON app.export_part TO app_door USING (true);

-- She may know what was decided about her, and when; a minor too, whose file waits for an approval from everybody else.
CREATE POLICY own ON app.person_move FOR SELECT TO app_api USING (person = app.person());
DROP POLICY minors ON app.person_move;
CREATE POLICY minors ON app.person_move AS RESTRICTIVE FOR SELECT TO app_api
    USING (CASE WHEN person = app.person() THEN true ELSE NOT door.file_closed(person) END);
"""

DOOR = """
GRANT SELECT (id) ON app.message TO app_door;
GRANT SELECT (lawyer) ON app.answer_draft TO app_door;

SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- Whose export it is, once a room; the row is held until its list is there, so that of the last two one sees both.
CREATE FUNCTION door.begin_list(asked uuid, room text) RETURNS uuid LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    UPDATE app.export SET listed = listed || room
    WHERE id = asked AND state = 'REQUESTED' AND room = ANY (rooms) AND room <> ALL (listed) RETURNING person;
END;
CREATE FUNCTION door.end_list(asked uuid) RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    UPDATE app.export SET state = 'READY', ready_at = app.clock() WHERE id = asked AND state = 'REQUESTED' AND listed @> rooms;
END;

CREATE FUNCTION door.list_accounts(asked uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    whose uuid := door.begin_list(asked, 'accounts');
BEGIN
    IF whose IS NULL THEN RETURN; END IF;
    INSERT INTO app.export_part (export, kind, person, ids)
    SELECT asked, k.kind, whose, array_agg(k.id ORDER BY k.id) FROM (
        SELECT 'account' AS kind, whose AS id
        UNION ALL SELECT 'device', s.id FROM app.sign_in s WHERE s.person = whose
        UNION ALL SELECT 'delegation', d.id FROM app.delegation d WHERE whose IN (d.elder, d.delegate)
        UNION ALL SELECT 'guardianship', g.id FROM app.guardianship g WHERE whose IN (g.minor, g.guardian)
        UNION ALL SELECT 'decision', m.id FROM app.person_move m WHERE m.person = whose) AS k
    GROUP BY k.kind;
    PERFORM door.end_list(asked);
END $$;

-- Hers, and whatever hangs on what is her own.
CREATE FUNCTION door.list_vault(asked uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    whose uuid := door.begin_list(asked, 'vault');
BEGIN
    IF whose IS NULL THEN RETURN; END IF;
    INSERT INTO app.export_part (export, kind, person, ids)
    SELECT asked, 'file', whose, array_agg(f.id ORDER BY f.id) FROM app.file f
    WHERE f.state = 'READY' AND (f.owner = whose OR EXISTS (
        SELECT FROM app.reader r WHERE r.subject = f.subject AND r.person = whose AND r.basis = 'asker'))
    HAVING count(*) > 0;
    PERFORM door.end_list(asked);
END $$;

CREATE FUNCTION door.list_notices(asked uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    whose uuid := door.begin_list(asked, 'notices');
BEGIN
    IF whose IS NULL THEN RETURN; END IF;
    INSERT INTO app.export_part (export, kind, person, ids)
    SELECT asked, 'notice', whose, array_agg(n.id ORDER BY n.at, n.id) FROM app.notice n WHERE n.person = whose HAVING count(*) > 0;
    PERFORM door.end_list(asked);
END $$;

CREATE FUNCTION door.list_directory(asked uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    whose uuid := door.begin_list(asked, 'directory');
BEGIN
    IF whose IS NULL THEN RETURN; END IF;
    INSERT INTO app.export_part (export, kind, person, ids)
    SELECT asked, k.kind, whose, array_agg(k.id ORDER BY k.id) FROM (
        SELECT 'lawyer' AS kind, l.id FROM app.lawyer l WHERE l.id = whose
        UNION ALL SELECT 'application', a.id FROM app.lawyer_application a WHERE a.person = whose) AS k
    GROUP BY k.kind;
    PERFORM door.end_list(asked);
END $$;

-- What was said about her questions, and what she said about those of others.
CREATE FUNCTION door.list_threads(asked uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    whose uuid := door.begin_list(asked, 'threads');
BEGIN
    IF whose IS NULL THEN RETURN; END IF;
    INSERT INTO app.export_part (export, kind, person, ids)
    SELECT asked, k.kind, whose, array_agg(k.id ORDER BY k.id) FROM (
        SELECT 'message' AS kind, m.id FROM app.reader r JOIN app.message m ON m.subject = r.subject
        WHERE r.person = whose AND (r.basis = 'asker' OR m.author = whose AND NOT m.from_owner)
        UNION ALL SELECT 'readMark', k.subject FROM app.read_mark k WHERE k.person = whose) AS k
    GROUP BY k.kind;
    PERFORM door.end_list(asked);
END $$;

CREATE FUNCTION door.list_consultation(asked uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    whose uuid := door.begin_list(asked, 'consultation');
BEGIN
    IF whose IS NULL THEN RETURN; END IF;
    INSERT INTO app.export_part (export, kind, person, ids)
    SELECT asked, k.kind, whose, array_agg(k.id ORDER BY k.id) FROM (
        SELECT 'question' AS kind, q.id FROM app.reader r JOIN app.question q ON q.id = r.subject
        WHERE r.person = whose AND r.basis = 'asker'
        UNION ALL SELECT 'petition', p.id FROM app.reader r JOIN app.petition p ON p.id = r.subject
        WHERE r.person = whose AND r.basis = 'asker'
        UNION ALL SELECT 'erasure', e.id FROM app.reader r JOIN app.erasure e ON e.id = r.subject
        WHERE r.person = whose AND r.basis = 'asker'
        UNION ALL SELECT 'draft', d.id FROM app.draft d WHERE d.person = whose AND d.wiped_at IS NULL
        UNION ALL SELECT 'writtenAnswer', a.id FROM app.answer a WHERE a.lawyer = whose
        UNION ALL SELECT 'answerDraft', w.question FROM app.answer_draft w WHERE w.lawyer = whose
        UNION ALL SELECT 'seat', s.id FROM app.seat s WHERE s.lawyer = whose
        UNION ALL SELECT 'offer', o.question FROM app.offer o WHERE o.lawyer = whose) AS k
    GROUP BY k.kind;
    PERFORM door.end_list(asked);
END $$;

-- The promised hour is over: whose it was, where it is not ready. She may ask again at once.
CREATE FUNCTION door.export_overdue(asked uuid) RETURNS uuid LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    UPDATE app.export SET state = 'FAILED' WHERE id = asked AND state = 'REQUESTED' RETURNING person;
END;
CREATE FUNCTION door.export_aged(asked uuid) RETURNS uuid LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    DELETE FROM app.export_part WHERE export = asked AND EXISTS (SELECT FROM app.export e WHERE e.id = asked AND e.until <= app.clock());
    UPDATE app.export SET state = 'EXPIRED' WHERE id = asked AND until <= app.clock() AND state <> 'EXPIRED' RETURNING person;
END;
-- Of nobody but who closes her account.
CREATE FUNCTION door.give_up_exports(whose uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM app.closing c WHERE c.person = whose) THEN RETURN; END IF;
    DELETE FROM app.export_part WHERE person = whose;
    DELETE FROM app.export WHERE person = whose;
END $$;
GRANT EXECUTE ON FUNCTION door.list_accounts(uuid), door.list_vault(uuid), door.list_notices(uuid), door.list_directory(uuid),
    door.list_threads(uuid), door.list_consultation(uuid), door.export_overdue(uuid), door.export_aged(uuid), door.give_up_exports(uuid)
    TO app_worker;
RESET ROLE;
"""


def upgrade() -> None:
    run(op, TABLES + DOOR)
    wall(op, "export", "export_part")
