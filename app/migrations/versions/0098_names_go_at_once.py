"""Who closes her account is known by nothing from that instant on.

Her telephone and her WeChat went when her closing had its turn. Until then, a moment or, with the outbox behind, as
long as that took, they still led into the account that closes: who came back was signed in there, and whoever bound
the telephone to another account gave all that was hers to the closing, which destroyed it."""

from alembic import op

from app.migrations.sql import run

revision = "0098"
down_revision = "0097"

DOOR = """
SET LOCAL ROLE app_door;
CREATE FUNCTION door.leave_names() RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    DELETE FROM app.identity i WHERE i.person = app.person() AND EXISTS (SELECT FROM app.closing c WHERE c.person = i.person);
END;
REVOKE EXECUTE ON FUNCTION door.leave_names() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION door.leave_names() TO app_api;
RESET ROLE;
"""


def upgrade() -> None:
    run(op, DOOR)
