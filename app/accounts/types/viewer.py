"""How the graph shows a person to herself, and nobody to anybody else."""

from datetime import datetime
from typing import Any, Self

import strawberry

from app.accounts import reads
from app.accounts.models import IdentityKind
from app.core import access
from app.graph import visible
from app.graph.context import Info
from app.graph.enums import explain
from app.graph.ids import Node, global_id

explain(
    access.Role,
    "What a signed-in person may be.",
    RESIDENT="Asks questions; everybody is one.",
    LAWYER="Answers questions.",
    OFFICER="An officer of an institution, such as a legal aid centre.",
    WINDOW_STAFF="Receives people at a service window.",
    MEDIATOR="Mediates between people.",
    NOTARY="Works for a notary office.",
    EDITOR="Writes articles and prepares activities.",
    MODERATOR="Decides on what was reported; reads what was disclosed and nothing else.",
    ANALYST="Reads published figures.",
    SUPERVISOR="Sees to broken promises, callbacks and poor ratings; reads no question.",
    ADMIN="Keeps the service: appoints people and sees to its settings.",
    SECURITY_OFFICER="Keeps the service safe: the second person of an exceptional opening.",
    AUDITOR="Looks at what the staff did; changes nothing.",
)


@strawberry.type(
    description="You: the person who is signed in on this device. Nobody else can see this.", directives=[visible.SELF]
)
class Viewer(Node):
    roles: list[access.Role] = strawberry.field(
        description="What this session may do. Roles granted meanwhile come with the next refreshSession."
    )
    since: datetime = strawberry.field(description="When you first signed in.")
    session_id: strawberry.ID = strawberry.field(description="The session of this device.")
    has_wechat: bool = strawberry.field(description="Whether you can sign in with WeChat.")
    has_phone: bool = strawberry.field(description="Whether you can sign in with a telephone.")

    @classmethod
    def of(cls, viewer: access.Viewer, row: Any) -> Self:
        return cls(
            id=global_id("Viewer", viewer.id),
            roles=sorted(viewer.roles),
            since=row.created_at,
            session_id=global_id("Session", viewer.sign_in),
            has_wechat=IdentityKind.WECHAT in row.kinds,
            has_phone=IdentityKind.SMS in row.kinds,
        )

    @classmethod
    async def find(cls, info: Info, viewer: access.Viewer) -> Self | None:
        """None once this device is signed out."""
        try:
            async with info.context.acting(viewer) as session:
                return cls.of(viewer, await reads.about(session, viewer))
        except access.SessionEnded:
            return None
