"""Articles in versions that a second person has looked at; pictures that everybody may see; and what readers choose."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0066"
down_revision = "0065"

HOLDS = """EXISTS (SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role IN ({roles})
                            AND h.until > app.clock() OFFSET 0)"""
WRITES = HOLDS.format(roles="'EDITOR'")
REVIEWS = HOLDS.format(roles="'EDITOR', 'SUPERVISOR'")
SHOWS = HOLDS.format(roles="'EDITOR', 'SUPERVISOR', 'MODERATOR'")

PICTURES = f"""
CREATE TABLE app.public_picture (                     -- a file of the file room whose key lies under a secret of the house as well
    id           uuid PRIMARY KEY,
    file         uuid NOT NULL UNIQUE REFERENCES app.file,
    shown_by     uuid NOT NULL,
    content_type text NOT NULL,
    size         integer NOT NULL,
    width        integer NOT NULL,
    height       integer NOT NULL,
    thumbnail    integer,                             -- bytes of the small one; NULL: there is none
    key          bytea NOT NULL,
    shown_at     timestamptz NOT NULL,
    ended_at     timestamptz);                        -- taken down: nobody sees it any more
GRANT SELECT, INSERT (id, file, shown_by, content_type, size, width, height, thumbnail, key, shown_at) ON app.public_picture TO app_api;
CREATE POLICY everyone ON app.public_picture FOR SELECT TO app_api USING (ended_at IS NULL);
CREATE POLICY show ON app.public_picture FOR INSERT TO app_api WITH CHECK (shown_by = app.person() AND shown_at = app.clock() AND {SHOWS});
GRANT SELECT (id, ended_at), UPDATE (ended_at) ON app.public_picture TO app_door;
CREATE POLICY door ON app.public_picture TO app_door USING (true);
"""

ARTICLES = f"""
CREATE TABLE app.article (
    id           uuid PRIMARY KEY,
    made_at      timestamptz NOT NULL,
    published_at timestamptz,                         -- for the first time
    withdrawn_at timestamptz,
    reads        integer NOT NULL DEFAULT 0 CHECK (reads >= 0),
    helpful      integer NOT NULL DEFAULT 0 CHECK (helpful >= 0),
    unclear      integer NOT NULL DEFAULT 0 CHECK (unclear >= 0));
GRANT SELECT, INSERT (id, made_at) ON app.article TO app_api;
CREATE POLICY published ON app.article FOR SELECT TO app_api
    USING (CASE WHEN published_at IS NOT NULL AND withdrawn_at IS NULL THEN true ELSE {REVIEWS} END);
CREATE POLICY make ON app.article FOR INSERT TO app_api WITH CHECK (made_at = app.clock() AND {WRITES});
GRANT SELECT, UPDATE (published_at, withdrawn_at, reads, helpful, unclear) ON app.article TO app_door;
CREATE POLICY door ON app.article TO app_door USING (true);

CREATE TABLE app.article_version (                    -- no row goes; words change while it is a draft alone
    id              uuid PRIMARY KEY,
    article         uuid NOT NULL REFERENCES app.article,
    number          smallint NOT NULL CHECK (number > 0),
    state           text NOT NULL CHECK (state IN ('DRAFT', 'IN_REVIEW', 'SCHEDULED', 'PUBLISHED', 'REPLACED', 'WITHDRAWN')),
    revision        integer NOT NULL CHECK (revision > 0),
    authors         uuid[] NOT NULL CHECK (cardinality(authors) > 0),
    byline          text NOT NULL,
    topic           text NOT NULL,
    title           text NOT NULL CHECK (length(title) BETWEEN 1 AND 60),
    summary         text NOT NULL CHECK (length(summary) BETWEEN 1 AND 200),
    body            text NOT NULL CHECK (length(body) BETWEEN 1 AND 20000),
    cover           uuid REFERENCES app.public_picture,
    statutes        jsonb NOT NULL,
    cases           jsonb NOT NULL,
    divisions       text[] NOT NULL,
    roles           text[] NOT NULL,
    bands           text[] NOT NULL,
    correction      text NOT NULL CHECK ((correction = '') = (number = 1)),
    label           text NOT NULL,
    terms           tsvector NOT NULL,
    written_at      timestamptz NOT NULL,
    reviewer        uuid,
    reviewer_called text NOT NULL,
    verdict         text NOT NULL,
    publish_at      timestamptz,
    published_at    timestamptz,
    ended_at        timestamptz,
    ended_why       text NOT NULL,
    UNIQUE (article, number),
    -- A second person, by name: never one who wrote it.
    CHECK (reviewer IS NULL OR NOT reviewer = ANY (authors)),
    CHECK ((state IN ('DRAFT', 'IN_REVIEW')) = (reviewer IS NULL)),
    CHECK ((reviewer IS NULL) = (reviewer_called = '') AND (reviewer IS NULL) = (publish_at IS NULL)));
CREATE UNIQUE INDEX article_version_open      ON app.article_version (article) WHERE state IN ('DRAFT', 'IN_REVIEW', 'SCHEDULED');
CREATE UNIQUE INDEX article_version_published ON app.article_version (article) WHERE state = 'PUBLISHED';
CREATE INDEX article_version_terms ON app.article_version USING gin (terms);
CREATE INDEX article_version_label ON app.article_version USING gin (label trigram.gin_trgm_ops) WHERE state = 'PUBLISHED';
CREATE INDEX article_published ON app.article (published_at DESC, id DESC) WHERE published_at IS NOT NULL;
CREATE INDEX article_made      ON app.article (made_at DESC, id DESC);
GRANT SELECT, INSERT, UPDATE (state, revision, authors, byline, topic, title, summary, body, cover, statutes, cases, divisions, roles, bands, correction,
    label, terms, written_at, reviewer, reviewer_called, verdict, publish_at, ended_at, ended_why) ON app.article_version TO app_api;
CREATE POLICY published ON app.article_version FOR SELECT TO app_api
    USING (CASE WHEN state IN ('PUBLISHED', 'REPLACED') THEN true ELSE {REVIEWS} END);
CREATE POLICY write ON app.article_version FOR INSERT TO app_api
    WITH CHECK (authors = ARRAY[app.person()] AND state = 'DRAFT' AND revision = 1 AND written_at = app.clock() AND published_at IS NULL AND {WRITES});
CREATE POLICY go ON app.article_version FOR UPDATE TO app_api USING ({REVIEWS}) WITH CHECK ({REVIEWS});
GRANT SELECT (id, article, state, publish_at), UPDATE (state, published_at, ended_at, reviewer, reviewer_called, publish_at) ON app.article_version TO app_door;
CREATE POLICY door ON app.article_version TO app_door USING (true);
GRANT SELECT (id, article, state, authors, number) ON app.article_version TO app_worker;
CREATE POLICY worker ON app.article_version FOR SELECT TO app_worker USING (true);

-- A draft is written by its authors, who grow; submitted; sent back, or approved by somebody else; taken back before its
-- time; withdrawn once it is published.
CREATE FUNCTION app.article_version_goes() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
    me uuid := app.person();
    same boolean := (NEW.revision, NEW.authors, NEW.byline, NEW.topic, NEW.title, NEW.summary, NEW.body, NEW.cover, NEW.statutes, NEW.cases,
        NEW.divisions, NEW.roles, NEW.bands, NEW.correction, NEW.label, NEW.terms, NEW.written_at) IS NOT DISTINCT FROM
        (OLD.revision, OLD.authors, OLD.byline, OLD.topic, OLD.title, OLD.summary, OLD.body, OLD.cover, OLD.statutes, OLD.cases,
        OLD.divisions, OLD.roles, OLD.bands, OLD.correction, OLD.label, OLD.terms, OLD.written_at);
BEGIN
    IF NOT (CASE OLD.state || '>' || NEW.state
        WHEN 'DRAFT>DRAFT' THEN me = ANY (NEW.authors) AND NEW.authors @> OLD.authors AND NEW.revision = OLD.revision + 1
            AND NEW.written_at = app.clock()
        WHEN 'DRAFT>IN_REVIEW' THEN same
        WHEN 'IN_REVIEW>DRAFT' THEN same
        WHEN 'IN_REVIEW>SCHEDULED' THEN same AND NEW.reviewer = me AND NEW.publish_at >= app.clock()
        WHEN 'SCHEDULED>DRAFT' THEN same
        WHEN 'PUBLISHED>WITHDRAWN' THEN same AND NEW.ended_at = app.clock() AND NEW.ended_why <> '' AND NEW.reviewer = OLD.reviewer
            AND NEW.reviewer_called = OLD.reviewer_called AND NEW.publish_at = OLD.publish_at AND NEW.verdict = OLD.verdict
        ELSE false END) THEN
        RAISE 'an article does not go that way' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER article_version_goes BEFORE UPDATE ON app.article_version
    FOR EACH ROW WHEN (current_user = 'app_api') EXECUTE FUNCTION app.article_version_goes();
"""

READERS = """
CREATE TABLE app.article_reader (                     -- hers to see and to take back; triggers count
    article    uuid NOT NULL REFERENCES app.article,
    person     uuid NOT NULL,
    read_at    timestamptz NOT NULL,
    reaction   text CHECK (reaction IN ('HELPFUL', 'UNCLEAR')),
    reacted_at timestamptz,
    PRIMARY KEY (article, person));
CREATE INDEX article_reader_person ON app.article_reader (person, article);
GRANT SELECT, INSERT, UPDATE (reaction, reacted_at) ON app.article_reader TO app_api;
CREATE POLICY own ON app.article_reader TO app_api USING (person = app.person())
    WITH CHECK (person = app.person() AND (read_at = app.clock() OR reacted_at = app.clock()));
GRANT SELECT, INSERT, UPDATE (person), DELETE ON app.article_reader TO app_door;
CREATE POLICY door ON app.article_reader TO app_door USING (true);

CREATE TABLE app.topic_choice (                       -- what somebody wants to read about: said by herself
    person uuid PRIMARY KEY,
    topics text[] NOT NULL,
    at     timestamptz NOT NULL);
GRANT SELECT, INSERT, UPDATE (topics, at) ON app.topic_choice TO app_api;
CREATE POLICY own ON app.topic_choice TO app_api USING (person = app.person()) WITH CHECK (person = app.person() AND at = app.clock());
GRANT SELECT, INSERT, UPDATE (topics, at), DELETE ON app.topic_choice TO app_door;
CREATE POLICY door ON app.topic_choice TO app_door USING (true);
"""

DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- A file that hangs on nothing yet hangs on its picture from now on: it is not ended for being unused.
CREATE FUNCTION door.picture_shown() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO app.reader (subject, person, basis, since)
    SELECT NEW.id, NEW.shown_by, 'asker', NEW.shown_at FROM app.file f WHERE f.id = NEW.file AND f.owner = NEW.shown_by AND f.subject IS NULL;
    RETURN NULL;
END $$;

-- For the worker: what was approved is published when its time has come; what it corrects stays to be seen.
CREATE FUNCTION door.publish_article(due uuid) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    whose uuid := (SELECT v.article FROM app.article_version v WHERE v.id = due);
BEGIN
    PERFORM FROM app.article a WHERE a.id = whose AND a.withdrawn_at IS NULL FOR NO KEY UPDATE;
    IF NOT FOUND THEN RETURN false; END IF;
    PERFORM FROM app.article_version v WHERE v.id = due AND v.state = 'SCHEDULED' AND v.publish_at <= app.clock() FOR NO KEY UPDATE;
    IF NOT FOUND THEN RETURN false; END IF;
    UPDATE app.article_version SET state = 'REPLACED', ended_at = app.clock() WHERE article = whose AND state = 'PUBLISHED';
    UPDATE app.article_version SET state = 'PUBLISHED', published_at = app.clock() WHERE id = due;
    UPDATE app.article SET published_at = coalesce(published_at, app.clock()) WHERE id = whose;
    RETURN true;
END $$;

-- What is withdrawn is withdrawn with all that came before it; what would take its place is a draft again.
CREATE FUNCTION door.article_withdrawn() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.article SET withdrawn_at = app.clock() WHERE id = NEW.article;
    UPDATE app.article_version SET state = 'WITHDRAWN' WHERE article = NEW.article AND state = 'REPLACED';
    UPDATE app.article_version SET state = 'DRAFT', reviewer = NULL, reviewer_called = '', publish_at = NULL
    WHERE article = NEW.article AND state = 'SCHEDULED';
    RETURN NULL;
END $$;

-- Of what is published alone; nobody counts twice.
CREATE FUNCTION door.article_counts() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    before text := CASE TG_OP WHEN 'UPDATE' THEN OLD.reaction END;
BEGIN
    UPDATE app.article SET reads = reads + CASE TG_OP WHEN 'INSERT' THEN 1 ELSE 0 END,
        helpful = helpful + (NEW.reaction IS NOT DISTINCT FROM 'HELPFUL')::integer - (before IS NOT DISTINCT FROM 'HELPFUL')::integer,
        unclear = unclear + (NEW.reaction IS NOT DISTINCT FROM 'UNCLEAR')::integer - (before IS NOT DISTINCT FROM 'UNCLEAR')::integer
    WHERE id = NEW.article AND published_at IS NOT NULL AND withdrawn_at IS NULL;
    IF NOT FOUND THEN RAISE 'nothing to read there' USING ERRCODE = '42501'; END IF;
    RETURN NULL;
END $$;

-- Of somebody who closes her account: what she read and chose. The counts stay, nobody's.
CREATE FUNCTION door.give_up_education(whose uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM app.closing c WHERE c.person = whose) THEN RETURN; END IF;
    DELETE FROM app.article_reader r WHERE r.person = whose;
    DELETE FROM app.topic_choice t WHERE t.person = whose;
END $$;

-- Two identities become one person: what either read, and what either chose last. (Nothing is counted: one row less.)
CREATE FUNCTION door.readings_move() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    DELETE FROM app.article_reader r WHERE r.person = OLD.person
        AND EXISTS (SELECT FROM app.article_reader s WHERE s.article = r.article AND s.person = NEW.person);
    UPDATE app.article_reader SET person = NEW.person WHERE person = OLD.person;
    INSERT INTO app.topic_choice (person, topics, at) SELECT NEW.person, t.topics, t.at FROM app.topic_choice t WHERE t.person = OLD.person
    ON CONFLICT (person) DO UPDATE SET topics = excluded.topics, at = excluded.at WHERE topic_choice.at < excluded.at;
    DELETE FROM app.topic_choice t WHERE t.person = OLD.person;
    RETURN NULL;
END $$;

CREATE FUNCTION door.list_education(asked uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    whose uuid := door.begin_list(asked, 'education');
BEGIN
    IF whose IS NULL THEN RETURN; END IF;
    INSERT INTO app.export_part (export, kind, person, ids)
    SELECT asked, k.kind, whose, array_agg(k.id ORDER BY k.id) FROM (
        SELECT 'article_reader' AS kind, r.article AS id FROM app.article_reader r WHERE r.person = whose
        UNION ALL SELECT 'topic_choice', t.person FROM app.topic_choice t WHERE t.person = whose) AS k
    GROUP BY k.kind;
    PERFORM door.end_list(asked);
END $$;

GRANT EXECUTE ON FUNCTION door.picture_shown(), door.article_withdrawn(), door.article_counts(), door.readings_move() TO app_owner; -- to make the triggers
GRANT EXECUTE ON FUNCTION door.publish_article(uuid), door.give_up_education(uuid), door.list_education(uuid) TO app_worker;
RESET ROLE;
CREATE TRIGGER picture_shown AFTER INSERT ON app.public_picture FOR EACH ROW EXECUTE FUNCTION door.picture_shown();
CREATE TRIGGER article_withdrawn AFTER UPDATE OF state ON app.article_version FOR EACH ROW
    WHEN (OLD.state = 'PUBLISHED' AND NEW.state = 'WITHDRAWN') EXECUTE FUNCTION door.article_withdrawn();
CREATE TRIGGER article_counts AFTER INSERT OR UPDATE OF reaction ON app.article_reader FOR EACH ROW EXECUTE FUNCTION door.article_counts();
CREATE TRIGGER readings_move AFTER UPDATE OF person ON app.identity FOR EACH ROW WHEN (OLD.person <> NEW.person)
    EXECUTE FUNCTION door.readings_move();
"""


def upgrade() -> None:
    run(op, PICTURES + ARTICLES + READERS + DOOR)
    wall(op, "public_picture", "article", "article_version", "article_reader", "topic_choice")
