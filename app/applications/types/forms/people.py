"""Who appears in the form of every kind of application."""

import strawberry

from app.applications.rules.forms import choices
from app.graph import visible


@strawberry.input(description="Who applies for another.")
class ApplicationAgentInput:
    name: str | None = strawberry.field(default=None, description="The agent's name, 2 to 60 characters.")
    id_kind: choices.IdKind | None = strawberry.field(default=None, description="Which paper the number is of.")
    id_number: str | None = strawberry.field(default=None, description="The agent's own number.")
    phone: str | None = strawberry.field(default=None, description="Where the agent is reached.")
    relation: choices.AgentRelation | None = strawberry.field(default=None, description="By what right.")


@strawberry.type(description="Who applies for another.", directives=[visible.WITHIN])
class ApplicationAgent:
    name: str | None = strawberry.field(description="The agent's name.")
    id_kind: choices.IdKind | None = strawberry.field(description="Which paper the number is of.")
    id_number: str | None = strawberry.field(
        description="Its last four characters; the others are shown only to who needs them."
    )
    phone: str | None = strawberry.field(description="Where the agent is reached.")
    relation: choices.AgentRelation | None = strawberry.field(description="By what right.")
