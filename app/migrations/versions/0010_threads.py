"""Messages, follow-ups and inquiries."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0010"
down_revision = "0009"

THREADS = """
CREATE TABLE app.message (                            -- between people about one subject, sealed under its key
    id         uuid PRIMARY KEY,
    subject    uuid NOT NULL,
    author     uuid NOT NULL,
    from_owner boolean NOT NULL,                      -- the one whose subject it is speaks, or her delegate
    addressee  uuid,                                  -- to one of the others; null to all
    kind       text NOT NULL,
    regards    uuid REFERENCES app.message,
    sent_at    timestamptz NOT NULL,
    body       bytea NOT NULL);
CREATE INDEX message_page   ON app.message (subject, sent_at DESC, id DESC);
CREATE INDEX message_author ON app.message (author, sent_at DESC);
GRANT SELECT, INSERT ON app.message TO app_api;
-- Blind like the answers: a seat that has not delivered reads what was said to all or to her, and what she said.
CREATE POLICY read ON app.message FOR SELECT TO app_api USING (EXISTS (
    SELECT FROM app.reader r WHERE r.subject = message.subject AND r.person = app.person() AND r.until > app.clock()
                               AND (r.basis <> 'seat' OR author = r.person OR addressee = r.person OR from_owner AND addressee IS NULL) OFFSET 0));
CREATE POLICY write ON app.message FOR INSERT TO app_api WITH CHECK (author = app.person() AND EXISTS (
    SELECT FROM app.reader r WHERE r.subject = message.subject AND r.person = app.person() AND r.until > app.clock()
                               AND from_owner = (r.basis IN ('asker', 'delegate')) OFFSET 0));
-- A follow-up that one lawyer left waiting is opened to all; the worker sees no text.
GRANT SELECT (id, subject, addressee), UPDATE (addressee) ON app.message TO app_worker;
CREATE POLICY worker ON app.message FOR SELECT TO app_worker USING (true);
CREATE POLICY open   ON app.message FOR UPDATE TO app_worker USING (true) WITH CHECK (addressee IS NULL);

CREATE TABLE app.read_mark (                          -- how far each has read
    subject uuid NOT NULL,
    person  uuid NOT NULL,
    up_to   uuid NOT NULL REFERENCES app.message,
    sent_at timestamptz NOT NULL,
    at      timestamptz NOT NULL,
    PRIMARY KEY (subject, person));
GRANT SELECT, INSERT, UPDATE (up_to, sent_at, at) ON app.read_mark TO app_api;
CREATE POLICY read ON app.read_mark FOR SELECT TO app_api USING (EXISTS (
    SELECT FROM app.reader r WHERE r.subject = read_mark.subject AND r.person = app.person() AND r.until > app.clock()
                               AND (r.basis <> 'seat' OR read_mark.person = r.person) OFFSET 0));
CREATE POLICY mark ON app.read_mark FOR INSERT TO app_api WITH CHECK (person = app.person() AND EXISTS (
    SELECT FROM app.reader r WHERE r.subject = read_mark.subject AND r.person = app.person() AND r.until > app.clock() OFFSET 0));
CREATE POLICY again ON app.read_mark FOR UPDATE TO app_api USING (person = app.person());

CREATE TABLE app.follow_up (                          -- a message of the asker that waits for a lawyer
    id          uuid PRIMARY KEY REFERENCES app.message,
    question    uuid NOT NULL REFERENCES app.dispatch,
    lawyer      uuid,                                 -- whom it was put to; null: all
    round       smallint NOT NULL,
    asked_at    timestamptz NOT NULL,
    due_at      timestamptz NOT NULL,                 -- of the stage it stands on
    stage       smallint NOT NULL DEFAULT 0,          -- 0 put to its addressee, 1 to all who answered, 2 to new lawyers
    state       text NOT NULL DEFAULT 'WAITING' CHECK (state IN ('WAITING', 'ANSWERED', 'STOPPED')),
    ended_at    timestamptz);
CREATE INDEX follow_up_question ON app.follow_up (question, asked_at);
CREATE INDEX follow_up_waiting  ON app.follow_up (question) WHERE state = 'WAITING';
GRANT SELECT, INSERT, UPDATE (state, ended_at) ON app.follow_up TO app_api;
CREATE POLICY read ON app.follow_up FOR SELECT TO app_api USING (EXISTS (
    SELECT FROM app.reader r WHERE r.subject = question AND r.person = app.person() AND r.until > app.clock() OFFSET 0));
CREATE POLICY ask ON app.follow_up FOR INSERT TO app_api WITH CHECK (EXISTS (
    SELECT FROM app.reader r WHERE r.subject = question AND r.person = app.person() AND r.until > app.clock()
                               AND r.basis IN ('asker', 'delegate') OFFSET 0));
CREATE POLICY finish ON app.follow_up FOR UPDATE TO app_api USING (state = 'WAITING' AND EXISTS (
    SELECT FROM app.reader r WHERE r.subject = question AND r.person = app.person() AND r.until > app.clock() OFFSET 0))
    WITH CHECK (true);
GRANT SELECT, UPDATE (lawyer, due_at, stage, state, ended_at) ON app.follow_up TO app_worker;
CREATE POLICY worker ON app.follow_up TO app_worker USING (true);

CREATE TABLE app.inquiry (                            -- a lawyer asks the asker back; the clock stands still until she replies
    id         uuid PRIMARY KEY REFERENCES app.message,
    question   uuid NOT NULL REFERENCES app.dispatch,
    lawyer     uuid NOT NULL,
    asked_at   timestamptz NOT NULL,
    replied_at timestamptz,
    kinds      text[] NOT NULL DEFAULT '{}');         -- of a small closed vocabulary
CREATE INDEX inquiry_question ON app.inquiry (question, asked_at);
CREATE UNIQUE INDEX inquiry_open ON app.inquiry (question, lawyer) WHERE replied_at IS NULL;
GRANT SELECT, INSERT, UPDATE (replied_at) ON app.inquiry TO app_api;
CREATE POLICY read ON app.inquiry FOR SELECT TO app_api USING (EXISTS (
    SELECT FROM app.reader r WHERE r.subject = question AND r.person = app.person() AND r.until > app.clock()
                               AND (r.basis <> 'seat' OR lawyer = r.person) OFFSET 0));
CREATE POLICY ask ON app.inquiry FOR INSERT TO app_api WITH CHECK (lawyer = app.person() AND replied_at IS NULL AND EXISTS (
    SELECT FROM app.reader r WHERE r.subject = question AND r.person = app.person() AND r.until > app.clock()
                               AND r.basis IN ('seat', 'answered') OFFSET 0));
CREATE POLICY reply ON app.inquiry FOR UPDATE TO app_api USING (replied_at IS NULL AND EXISTS (
    SELECT FROM app.reader r WHERE r.subject = question AND r.person = app.person() AND r.until > app.clock()
                               AND r.basis IN ('asker', 'delegate') OFFSET 0)) WITH CHECK (true);
GRANT SELECT (id, question, lawyer, asked_at, replied_at) ON app.inquiry TO app_worker;
CREATE POLICY worker ON app.inquiry FOR SELECT TO app_worker USING (true);
"""


def upgrade() -> None:
    run(op, THREADS)
    wall(op, "message", "read_mark", "follow_up", "inquiry")
