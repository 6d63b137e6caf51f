"""Notices, what a resident said to them, and a child's guardians."""

from datetime import datetime
from typing import Annotated, Any, Self

import strawberry

from app.accounts.actions.guarding import ChildNames, names_of
from app.accounts.models import AgeBand, ConsentPurpose
from app.accounts.rules import consenting as rules
from app.core import access
from app.core.sealing import KeyProvider
from app.graph import visible
from app.graph.context import Info
from app.graph.enums import explain
from app.graph.ids import Node, global_id
from app.graph.refusals import PAYLOAD, Refused

explain(
    ConsentPurpose,
    "What a resident is asked for, each by itself.",
    SERVICE="That what she asks is handled at all; without it nobody can ask.",
    SENSITIVE="That it is handled where it is sensitive: health, violence, crime, minors; and what forms of "
    "applications ask for.",
    QUALITY_CHECK="That what she asked may be drawn for a check of its answers. Optional.",
    EDUCATION="That she is sent what explains the law. Optional.",
)
explain(
    AgeBand,
    "How old somebody is, as far as the law needs to know.",
    UNDER_14="Not yet fourteen: a guardian agrees before anything is asked.",
    FROM_14_TO_17="Fourteen to seventeen.",
    ADULT="Eighteen or older.",
)


@strawberry.type(
    description="What is done with personal information, in the words to be shown before consent is given.",
    directives=[visible.ANYONE],
)
class PrivacyNotice:
    purpose: ConsentPurpose = strawberry.field(description="What it is about.")
    version: int = strawberry.field(description="Goes up when the text changes: consent is then asked for again.")
    required: bool = strawberry.field(
        description="Whether what it is about cannot be done without. Without an optional one all else works the same."
    )
    title: str = strawberry.field(description="In Chinese, as is the text.")
    text: str = strawberry.field(description="To be shown whole; its end says who answers for it and what one may do.")
    on_withdrawal: str = strawberry.field(
        description="What ends when the consent is taken back, what goes on and on which ground, in Chinese. To be "
        "shown before and after."
    )
    category_ids: list[strawberry.ID] = strawberry.field(
        description="The categories whose questions need it; empty where it is not about some of them alone."
    )

    @classmethod
    def of(cls, notice: rules.PrivacyNotice, info: Info) -> Self:
        return cls(
            purpose=notice.purpose,
            version=notice.version,
            required=notice.required,
            title=notice.title,
            text=rules.words(notice, info.context.door(rules.Operator)),
            on_withdrawal=notice.on_withdrawal,
            category_ids=[global_id("Category", code) for code in sorted(notice.categories)],
        )


@strawberry.type(description="What you said to a notice last.", directives=[visible.SELF])
class PrivacyConsent:
    notice: PrivacyNotice = strawberry.field(description="As it is now.")
    given: bool = strawberry.field(description="Whether you said yes to this version and have not taken it back.")
    version: int | None = strawberry.field(
        description="The version you said yes or no to last; null where you said nothing."
    )
    at: datetime | None = strawberry.field(description="When you did.")

    @classmethod
    def of(cls, purpose: ConsentPurpose, said: Any | None, info: Info) -> Self:
        notice = rules.NOTICES[purpose]
        return cls(
            notice=PrivacyNotice.of(notice, info),
            given=said is not None and said.given and said.version == notice.version,
            version=said.version if said else None,
            at=said.at if said else None,
        )


@strawberry.type(
    description="A guardian's consent that a child under fourteen asks lawyers. Both see it, and either ends it at any "
    "time. The guardian reads nothing of what the child asks: that stays between the child and the lawyers.",
    directives=[visible.SELF],
)
class Guardianship(Node):
    row: strawberry.Private[Any]
    given: bool = strawberry.field(description="True for the guardian who gave it, false for the child.")
    granted_at: datetime = strawberry.field(description="Since when.")
    ended_at: datetime | None = strawberry.field(description="Until when; null while it stands.")
    ended_by_guardian: bool | None = strawberry.field(
        description="Whether the guardian ended it; null while it stands."
    )

    @classmethod
    def of(cls, row: Any, viewer: access.Viewer) -> Self:
        return cls(
            id=global_id("Guardianship", row.id),
            row=row,
            given=row.guardian == viewer.id,
            granted_at=row.granted_at,
            ended_at=row.ended_at,
            ended_by_guardian=row.ended_by == "GUARDIAN" if row.ended_by else None,
        )

    @strawberry.field(description="What the child calls herself.")
    def child_name(self, info: Info) -> str:
        return self._names(info).child

    @strawberry.field(description="The last four digits of the guardian's telephone.")
    def phone_ending(self, info: Info) -> str:
        return self._names(info).phone

    def _names(self, info: Info) -> ChildNames:
        return names_of(info.context.door(KeyProvider), self.row)


GiveConsentResult = Annotated[PrivacyConsent | Refused, strawberry.union("GiveConsentResult", description=PAYLOAD)]
WithdrawConsentResult = Annotated[
    PrivacyConsent | Refused, strawberry.union("WithdrawConsentResult", description=PAYLOAD)
]
ConfirmGuardianResult = Annotated[
    Guardianship | Refused, strawberry.union("ConfirmGuardianResult", description="What was granted, or why not.")
]
EndGuardianshipResult = Annotated[
    Guardianship | Refused, strawberry.union("EndGuardianshipResult", description="As it stands now, or why not.")
]
