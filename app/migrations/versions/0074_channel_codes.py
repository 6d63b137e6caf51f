"""A channel's codes at WeChat and its sheet to print; who of those that were asked to follow does; what a partner brought and got."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0074"
down_revision = "0073"

CODES = """
CREATE TABLE app.outreach_code (                      -- pictures of a channel's code, which anybody who has the code may see
    code    text NOT NULL REFERENCES app.outreach_channel (code),
    kind    text NOT NULL CHECK (kind IN ('OFFICIAL_ACCOUNT', 'MINI_PROGRAM', 'SHEET')),
    state   text NOT NULL CHECK (state IN ('READY', 'REFUSED')),
    said    text,                                     -- of the official account: what stands in its QR code
    body    bytea,                                    -- a picture, or the PDF
    errcode integer,                                  -- WeChat's, why there is none
    made_at timestamptz NOT NULL,
    PRIMARY KEY (code, kind),
    CHECK (state = 'REFUSED' OR (kind = 'OFFICIAL_ACCOUNT') = (said IS NOT NULL) AND (kind = 'OFFICIAL_ACCOUNT') = (body IS NULL)),
    CHECK (state = 'READY' OR num_nonnulls(said, body) = 0));
GRANT SELECT ON app.outreach_code TO app_api;
CREATE POLICY everyone ON app.outreach_code FOR SELECT TO app_api USING (true);
GRANT SELECT (code, kind, state, errcode, made_at), INSERT, UPDATE (state, said, body, errcode, made_at) ON app.outreach_code TO app_worker;
CREATE POLICY worker ON app.outreach_code TO app_worker USING (true) WITH CHECK (true);

GRANT SELECT (standing) ON app.legal_worker TO app_door;
GRANT SELECT (standing) ON app.institution TO app_door;
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
CREATE FUNCTION door.channel_to_print(asked uuid) RETURNS TABLE (code text, name text, office text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT c.code, c.name, c.office FROM app.outreach_channel c WHERE c.id = asked AND c.closed_at IS NULL;
END;
-- Of lawyers, grassroots legal workers and mediation committees in the register, how many follow the official account, as far as we know whose
-- that is: of a committee, somebody who works there. Numbers alone, for whoever promotes.
CREATE FUNCTION door.follow_coverage() RETURNS TABLE (kind text, asked bigint, followed bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    WITH held AS (SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role IN ('EDITOR', 'SUPERVISOR', 'ADMIN') AND h.until > app.clock()),
    people AS (
        SELECT w.kind, w.id, l.id AS person FROM app.legal_worker w LEFT JOIN app.lawyer l ON l.licence = w.number
        WHERE w.kind = 'LAWYER' AND w.standing = 'ACTIVE'
        UNION ALL SELECT w.kind, w.id, t.person FROM app.legal_worker w LEFT JOIN app.adviser_term t ON t.worker = w.id
        WHERE w.kind = 'GRASSROOTS_LEGAL_WORKER' AND w.standing = 'ACTIVE'
        UNION ALL SELECT i.kind, i.id, p.person FROM app.institution i LEFT JOIN app.post p ON p.institution = i.id AND p.until > app.clock()
        WHERE i.kind = 'MEDIATION_COMMITTEE' AND i.standing = 'ACTIVE')
    SELECT p.kind, count(DISTINCT p.id), count(DISTINCT p.id) FILTER (WHERE EXISTS (
        SELECT FROM app.identity n WHERE n.kind = 'official' AND n.person = p.person))
    FROM people p WHERE EXISTS (SELECT FROM held) GROUP BY p.kind;
END;
CREATE FUNCTION door.partner_exchange(said text) RETURNS TABLE (name text, came bigint, sent bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT c.name, coalesce(sum(d.n) FILTER (WHERE d.step = 'SCAN'), 0), coalesce(sum(d.n) FILTER (WHERE d.step = 'SENT'), 0)
    FROM app.outreach_channel c LEFT JOIN app.outreach_day d ON d.channel = c.id
    WHERE c.code = said AND c.kind = 'PARTNER' GROUP BY c.name;
END;
GRANT EXECUTE ON FUNCTION door.channel_to_print(uuid) TO app_worker;
GRANT EXECUTE ON FUNCTION door.follow_coverage(), door.partner_exchange(text) TO app_api;
RESET ROLE;
"""


def upgrade() -> None:
    run(op, CODES)
    wall(op, "outreach_code")
