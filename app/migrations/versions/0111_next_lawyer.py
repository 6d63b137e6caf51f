"""What was said of one lawyer's work is not said of the next one's.

Where aid was ended and an objection gave it back, the new lawyer's case counted as reported by who had it before, and
could be closed; and the applicant had asked for another lawyer already."""

from alembic import op

from app.migrations.sql import run

revision = "0111"
down_revision = "0110"

DOOR = """
SET LOCAL ROLE app_door;
-- What only legal aid does: lawyers, advance, objections, subsidies.
CREATE OR REPLACE FUNCTION door.aid_moves() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NEW.move = 'OFFER' AND door.aid_hindrance(NEW.application, NEW.lawyer) IS NOT NULL
        OR NEW.move IN ('UPHOLD', 'OVERTURN') AND door.decided_herself(NEW.application, NEW.actor) THEN
        RAISE 'this step is not hers to make' USING ERRCODE = '42501';
    END IF;
    UPDATE app.application SET
        lawyer = CASE WHEN NEW.move = 'OFFER' THEN NEW.lawyer
                      WHEN NEW.after IN ('ASSIGNED', 'IN_PROGRESS', 'CLOSED_REPORTED', 'FOLLOWED_UP') THEN lawyer END,
        advance = advance OR NEW.move = 'GRANT_IN_ADVANCE',
        change_asked = CASE WHEN NEW.move = 'ASK_CHANGE' THEN true WHEN NEW.move IN ('CHANGE_LAWYER', 'KEEP_LAWYER', 'OFFER') THEN false ELSE change_asked END,
        reported = CASE WHEN NEW.move = 'REPORT' THEN true WHEN NEW.move IN ('CHANGE_LAWYER', 'OFFER') THEN false ELSE reported END,
        objected = objected OR NEW.move = 'OBJECT',
        subsidy = coalesce(NEW.amount, subsidy)
    WHERE id = NEW.application;
    IF NEW.move = 'ACCEPT' THEN
        INSERT INTO app.reader (subject, person, basis, since) VALUES (NEW.application, NEW.actor, 'assigned', NEW.at)
        ON CONFLICT (subject, person) DO UPDATE SET until = 'infinity' WHERE reader.basis = 'assigned';
    ELSIF NEW.before = 'IN_PROGRESS' AND NEW.after IN ('GRANTED', 'TERMINATED', 'WITHDRAWN') THEN
        UPDATE app.reader SET until = app.clock() WHERE subject = NEW.application AND basis = 'assigned' AND until > app.clock();
    END IF;

    -- What the lawyers see of it.
    IF NEW.move = 'OFFER' THEN
        INSERT INTO app.assignment (id, application, lawyer, kind, matter, state, offered_at, due_at)
        SELECT NEW.id, NEW.application, NEW.lawyer, NEW.kind, a.matter, 'OFFERED', NEW.at, NEW.answer_by FROM app.application a WHERE a.id = NEW.application;
    ELSIF NEW.before = 'ASSIGNED' AND NEW.after <> 'ASSIGNED' THEN
        UPDATE app.assignment SET state = CASE NEW.move WHEN 'ACCEPT' THEN 'ACCEPTED' WHEN 'DECLINE' THEN 'DECLINED' WHEN 'NO_ANSWER' THEN 'LAPSED' ELSE 'ENDED' END,
            code = NEW.code, answered_at = CASE WHEN NEW.by_whom = 'LAWYER' THEN NEW.at END, ended_at = CASE WHEN NEW.move <> 'ACCEPT' THEN NEW.at END
        WHERE application = NEW.application AND state = 'OFFERED';
    ELSIF NEW.before = 'IN_PROGRESS' AND NEW.after <> 'IN_PROGRESS' THEN
        UPDATE app.assignment SET state = CASE NEW.move WHEN 'CLOSE' THEN 'DONE' ELSE 'ENDED' END, ended_at = NEW.at
        WHERE application = NEW.application AND state = 'ACCEPTED';
    END IF;
    RETURN NULL;
END $$;
RESET ROLE;
"""


def upgrade() -> None:
    run(op, DOOR)
