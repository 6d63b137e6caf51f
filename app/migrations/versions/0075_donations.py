"""Cases that who they happened to gave away: without names, sealed under a key of their own, and hers until they are published."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0075"
down_revision = "0074"

READS = "EXISTS (SELECT FROM app.reader r WHERE r.subject = {subject} AND r.person = app.person() AND r.until > app.clock() OFFSET 0)"
GAVE = READS.format(subject="id").replace(" OFFSET 0", " AND r.basis = 'asker' OFFSET 0")
WRITES = """EXISTS (SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role = 'EDITOR' AND h.until > app.clock() OFFSET 0)"""

TABLES = f"""
CREATE TABLE app.case_donation (                      -- a subject of its own; whose it is and of which question stands in another table
    id         uuid PRIMARY KEY,
    topic      text NOT NULL,
    state      text NOT NULL CHECK (state IN ('OFFERED', 'TAKEN', 'PUBLISHED', 'REVOKED')),
    body       bytea NOT NULL CHECK ((body = '') = (state = 'REVOKED')),
    donated_at timestamptz NOT NULL,
    taker      uuid);
CREATE INDEX case_donation_offered ON app.case_donation (donated_at DESC, id DESC) WHERE state IN ('OFFERED', 'TAKEN');
GRANT SELECT, INSERT, UPDATE (state, taker, body) ON app.case_donation TO app_api;
-- Who gave it and who took it; that there is one, every editor.
CREATE POLICY read ON app.case_donation FOR SELECT TO app_api USING (CASE WHEN taker = app.person() AND state <> 'REVOKED' THEN true
    WHEN state = 'OFFERED' AND {WRITES} THEN true ELSE {READS.format(subject="id")} END);
CREATE POLICY give ON app.case_donation FOR INSERT TO app_api WITH CHECK (state = 'OFFERED' AND taker IS NULL AND donated_at = app.clock());
CREATE POLICY take ON app.case_donation FOR UPDATE TO app_api USING (state = 'OFFERED' AND {WRITES})
    WITH CHECK (state = 'TAKEN' AND taker = app.person());
CREATE POLICY revoke ON app.case_donation FOR UPDATE TO app_api USING (state IN ('OFFERED', 'TAKEN') AND {GAVE})
    WITH CHECK (state = 'REVOKED' AND body = '' AND {GAVE});
GRANT SELECT, UPDATE (state, body) ON app.case_donation TO app_door;
CREATE POLICY door ON app.case_donation TO app_door USING (true);

CREATE TABLE app.donation_source (
    donation uuid PRIMARY KEY REFERENCES app.case_donation,
    asker    uuid NOT NULL,
    question uuid NOT NULL UNIQUE);                   -- once
CREATE INDEX donation_source_asker ON app.donation_source (asker);
GRANT SELECT, INSERT ON app.donation_source TO app_api;
CREATE POLICY own ON app.donation_source TO app_api USING (asker = app.person()) WITH CHECK (asker = app.person());
GRANT SELECT, UPDATE (asker), DELETE ON app.donation_source TO app_door;
CREATE POLICY door ON app.donation_source TO app_door USING (true);
GRANT SELECT (cases, revision), UPDATE (cases, revision) ON app.article_version TO app_door;
"""

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- Only of a question of her own; with that she is its reader, and seals it.
CREATE FUNCTION door.donation_made() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM app.reader r WHERE r.subject = NEW.question AND r.person = NEW.asker AND r.basis = 'asker' AND r.until > app.clock())
        OR NOT EXISTS (SELECT FROM app.case_donation c WHERE c.id = NEW.donation AND c.state = 'OFFERED' AND c.donated_at = app.clock()) THEN
        RAISE 'not hers to give' USING ERRCODE = '42501';
    END IF;
    INSERT INTO app.reader (subject, person, basis, since) VALUES (NEW.donation, NEW.asker, 'asker', app.clock());
    RETURN NULL;
END $$;

-- Who takes it reads it; nobody takes her own. What is revoked nobody opens any more, and drafts that would tell it do not.
CREATE FUNCTION door.donation_moves() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NEW.state = 'TAKEN' THEN
        IF EXISTS (SELECT FROM app.donation_source s WHERE s.donation = NEW.id AND s.asker = NEW.taker) THEN
            RAISE 'her own' USING ERRCODE = '42501';
        END IF;
        INSERT INTO app.reader (subject, person, basis, since) VALUES (NEW.id, NEW.taker, 'staff', app.clock());
    ELSIF NEW.state = 'REVOKED' THEN
        DELETE FROM app.key k WHERE k.subject = NEW.id;
        UPDATE app.reader SET until = app.clock() WHERE subject = NEW.id AND basis = 'staff' AND until > app.clock();
        UPDATE app.article_version SET revision = revision + 1, state = 'DRAFT', reviewer = NULL, reviewer_called = '', publish_at = NULL,
            cases = coalesce((SELECT jsonb_agg(c) FROM jsonb_array_elements(cases) AS c WHERE c ->> 'donation' IS DISTINCT FROM NEW.id::text), '[]')
        WHERE state IN ('DRAFT', 'IN_REVIEW', 'SCHEDULED') AND cases @> jsonb_build_array(jsonb_build_object('donation', NEW.id));
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION door.publish_article(due uuid) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    whose uuid := (SELECT v.article FROM app.article_version v WHERE v.id = due);
    given uuid[];
BEGIN
    PERFORM FROM app.article a WHERE a.id = whose AND a.withdrawn_at IS NULL FOR NO KEY UPDATE;
    IF NOT FOUND THEN RETURN false; END IF;
    given := ARRAY(SELECT (c ->> 'donation')::uuid FROM app.article_version v, jsonb_array_elements(v.cases) AS c
                   WHERE v.id = due AND c ->> 'donation' IS NOT NULL);
    -- Held until this commits: it is revoked before, and not told, or after, and told.
    PERFORM FROM app.case_donation d WHERE d.id = ANY (given) ORDER BY d.id FOR NO KEY UPDATE;
    PERFORM FROM app.article_version v WHERE v.id = due AND v.state = 'SCHEDULED' AND v.publish_at <= app.clock()
        AND NOT EXISTS (SELECT FROM app.case_donation d WHERE d.id = ANY (given) AND d.state NOT IN ('TAKEN', 'PUBLISHED')) FOR NO KEY UPDATE;
    IF NOT FOUND THEN RETURN false; END IF;
    UPDATE app.article_version SET state = 'REPLACED', ended_at = app.clock() WHERE article = whose AND state = 'PUBLISHED';
    UPDATE app.article_version SET state = 'PUBLISHED', published_at = app.clock() WHERE id = due;
    UPDATE app.article SET published_at = coalesce(published_at, app.clock()) WHERE id = whose;
    UPDATE app.case_donation SET state = 'PUBLISHED' WHERE id = ANY (given) AND state = 'TAKEN';
    RETURN true;
END $$;

-- For the worker: the question was erased, or who gave it closes her account. What was published is nobody's from then on.
CREATE FUNCTION door.forget_donations(asked uuid, whose uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    hers uuid[] := ARRAY(SELECT s.donation FROM app.donation_source s WHERE s.question = asked
        OR s.asker = whose AND EXISTS (SELECT FROM app.closing c WHERE c.person = whose));
BEGIN
    UPDATE app.case_donation SET state = 'REVOKED', body = '' WHERE id = ANY (hers) AND state IN ('OFFERED', 'TAKEN');
    DELETE FROM app.reader r WHERE r.subject = ANY (hers) AND r.basis = 'asker';
    DELETE FROM app.donation_source s WHERE s.donation = ANY (hers);
END $$;

CREATE FUNCTION door.donations_move() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.donation_source SET asker = NEW.person WHERE asker = OLD.person;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION door.list_education(asked uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    whose uuid := door.begin_list(asked, 'education');
BEGIN
    IF whose IS NULL THEN RETURN; END IF;
    INSERT INTO app.export_part (export, kind, person, ids)
    SELECT asked, k.kind, whose, array_agg(k.id ORDER BY k.id) FROM (
        SELECT 'article_reader' AS kind, r.article AS id FROM app.article_reader r WHERE r.person = whose
        UNION ALL SELECT 'topic_choice', t.person FROM app.topic_choice t WHERE t.person = whose
        UNION ALL SELECT 'article_push', p.campaign FROM app.article_push p WHERE p.person = whose
        UNION ALL SELECT 'case_donation', s.donation FROM app.donation_source s WHERE s.asker = whose) AS k
    GROUP BY k.kind;
    PERFORM door.end_list(asked);
END $$;

GRANT EXECUTE ON FUNCTION door.donation_made(), door.donation_moves(), door.donations_move() TO app_owner; -- to make the triggers
GRANT EXECUTE ON FUNCTION door.forget_donations(uuid, uuid) TO app_worker;
RESET ROLE;
CREATE TRIGGER donation_made  AFTER INSERT ON app.donation_source FOR EACH ROW EXECUTE FUNCTION door.donation_made();
CREATE TRIGGER donation_moves AFTER UPDATE OF state ON app.case_donation FOR EACH ROW EXECUTE FUNCTION door.donation_moves();
CREATE TRIGGER donations_move AFTER UPDATE OF person ON app.identity FOR EACH ROW WHEN (OLD.person <> NEW.person)
    EXECUTE FUNCTION door.donations_move();
"""


def upgrade() -> None:
    run(op, TABLES + DOOR)
    wall(op, "case_donation", "donation_source")
