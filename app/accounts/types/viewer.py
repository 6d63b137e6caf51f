"""How the graph shows a person to herself, and nobody to anybody else."""

from datetime import datetime
from typing import Annotated, Any, Self

import strawberry

from app.accounts import reads
from app.accounts.models import AgeBand, ConsentPurpose, IdentityKind, Standing
from app.accounts.rules.consenting import MINORS, WARNING
from app.accounts.rules.tokens import REFRESH_LIFE
from app.accounts.types.consenting import Guardianship, PrivacyConsent
from app.core import access
from app.graph import visible
from app.graph.context import Info
from app.graph.enums import explain
from app.graph.ids import Node, global_id
from app.graph.refusals import PAYLOAD, Refused
from app.places.types import Division

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

explain(
    Standing,
    "Whether somebody may use the service.",
    "PersonStanding",
    ACTIVE="She may.",
    SUSPENDED="An administrator suspended her: her devices were signed out, and she cannot sign in.",
    CLOSED="She closed her account.",
)


@strawberry.type(
    description="A device of yours that is signed in. Where it is, nobody keeps.", directives=[visible.WITHIN]
)
class SignedInDevice:
    id: strawberry.ID = strawberry.field(description="Its session, for `signOutSession`.")
    name: str = strawberry.field(description="What it calls itself; empty if it said nothing.")
    since: datetime = strawberry.field(description="When it signed in.")
    seen_at: datetime = strawberry.field(description="When it last renewed its tokens: to a quarter of an hour.")
    mine: bool = strawberry.field(description="Whether it is the one that asks.")


@strawberry.type(
    description="You: the person who is signed in on this device. Nobody else can see this.", directives=[visible.SELF]
)
class Viewer(Node):
    asking: strawberry.Private[access.Viewer]
    roles: list[access.Role] = strawberry.field(
        description="What this session may do. Roles granted meanwhile come with the next refreshSession."
    )
    standing: Standing = strawberry.field(
        description="ACTIVE whenever you can ask: any other standing ends every session."
    )
    since: datetime = strawberry.field(description="When you first signed in.")
    session_id: strawberry.ID = strawberry.field(description="The session of this device.")
    has_wechat: bool = strawberry.field(description="Whether you can sign in with WeChat.")
    has_phone: bool = strawberry.field(description="Whether you can sign in with a telephone.")

    @classmethod
    def of(cls, viewer: access.Viewer, row: Any) -> Self:
        return cls(
            id=global_id("Viewer", viewer.id),
            asking=viewer,
            roles=sorted(viewer.roles),
            standing=Standing(row.standing),
            since=row.created_at,
            session_id=global_id("Session", viewer.sign_in),
            has_wechat=IdentityKind.WECHAT in row.kinds,
            has_phone=IdentityKind.SMS in row.kinds,
        )

    @strawberry.field(description="Your devices, the last seen first; 100 at most.")
    async def sessions(self, info: Info) -> list[SignedInDevice]:
        async with info.context.acting(self.asking) as session:
            rows = await reads.devices(session, self.asking, info.context.now - REFRESH_LIFE)
        return [
            SignedInDevice(
                id=global_id("Session", row.id),
                name=row.device,
                since=row.created_at,
                seen_at=row.seen_at,
                mine=row.id == self.asking.sign_in,
            )
            for row in rows
        ]

    @strawberry.field(description="What you said to each privacy notice.")
    async def consents(self, info: Info) -> list[PrivacyConsent]:
        async with info.context.acting(self.asking) as session:
            said = await reads.consents(session, self.asking)
        return [PrivacyConsent.of(purpose, said.get(purpose), info) for purpose in ConsentPurpose]

    @strawberry.field(description="How old you said you are; null until you did.")
    async def age_band(self, info: Info) -> AgeBand | None:
        async with info.context.acting(self.asking) as session:
            said = await reads.age_said(session, self.asking)
        return AgeBand(said.band) if said else None

    @strawberry.field(
        description="The village or community that you said is yours (`setMyVillage`); null until you did. Its adviser "
        "is `myAdviser`."
    )
    async def village(self, info: Info) -> Division | None:
        async with info.context.acting(self.asking) as session:
            said = await reads.village_of(session, self.asking)
        return Division.of(said) if said else None

    @strawberry.field(
        description="What to show you before you send anything: minors are warned not to say who and where they are. "
        "Null for grown-ups."
    )
    async def privacy_warning(self, info: Info) -> str | None:
        return WARNING if await self.age_band(info) in MINORS else None

    @strawberry.field(
        description="Guardians who agreed that you ask, and children for whom you did, those that stand first; "
        "100 at most."
    )
    async def guardianships(self, info: Info) -> list[Guardianship]:
        async with info.context.acting(self.asking) as session:
            rows = await reads.guardianships(session, self.asking)
        return [Guardianship.of(row, self.asking) for row in rows]

    @classmethod
    async def find(cls, info: Info, viewer: access.Viewer) -> Self | None:
        """None once this device is signed out."""
        try:
            async with info.context.acting(viewer) as session:
                return cls.of(viewer, await reads.about(session, viewer))
        except access.SessionEnded:
            return None


SetMyVillageResult = Annotated[Viewer | Refused, strawberry.union("SetMyVillageResult", description=PAYLOAD)]
DeclareAgeResult = Annotated[Viewer | Refused, strawberry.union("DeclareAgeResult", description=PAYLOAD)]
