"""Papers: ordered by a step, made by the worker out of what is sealed for it alone, confirmed to whoever holds one."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0056"
down_revision = "0055"

TABLE = """
CREATE TABLE app.paper (                              -- its id is that of its file too
    id          uuid PRIMARY KEY,
    subject     uuid NOT NULL,                        -- whose readers read it
    step        uuid NOT NULL,                        -- by which it came to be
    kind        text NOT NULL CHECK (kind IN ('APPLICATION_FORM', 'APPLICATION_RECEIPT', 'ACCEPTANCE_NOTICE', 'SUPPLEMENT_LIST',
                                              'DECISION', 'MEDIATION_REGISTRATION', 'MEDIATION_AGREEMENT', 'PAPERS_RECEIPT')),
    institution uuid NOT NULL REFERENCES app.institution,
    code        text NOT NULL UNIQUE CHECK (code ~ '^[2-9A-HJKMNP-Z]{16}$'),
    dated       date NOT NULL,
    earlier     text NOT NULL CHECK (earlier IN ('VALID', 'REPLACED', 'WITHDRAWN')), -- what becomes of papers of its kind before it
    state       text NOT NULL CHECK (state IN ('PENDING', 'FAILED', 'READY', 'GONE')),
    standing    text NOT NULL CHECK (standing IN ('VALID', 'REPLACED', 'WITHDRAWN')),
    standing_at timestamptz,
    ordered_at  timestamptz NOT NULL,
    made_at     timestamptz,
    pages       smallint CHECK (pages > 0),
    sha256      bytea CHECK (length(sha256) = 32),
    kek         text,
    wrapped     bytea NOT NULL,                       -- the file's key for the press; '' once it is made
    file_key    bytea NOT NULL,                       -- the same, sealed under the subject's
    content     bytea NOT NULL,                       -- sealed under the file's; '' once it is made
    UNIQUE (subject, kind, step),
    CHECK ((standing = 'VALID') = (standing_at IS NULL)),
    CHECK ((sha256 IS NULL) = (made_at IS NULL) AND (sha256 IS NULL) = (pages IS NULL)),
    CHECK ((state IN ('PENDING', 'FAILED')) = (kek IS NOT NULL) AND (kek IS NOT NULL OR content = '' AND wrapped = '')),
    CHECK (state <> 'READY' OR sha256 IS NOT NULL));
CREATE INDEX paper_sha256 ON app.paper (sha256) WHERE sha256 IS NOT NULL;
CREATE INDEX paper_kek    ON app.paper (kek) WHERE kek IS NOT NULL;
GRANT SELECT (id, subject, step, kind, institution, code, dated, state, standing, standing_at, ordered_at, made_at, pages, sha256),
    INSERT (id, subject, step, kind, institution, code, dated, earlier, state, standing, ordered_at, kek, wrapped, file_key, content) ON app.paper TO app_api;
CREATE POLICY read ON app.paper FOR SELECT TO app_api USING (EXISTS (
    SELECT FROM app.reader r WHERE r.subject = paper.subject AND r.person = app.person() AND r.until > app.clock() OFFSET 0));
-- Whether the step has such a paper, and whether she made it, a trigger asks: it sees more than she who orders.
CREATE POLICY order_it ON app.paper FOR INSERT TO app_api WITH CHECK (state = 'PENDING' AND standing = 'VALID' AND ordered_at = app.clock());
GRANT SELECT, UPDATE (state, standing, standing_at, made_at, pages, sha256, kek, wrapped, file_key, content) ON app.paper TO app_door;
CREATE POLICY door ON app.paper TO app_door USING (true);
-- Whoever rotates sees wrapped keys, as in app.key.
CREATE POLICY rotate ON app.paper FOR SELECT TO app_owner USING (kek IS NOT NULL);
CREATE POLICY rewrap ON app.paper FOR UPDATE TO app_owner USING (kek IS NOT NULL);

-- A file that the house made is nobody's own.
ALTER TABLE app.file DROP CONSTRAINT file_check2, ADD CONSTRAINT file_owned CHECK (owner IS NOT NULL OR subject IS NOT NULL OR state = 'GONE');
GRANT INSERT (id, kind, content_type, size, state, received, made_at, keep_until, key, subject, part, place, from_owner, attached_at, spoken) ON app.file TO app_door;
GRANT SELECT (at, by_whom) ON app.application_step TO app_door;
GRANT SELECT (name) ON app.institution TO app_door;
"""

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- Who made this step, in this transaction; an institution's papers only by its own steps.
CREATE FUNCTION door.paper_is_hers(asked uuid, by_step uuid, what text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM app.application_step s WHERE s.id = by_step AND s.application = asked AND s.actor = app.person() AND s.at = app.clock()
        AND (s.by_whom = 'APPLICANT') = (what IN ('APPLICATION_FORM', 'APPLICATION_RECEIPT')));
END;

CREATE FUNCTION door.paper_ordered() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NOT door.paper_is_hers(NEW.subject, NEW.step, NEW.kind) THEN
        RAISE 'this paper is not hers to order' USING ERRCODE = '42501';
    END IF;
    IF NEW.earlier <> 'VALID' THEN
        UPDATE app.paper SET standing = NEW.earlier, standing_at = app.clock()
        WHERE subject = NEW.subject AND kind = NEW.kind AND id <> NEW.id AND standing = 'VALID';
    END IF;
    RETURN NULL;
END $$;

-- What the press needs of one paper, while that is not made: the worker looks into no table for it.
CREATE FUNCTION door.paper_waiting(asked uuid) RETURNS TABLE (kind text, code text, kek text, wrapped bytea, content bytea)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT p.kind, p.code, p.kek, p.wrapped, p.content FROM app.paper p WHERE p.id = asked AND p.state IN ('PENDING', 'FAILED');
END;

-- It is stored: its file is there for who reads the subject. How it stands now; NULL where it was kept already.
CREATE FUNCTION door.paper_made(asked uuid, hash bytea, bytes integer, sheets integer) RETURNS TABLE (state text, subject uuid)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
#variable_conflict use_column
DECLARE
    made app.paper%ROWTYPE;
    keys bytea;
BEGIN
    SELECT * INTO made FROM app.paper p WHERE p.id = asked FOR UPDATE;
    IF made.state NOT IN ('PENDING', 'FAILED') THEN
        RETURN QUERY SELECT CASE made.state WHEN 'GONE' THEN 'GONE' END, made.subject;
        RETURN;
    END IF;
    UPDATE app.paper p SET state = 'READY', sha256 = hash, pages = sheets, made_at = app.clock(), kek = NULL, wrapped = '', content = '' WHERE p.id = asked;
    INSERT INTO app.file (id, kind, content_type, size, state, received, made_at, keep_until, key, subject, part, place, from_owner, attached_at, spoken)
    VALUES (asked, 'DOCUMENT', 'application/pdf', bytes, 'READY', bytes, app.clock(), 'infinity', made.file_key, made.subject, asked, 0, false, app.clock(), false);
    RETURN QUERY SELECT 'READY', made.subject;
END $$;

-- True where it was not made yet: it is tried again.
CREATE FUNCTION door.paper_failed(asked uuid) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.paper SET state = 'FAILED' WHERE id = asked AND state IN ('PENDING', 'FAILED');
    RETURN FOUND;
END $$;

-- With the key of what it is about a paper is destroyed; that it was genuine is still told to who has it in hand.
CREATE FUNCTION door.papers_go() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.paper SET state = 'GONE', kek = NULL, wrapped = '', file_key = '', content = '' WHERE subject = OLD.subject AND state <> 'GONE';
    RETURN NULL;
END $$;

-- For everybody: of a paper that was made, what does not say whom or what it is about.
CREATE FUNCTION door.verify_paper(asked text, hash bytea) RETURNS TABLE (
    code text, kind text, institution uuid, name text, dated date, sha256 bytea, standing text, standing_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT p.code, p.kind, p.institution, i.name, p.dated, p.sha256, p.standing, p.standing_at
    FROM app.paper p JOIN app.institution i ON i.id = p.institution
    WHERE p.sha256 IS NOT NULL AND (p.code = asked OR p.sha256 = hash) ORDER BY p.made_at DESC LIMIT 1;
END;

GRANT EXECUTE ON FUNCTION door.paper_ordered(), door.papers_go() TO app_owner; -- to make the triggers
GRANT EXECUTE ON FUNCTION door.verify_paper(text, bytea) TO app_api;
GRANT EXECUTE ON FUNCTION door.paper_waiting(uuid), door.paper_made(uuid, bytea, integer, integer), door.paper_failed(uuid) TO app_worker;
RESET ROLE;
CREATE TRIGGER paper_ordered AFTER INSERT ON app.paper FOR EACH ROW EXECUTE FUNCTION door.paper_ordered();
CREATE TRIGGER papers_go     AFTER DELETE ON app.key FOR EACH ROW EXECUTE FUNCTION door.papers_go();
"""


def upgrade() -> None:
    run(op, TABLE + DOOR)
    wall(op, "paper")
