"""What the audit holds of a day is hashed, and the hash signed and chained: whoever changes it later, owner and superuser
of the database included, is found out."""

from alembic import op

from app.migrations.sql import run, wall

revision = "0147"
down_revision = "0146"

TABLES = """
-- A leaf is the hash of a fact and of its row's salt: what is left of a row that went tells nothing.
ALTER TABLE app.access          ADD COLUMN salt uuid NOT NULL DEFAULT gen_random_uuid();
ALTER TABLE app.person_move     ADD COLUMN salt uuid NOT NULL DEFAULT gen_random_uuid();
ALTER TABLE app.minor_access    ADD COLUMN salt uuid NOT NULL DEFAULT gen_random_uuid();
ALTER TABLE app.window_visit    ADD COLUMN salt uuid NOT NULL DEFAULT gen_random_uuid();
ALTER TABLE app.window_act      ADD COLUMN salt uuid NOT NULL DEFAULT gen_random_uuid();
ALTER TABLE app.figure_export   ADD COLUMN salt uuid NOT NULL DEFAULT gen_random_uuid();
ALTER TABLE app.register_change ADD COLUMN salt uuid NOT NULL DEFAULT gen_random_uuid();
ALTER TABLE app.legal_hold      ADD COLUMN salt uuid NOT NULL DEFAULT gen_random_uuid();
-- Two who become one take over what either said, with the time at which it was said: its day is the one it was written.
ALTER TABLE app.consent         ADD COLUMN salt uuid NOT NULL DEFAULT gen_random_uuid(),
                                ADD COLUMN written_at timestamptz NOT NULL DEFAULT app.clock();
CREATE INDEX access_at ON app.access USING brin (at) WITH (autosummarize = on);

CREATE TABLE app.audit_anchor (                       -- added to and nothing else
    id          uuid PRIMARY KEY,
    day         date NOT NULL UNIQUE,                 -- the last that it covers, in the city
    document    text NOT NULL,                        -- what is signed
    signature   text NOT NULL,
    key_id      text NOT NULL,
    anchored_at timestamptz NOT NULL);
CREATE INDEX audit_anchor_at ON app.audit_anchor (anchored_at DESC, id DESC);
GRANT SELECT ON app.audit_anchor TO app_api, app_door;
GRANT SELECT, INSERT ON app.audit_anchor TO app_worker;
CREATE POLICY auditor ON app.audit_anchor FOR SELECT TO app_api USING (EXISTS (
    SELECT FROM app.role_held h WHERE h.person = app.person() AND h.role = 'AUDITOR' AND h.until > app.clock() OFFSET 0));
CREATE POLICY door   ON app.audit_anchor FOR SELECT TO app_door   USING (true);
CREATE POLICY latest ON app.audit_anchor FOR SELECT TO app_worker USING (true);
CREATE POLICY anchor ON app.audit_anchor FOR INSERT TO app_worker WITH CHECK (true);

CREATE TABLE app.audit_leaf (                         -- what an anchor's roots were made of; stays when rows go
    day    date NOT NULL,
    kind   text NOT NULL,
    leaves bytea NOT NULL CHECK (length(leaves) > 0 AND length(leaves) % 32 = 0),   -- SHA-256 each, in their own order
    PRIMARY KEY (day, kind));
GRANT SELECT ON app.audit_leaf TO app_door;
GRANT INSERT ON app.audit_leaf TO app_worker;
CREATE POLICY door   ON app.audit_leaf FOR SELECT TO app_door   USING (true);
CREATE POLICY anchor ON app.audit_leaf FOR INSERT TO app_worker WITH CHECK (true);

CREATE TABLE app.audit_removal (                      -- what went by law: written by a trigger, anchored like the rest
    leaf    bytea PRIMARY KEY,
    at      timestamptz NOT NULL,
    by_role text NOT NULL,                            -- who had signed in to the database
    salt    uuid NOT NULL DEFAULT gen_random_uuid());
GRANT SELECT, INSERT ON app.audit_removal TO app_door;
CREATE POLICY door ON app.audit_removal TO app_door USING (true);

GRANT SELECT (salt) ON app.access TO app_door;
GRANT SELECT (id, why, placed_by, placed_at, lifted_by, salt) ON app.legal_hold TO app_door;
GRANT SELECT ON app.figure_export, app.register_change TO app_door;
CREATE POLICY door ON app.figure_export FOR SELECT TO app_door USING (true);
CREATE POLICY anchor ON app.register_change FOR SELECT TO app_door USING (true);
"""

# `scripts/verify_audit.py` has the same list of its own: it believes no function of this database. What a kind is made of
# never changes, or what was anchored verifies no more: what a later release wants to add is another kind.
DOOR = """
SET LOCAL ROLE app_door;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
-- Of what happened in a span of time, by kind. A row that changes by law is several facts, each of what never changes.
CREATE FUNCTION door.audit_leaves(since timestamptz, till timestamptz) RETURNS TABLE (kind text, leaves bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT l.kind, string_agg(l.leaf, ''::bytea ORDER BY l.leaf)
    FROM (SELECT f.kind, sha256(convert_to(f.kind || ' ' || f.salt || ' ' || f.fact, 'UTF8')) AS leaf FROM (
        SELECT CASE WHEN a.basis IN ('delegate', 'transcription', 'moderator', 'moderator_for_lawyer')
            THEN 'passing_access' ELSE 'access' END AS kind, a.salt,
            ROW(a.subject, a.person, a.slot, a.part, a.basis, extract(epoch FROM a.at))::text AS fact
        FROM app.access a
        WHERE a.at >= since AND a.at < till
        UNION ALL
        SELECT 'person_move', m.salt,
            ROW(m.id, m.person, m.actor, m.kind, m.roles, encode(m.reason, 'hex'), extract(epoch FROM m.at), m.institution, m.duty, m.called)::text
        FROM app.person_move m WHERE m.at >= since AND m.at < till
        UNION ALL
        SELECT 'minor_access_asked', m.salt,
            ROW(m.id, m.kind, m.subject, m.requester, m.office, m.crisis, encode(m.reason, 'hex'), extract(epoch FROM m.asked_at))::text
        FROM app.minor_access m WHERE m.asked_at >= since AND m.asked_at < till
        UNION ALL
        SELECT 'minor_access_approved', m.salt, ROW(m.id, m.approver, extract(epoch FROM m.approved_at))::text
        FROM app.minor_access m WHERE m.approved_at >= since AND m.approved_at < till
        UNION ALL
        SELECT 'minor_access_opened', m.salt, ROW(m.id, extract(epoch FROM m.opened_at))::text
        FROM app.minor_access m WHERE m.opened_at >= since AND m.opened_at < till
        UNION ALL
        SELECT 'window_opened', v.salt,
            ROW(v.id, v.subject, v.about, v.institution, v.staff, extract(epoch FROM v.opened_at))::text
        FROM app.window_visit v WHERE v.opened_at >= since AND v.opened_at < till
        UNION ALL
        SELECT 'window_act', w.salt,
            ROW(w.id, w.visit, w.subject, w.kind, w.papers, w.receipt, w.staff, extract(epoch FROM w.at), w.settles)::text
        FROM app.window_act w WHERE w.at >= since AND w.at < till
        UNION ALL
        SELECT 'figure_export', x.salt,
            ROW(x.id, x.person, x.figures, extract(epoch FROM x.first), extract(epoch FROM x.last), x.purpose,
                extract(epoch FROM x.made_at), extract(epoch FROM x.day), x.n, x.format)::text
        FROM app.figure_export x WHERE x.made_at >= since AND x.made_at < till
        UNION ALL
        SELECT 'consent', c.salt,
            ROW(c.person, c.purpose, c.turn, c.version, c.given, c.channel, extract(epoch FROM c.at), extract(epoch FROM c.written_at))::text
        FROM app.consent c WHERE c.written_at >= since AND c.written_at < till
        UNION ALL
        SELECT 'register_change', r.salt,
            ROW(r.subject, r.version, extract(epoch FROM r.at), r.editor, r.reason, r.before, r.after)::text
        FROM app.register_change r WHERE r.at >= since AND r.at < till
        UNION ALL                                     -- whose it is follows two who become one
        SELECT 'hold_placed', h.salt, ROW(h.id, h.why, h.document, h.placed_by, extract(epoch FROM h.placed_at))::text
        FROM app.legal_hold h WHERE h.placed_at >= since AND h.placed_at < till
        UNION ALL
        SELECT 'hold_lifted', h.salt, ROW(h.id, h.lifted_by, extract(epoch FROM h.lifted_at))::text
        FROM app.legal_hold h WHERE h.lifted_at >= since AND h.lifted_at < till
        UNION ALL
        SELECT 'removal', g.salt, ROW(encode(g.leaf, 'hex'), extract(epoch FROM g.at), g.by_role)::text
        FROM app.audit_removal g WHERE g.at >= since AND g.at < till) f) l
    GROUP BY l.kind;
END;
GRANT EXECUTE ON FUNCTION door.audit_leaves(timestamptz, timestamptz) TO app_worker;

-- Of readings, those go that tell of who acted for somebody, what a machine heard, and what was disclosed in a report.
CREATE FUNCTION door.access_removed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO app.audit_removal (leaf, at, by_role) VALUES (
        sha256(convert_to('passing_access ' || OLD.salt || ' '
            || ROW(OLD.subject, OLD.person, OLD.slot, OLD.part, OLD.basis, extract(epoch FROM OLD.at))::text, 'UTF8')),
        app.clock(), session_user);
    RETURN NULL;
END $$;
GRANT EXECUTE ON FUNCTION door.access_removed() TO app_owner; -- to make the trigger
RESET ROLE;
CREATE TRIGGER access_removed AFTER DELETE ON app.access FOR EACH ROW
    WHEN (OLD.basis IN ('delegate', 'transcription', 'moderator', 'moderator_for_lawyer')) EXECUTE FUNCTION door.access_removed();
"""


def upgrade() -> None:
    run(op, TABLES)
    wall(op, "audit_anchor", "audit_leaf", "audit_removal")
    run(op, DOOR)
