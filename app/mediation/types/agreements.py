"""What was agreed in a mediation: who has to do what, what each side said to it, and the court's confirmation."""

from datetime import date, datetime
from typing import Any, Self

import strawberry

from app.graph import visible
from app.graph.context import Info
from app.graph.ids import global_id
from app.mediation import models
from app.mediation.actions.papering import term_of, words_of
from app.mediation.loaders import TermsOf
from app.papers.loaders import PapersOf
from app.papers.types import Paper
from app.vault.loaders import DataKey
from app.vault.types import File, files_of


@strawberry.type(description="What one side has to do until when.", directives=[visible.WITHIN])
class MediationTerm:
    row: strawberry.Private[Any]
    id: strawberry.ID = strawberry.field(description="Of the term.")
    side: models.Side = strawberry.field(description="Who has to do it.")
    due_on: date = strawberry.field(description="Until when: that day is the last.")
    kept_at: datetime | None = strawberry.field(description="When the other side, or the mediator, said it was done.")

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls(
            row=row,
            id=global_id("MediationTerm", row.id),
            side=models.Side(row.side),
            due_on=row.due_on,
            kept_at=row.kept_at,
        )

    @strawberry.field(description="What has to be done.")
    async def what(self, info: Info) -> str | None:
        said = await _sealed(info, self.row)
        return said.what if said else None

    @strawberry.field(description="How much, in yuan, if it is money.")
    async def amount(self, info: Info) -> str | None:
        said = await _sealed(info, self.row)
        return said.amount if said else None


async def _sealed(info: Info, row: Any) -> Any:
    key = await info.context.loader(DataKey).load(row.mediation) if row.body else None
    return term_of(key, row) if key else None


@strawberry.type(description="What a side said to something.", directives=[visible.WITHIN])
class MediationAssent:
    about: models.About = strawberry.field(description="To what.")
    side: models.Side = strawberry.field(description="Which side.")
    yes: bool = strawberry.field(description="Yes or no.")
    how: models.How = strawberry.field(description="Herself, or before the mediator.")
    at: datetime = strawberry.field(description="When.")

    @classmethod
    def of(cls, row: Any) -> Self:
        about, how = models.About(row.about), models.How(row.how)
        return cls(about=about, side=models.Side(row.side), yes=row.yes, how=how, at=row.at)


@strawberry.type(
    description="The agreement on the table, or the one that binds (人民调解法第二十九条).",
    directives=[visible.WITHIN],
)
class MediationAgreement:
    row: strawberry.Private[Any]
    id: strawberry.ID = strawberry.field(description="Of the agreement: to be said with a yes or no to it.")
    form: models.AgreementForm = strawberry.field(description="In writing or orally.")
    about_status: bool = strawberry.field(
        description="Whether it is about a marriage, an adoption or another status: no court confirms that."
    )
    at: datetime = strawberry.field(description="When the mediator put it on the table.")
    effective_at: datetime | None = strawberry.field(description="Since when it binds; null while a yes is missing.")

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls(
            row=row,
            id=global_id("MediationAgreement", row.id),
            form=models.AgreementForm(row.form),
            about_status=row.about_status,
            at=row.at,
            effective_at=row.effective_at,
        )

    async def _words(self, info: Info) -> Any:
        key = await info.context.loader(DataKey).load(self.row.mediation) if self.row.body else None
        return words_of(key, self.row) if key else None

    @strawberry.field(description="What the dispute was.")
    async def facts(self, info: Info) -> str | None:
        said = await self._words(info)
        return said.facts if said else None

    @strawberry.field(description="Who is to answer for what.")
    async def responsibility(self, info: Info) -> str | None:
        said = await self._words(info)
        return said.responsibility if said else None

    @strawberry.field(description="In which manner it is done.")
    async def manner(self, info: Info) -> str | None:
        said = await self._words(info)
        return said.manner if said else None

    @strawberry.field(description="What each side has to do until when.")
    async def terms(self, info: Info) -> list[MediationTerm]:
        return [MediationTerm.of(row) for row in await info.context.loader(TermsOf).load(self.row.id)]

    @strawberry.field(
        description="It as a PDF, to be signed by both sides and the mediator: made within seconds of the second yes "
        "where it is in writing; null before, and of an oral one."
    )
    async def paper(self, info: Info) -> Paper | None:
        rows = await info.context.loader(PapersOf).load(self.row.mediation) if self.row.effective_at else []
        return next((Paper.of(row) for row in rows if row.step == self.row.id), None)

    @strawberry.field(description="Files that came with it, such as the signed paper.")
    async def attachments(self, info: Info) -> list[File]:
        return await files_of(info, self.row.id)


@strawberry.type(
    description="The judicial confirmation of an agreement (人民调解法第三十三条).", directives=[visible.WITHIN]
)
class CourtConfirmation:
    state: models.CourtState = strawberry.field(description="Where it stands.")
    since: datetime = strawberry.field(description="When the agreement took effect.")
    until: datetime = strawberry.field(
        description="Until when both may go to the court: thirty days, and on to the next working day."
    )
    filed_at: datetime | None = strawberry.field(description="When both had said that they go.")
    ended_at: datetime | None = strawberry.field(description="When the court had decided, or the time was over.")

    @classmethod
    def of(cls, row: Any) -> Self:
        state = models.CourtState(row.state)
        return cls(state=state, since=row.since, until=row.until, filed_at=row.filed_at, ended_at=row.ended_at)
