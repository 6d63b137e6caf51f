"""Who sees a type, and a field where it differs, and what is the same for everybody: said where it is declared, shown
in schema.graphql.

A house test wants every type declared; tests/graph/test_visible.py asks the graph as everybody and holds that what
is said here is what happens. It grants nothing: row-level security, `visible_to` and the guards of root fields do.
"""

from enum import StrEnum

import strawberry
from strawberry.schema_directive import Location

from app.graph.enums import explain


class Audience(StrEnum):
    ANYONE = "ANYONE"
    SIGNED_IN = "SIGNED_IN"
    RESIDENT = "RESIDENT"
    LAWYER = "LAWYER"
    OFFICER = "OFFICER"
    WINDOW_STAFF = "WINDOW_STAFF"
    MEDIATOR = "MEDIATOR"
    NOTARY = "NOTARY"
    EDITOR = "EDITOR"
    MODERATOR = "MODERATOR"
    SUPERVISOR = "SUPERVISOR"
    ADMIN = "ADMIN"
    SECURITY_OFFICER = "SECURITY_OFFICER"
    AUDITOR = "AUDITOR"
    ANALYST = "ANALYST"
    SELF = "SELF"
    ASKER = "ASKER"
    DELEGATE = "DELEGATE"
    SEATED = "SEATED"
    ANSWERED = "ANSWERED"
    AUTHOR = "AUTHOR"
    TAKER = "TAKER"
    CHECKER = "CHECKER"
    COLLEAGUE = "COLLEAGUE"
    HANDLER = "HANDLER"
    ASSIGNED = "ASSIGNED"
    PARTY = "PARTY"
    REVIEWER = "REVIEWER"
    WITHIN = "WITHIN"

    @property
    def is_open(self) -> bool:
        """Whether it is everybody, where the way there is everybody's."""
        return self in (Audience.ANYONE, Audience.WITHIN)


explain(
    Audience,
    "Who sees a thing: by role, or by what she has to do with it.",
    ANYONE="Whoever asks, signed in or not.",
    SIGNED_IN="Whoever is signed in, of any role.",
    RESIDENT="Who is signed in as a resident; everybody is one.",
    LAWYER="Every lawyer.",
    OFFICER="Every officer.",
    WINDOW_STAFF="Whoever receives people at a window.",
    MEDIATOR="Every mediator.",
    NOTARY="Every notary.",
    EDITOR="Every editor.",
    MODERATOR="Every moderator.",
    SUPERVISOR="Every supervisor.",
    ADMIN="Every administrator.",
    SECURITY_OFFICER="Every security officer.",
    AUDITOR="Every auditor.",
    ANALYST="Every analyst.",
    SELF="The person whose own it is; both, where it is between two.",
    ASKER="Who asked the question it belongs to, or for whom it was asked; of an application likewise.",
    DELEGATE="Who asked or applied on her behalf, while she consents.",
    SEATED="A lawyer who has a seat on that question and has not answered yet, until the seat ends.",
    ANSWERED="A lawyer who has delivered an answer to that question.",
    AUTHOR="The lawyer whose words it is, or is about.",
    TAKER="Who has taken the task or the consultation it belongs to, until that is done; of a visit, who opened it at "
    "her window, until the end of the day.",
    CHECKER="The administrator who checks the application it belongs to, until that is decided.",
    COLLEAGUE="Who works for the same institution; of an application, whoever may handle it there.",
    HANDLER="Who handles the application it belongs to, and the supervisors of her institution.",
    ASSIGNED="The lawyer who took on the application it belongs to.",
    PARTY="Either side of the mediation it belongs to: who applied, and who was invited and joined.",
    REVIEWER="The lawyer who checks the quality of the answers it belongs to.",
    WITHIN="Whoever sees what it is a part of: there is no other way to it.",
)


@strawberry.schema_directive(
    locations=[Location.OBJECT, Location.FIELD_DEFINITION],
    name="visible",
    description="Who sees it. What others ask for is not found, null, false or empty: they cannot tell it from what is "
    "not there. A field without it is seen by whoever sees its type.",
)
class Visible:
    to: list[Audience] = strawberry.field(description="Any of these.")


def to(*audience: Audience) -> Visible:
    """`@strawberry.type(directives=[visible.to(Audience.ASKER)])`, and so on a field that fewer see than its type."""
    return Visible(to=list(audience))


ANYONE = to(Audience.ANYONE)
WITHIN = to(Audience.WITHIN)
SELF = to(Audience.SELF)
FILES = to(Audience.ADMIN, Audience.AUDITOR)
"""Who decides about people, and who looks at what was decided."""
OWNERS = to(Audience.ASKER, Audience.DELEGATE)
"""Whose question it is, and who asks for her."""
REGISTER = to(Audience.EDITOR, Audience.OFFICER, Audience.ADMIN)
"""Who keeps the register of institutions and legal workers."""
OUTREACH = to(Audience.EDITOR, Audience.ADMIN, Audience.SUPERVISOR)
"""Who promotes the service, and who looks at what came of it."""
SERVICES = to(Audience.SELF, Audience.EDITOR, Audience.OFFICER, Audience.ADMIN)
"""Whose work it is, and who keeps the register."""
MINORS = to(
    Audience.SUPERVISOR,
    Audience.ADMIN,
    Audience.SECURITY_OFFICER,
    Audience.AUDITOR,
    Audience.MODERATOR,
    Audience.COLLEAGUE,
)
"""Who may see what is a minor's with another's approval, who approves, and who looks at both."""
OPERATORS = to(Audience.SUPERVISOR, Audience.ADMIN)
"""Who sees to it that messages leave the house."""
EDITING = to(Audience.EDITOR, Audience.SUPERVISOR)
"""Who writes what the public reads, and who looks at it first."""
CHECKED = to(Audience.CHECKER)
APPLICATION = to(Audience.SELF, Audience.CHECKER)
"""Who applies to be admitted, and who checks it."""
READERS = to(Audience.ASKER, Audience.DELEGATE, Audience.SEATED, Audience.ANSWERED)
"""The owners, and the lawyers who take part."""
DOSSIER = to(Audience.ASKER, Audience.DELEGATE, Audience.HANDLER, Audience.ASSIGNED)
"""Who applies, and who acts on it."""
SPEAKERS = to(Audience.ASKER, Audience.DELEGATE, Audience.SEATED, Audience.ANSWERED, Audience.TAKER)
"""Of what is said about a question, its readers; in a consultation, who began it and who took it."""
UNBLINDED = to(Audience.ASKER, Audience.DELEGATE, Audience.ANSWERED)
"""Those of them who may see every answer: a lawyer sees her peers' once she has delivered her own."""


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="shared",
    description="The same for everybody. A query of such fields alone is found out once for all who ask for it at the "
    "same time. Of a stream each frame is whole in itself, and only the newest counts: there is no cursor, and what "
    "belongs to the viewer alone is null in it.",
)
class Shared: ...


SHARED = Shared()
"""`@strawberry.field(permission_classes=[Anyone], directives=[SHARED], ...)`: of a query (`common.py`), or of a stream
over `live.states` (`shared.py`)."""
