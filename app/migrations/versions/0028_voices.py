"""A recording may be what is said, and not only go with it; its words, as somebody or something wrote them down."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0028"
down_revision = "0027"

VOICES = """
-- The one recording of a question, message or answer in which its author says it; others are attachments.
ALTER TABLE app.file ADD COLUMN spoken boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT file_spoken CHECK (NOT spoken OR kind = 'VOICE' AND subject IS NOT NULL);
CREATE UNIQUE INDEX file_voice ON app.file (part) WHERE spoken;
GRANT UPDATE (spoken) ON app.file TO app_api;

CREATE TABLE app.transcript (                         -- what is said in a recording; one, the newest: the recording itself stays
    file       uuid PRIMARY KEY REFERENCES app.file,
    words      bytea NOT NULL,                        -- sealed under the subject's key
    source     text NOT NULL CHECK (source IN ('CLIENT', 'RECOGNISER', 'CORRECTED')),
    engine     text CHECK (length(engine) BETWEEN 1 AND 100),
    written_at timestamptz NOT NULL,
    counts     boolean NOT NULL DEFAULT false);       -- with these words an answer is one of the promised
GRANT SELECT, INSERT, UPDATE (words, source, engine, written_at, counts) ON app.transcript TO app_api;
-- Whoever may hear it may read it: the wall of app.file stands in here too.
CREATE POLICY read ON app.transcript FOR SELECT TO app_api USING (EXISTS (
    SELECT FROM app.file f WHERE f.id = file AND f.spoken OFFSET 0));
-- Written down and corrected by who speaks, and what the owner says also by who asks for her.
CREATE POLICY write ON app.transcript FOR INSERT TO app_api WITH CHECK (source <> 'CORRECTED' AND EXISTS (
    SELECT FROM app.file f JOIN app.reader r ON r.subject = f.subject AND r.person = app.person() AND r.until > app.clock()
    WHERE f.id = file AND f.spoken AND (f.owner = r.person OR f.from_owner AND r.basis IN ('asker', 'delegate')) OFFSET 0));
CREATE POLICY correct ON app.transcript FOR UPDATE TO app_api USING (EXISTS (
    SELECT FROM app.file f JOIN app.reader r ON r.subject = f.subject AND r.person = app.person() AND r.until > app.clock()
    WHERE f.id = file AND f.spoken AND (f.owner = r.person OR f.from_owner AND r.basis IN ('asker', 'delegate')) OFFSET 0));

-- Danger that is heard late hastens the waves late.
GRANT UPDATE (lane) ON app.dispatch TO app_worker;
"""

DOOR = """
GRANT SELECT (id, state, spoken) ON app.file TO app_door;
GRANT SELECT (file), DELETE ON app.transcript TO app_door;
GRANT SELECT (part) ON app.access TO app_door;
CREATE POLICY door ON app.transcript TO app_door USING (true);

SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- An answer that was only spoken counts once its words are there.
CREATE FUNCTION door.spoken_counts() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE app.answer a SET counts = true FROM app.file f
    WHERE f.id = NEW.file AND f.spoken AND a.id = f.part AND a.question = f.subject AND a.lawyer = app.person() AND NOT a.counts AND NOT a.suspect;
    IF NOT FOUND THEN RAISE 'nothing to count' USING ERRCODE = '42501'; END IF;
    UPDATE app.seat s SET counts = true FROM app.file f JOIN app.answer a ON a.id = f.part
    WHERE f.id = NEW.file AND s.question = a.question AND s.lawyer = a.lawyer AND s.delivered_at IS NOT NULL;
    RETURN NULL;
END $$;

-- With a recording go its words, and the note that a machine heard it: that note says whose it was.
CREATE FUNCTION door.words_go() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    DELETE FROM app.transcript WHERE file = NEW.id;
    DELETE FROM app.access WHERE subject = NEW.subject AND part = NEW.id AND basis = 'transcription';
    RETURN NULL;
END $$;

GRANT EXECUTE ON FUNCTION door.spoken_counts(), door.words_go() TO app_owner; -- to make the triggers
RESET ROLE;

CREATE TRIGGER spoken_counts AFTER INSERT OR UPDATE OF counts ON app.transcript FOR EACH ROW
    WHEN (NEW.counts) EXECUTE FUNCTION door.spoken_counts();
CREATE TRIGGER words_go AFTER UPDATE OF state ON app.file FOR EACH ROW
    WHEN (NEW.state = 'GONE' AND OLD.spoken) EXECUTE FUNCTION door.words_go();
"""


def upgrade() -> None:
    run(op, VOICES + DOOR)
    wall(op, "transcript")
