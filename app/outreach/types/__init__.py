"""Channels, funnels and targets as the staff see them."""

from datetime import date, datetime
from typing import Annotated, Any, Self

import strawberry

from app.core.portable import ended
from app.graph import visible
from app.graph.context import Info
from app.graph.enums import explain
from app.graph.ids import Node, global_id
from app.graph.pictures import QrFormat
from app.graph.refusals import PAYLOAD, Refused
from app.graph.weights import Cost, ListSize
from app.outreach.loaders import ChannelById, CodesOf, TargetsOf
from app.outreach.models import AskedToFollow, ChannelKind, CodeKind, CodeState, Step
from app.outreach.rules.funnel import Sum, counted, enough, left
from app.outreach.rules.links import path_of
from app.outreach.rules.targets import weeks
from app.outside.storage import Address
from app.places.rules.workdays import today
from app.places.types import Division

explain(
    ChannelKind,
    "What a channel is.",
    TOWN="A town or subdistrict (镇办) of the city.",
    VILLAGE="A village or community; below its town.",
    ZONE="A zone of industry (产业集聚区).",
    DEPARTMENT="A department of the city (市直部门).",
    WINDOW="A window where people come for legal services.",
    SCHOOL="A school or nursery: counted in tens, of whole weeks that have passed, and in nothing smaller.",
    EVENT="A festival, a market, a talk.",
    PARTNER="Another's account, which leads to us as we lead to it.",
    PERSON="Somebody who tells others.",
)
explain(
    Step,
    "How far people came.",
    SCAN="The code was opened, by whomever.",
    FOLLOW="They follow the official account; who left again is taken off.",
    SIGN_IN="They are known here by an account.",
    QUESTION="They asked a question.",
    ANSWERED="A question of theirs has the promised answers.",
    SATISFIED="A question of theirs is resolved.",
)


explain(
    CodeKind,
    "A picture of a channel's code, beside the QR code of its address.",
    OFFICIAL_ACCOUNT="A QR code that leads to the official account, where who follows by it is counted.",
    MINI_PROGRAM="A mini-program code (小程序码) that opens the mini-program with the code as its scene.",
    SHEET="A page to hang up (PDF), with the office's name and the QR code of the address.",
)
explain(CodeState, "Whether a picture is there.", READY="It is.", REFUSED="WeChat refuses to make it.")
explain(
    AskedToFollow,
    "Who is asked to follow the official account.",
    LAWYER="Lawyers in practice.",
    GRASSROOTS_LEGAL_WORKER="Grassroots legal workers in practice.",
    MEDIATION_COMMITTEE="Mediation committees: one whose mediator follows does.",
)


@strawberry.type(description="A picture of a channel's code.", directives=[visible.WITHIN])
class ChannelCode:
    kind: CodeKind = strawberry.field(description="What it leads to.")
    state: CodeState = strawberry.field(description="Whether it is there.")
    url: str | None = strawberry.field(
        description="Where it is, for anybody; of the official account a PNG, and an SVG at the same place with .svg."
    )
    errcode: int | None = strawberry.field(description="Why WeChat refuses; `makeChannelCodes` asks again.")

    @classmethod
    def of(cls, row: Any, home: str) -> Self:
        ready = row.state == CodeState.READY
        path = {"OFFICIAL_ACCOUNT": "official.png", "MINI_PROGRAM": "mini-program", "SHEET": "sheet.pdf"}[row.kind]
        return cls(
            kind=CodeKind(row.kind),
            state=CodeState(row.state),
            url=f"{home}/{path}" if ready else None,
            errcode=row.errcode,
        )


@strawberry.type(
    description="How many of those who were asked to follow do, as far as is known: numbers and nobody's name.",
    directives=[visible.OUTREACH],
)
class FollowCoverage:
    kind: AskedToFollow = strawberry.field(description="Who.")
    asked: int = strawberry.field(description="How many stand in the register as working.")
    followed: int = strawberry.field(description="How many of them follow.")

    @classmethod
    def of(cls, kind: AskedToFollow, row: Any | None) -> Self:
        return cls(kind=kind, asked=row.asked if row else 0, followed=row.followed if row else 0)


@strawberry.type(
    description="What a partner and we brought each other, for whoever has the code.", directives=[visible.ANYONE]
)
class PartnerExchange:
    name: str = strawberry.field(description="The partner.")
    came: int | None = strawberry.field(description="How many came from there; null below ten.")
    sent: int | None = strawberry.field(description="How many we led there; null below ten.")

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls(name=row.name, came=enough(row.came), sent=enough(row.sent))


@strawberry.type(description="A week of a target, Monday to Sunday but for its ends.", directives=[visible.WITHIN])
class TargetWeek:
    since: date = strawberry.field(description="Its first day.")
    until: date = strawberry.field(description="Its last day.")
    came: int = strawberry.field(description="How many came in it.")
    reached: int = strawberry.field(description="How many came until its end, in all.")
    due: int = strawberry.field(description="How many should have until then, were each day like every other.")


@strawberry.type(description="What a channel and all below it are to bring.", directives=[visible.WITHIN])
class ChannelTarget:
    step: Step = strawberry.field(description="What is counted.")
    goal: int = strawberry.field(description="How many.")
    since: date = strawberry.field(description="From this day on.")
    until: date = strawberry.field(description="The last day.")
    reached: int = strawberry.field(description="How many came until now; of a school 0 below ten.")
    weeks: list[TargetWeek] = strawberry.field(
        description="Those that have begun; of a school 0 below ten.", directives=[ListSize(assumed_size=10)]
    )

    @classmethod
    def of(cls, row: Any, days: list[Any], own: ChannelKind, day: date) -> Self:
        step, came = Step(row.step), [(one.day, Sum(one.kind, one.step, one.n, one.school)) for one in days]
        passed = weeks(step, row.goal, row.since, row.until, came, own, day)
        shown = [
            TargetWeek(since=week.first, until=week.last, came=week.came, reached=week.reached, due=week.due)
            for week in passed
        ]
        reached = passed[-1].reached if passed else 0
        return cls(step=step, goal=row.goal, since=row.since, until=row.until, reached=reached, weeks=shown)


@strawberry.type(
    description="Somewhere people come from, with a code of its own that is printed, linked to or scanned.",
    directives=[visible.OUTREACH],
)
class Channel(Node):
    row: strawberry.Private[Any]
    code: str = strawberry.field(description="Twelve characters, of which nothing can be told.")
    kind: ChannelKind = strawberry.field(description="What it is.")
    name: str = strawberry.field(description="How the staff call it.")
    office: str = strawberry.field(description="Whose name stands on its sheet.")
    link: str | None = strawberry.field(description="Of a partner: where we lead people to (`sendUrl`).")
    until: datetime | None = strawberry.field(description="Its code counts until then; null for ever.")
    made_at: datetime = strawberry.field(description="Since when it is there.")
    closed_at: datetime | None = strawberry.field(description="Since when its code counts no more; null while it does.")
    version: int = strawberry.field(description="Grows with each change; a change says which one it is about.")

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls(
            id=global_id("Channel", row.id),
            row=row,
            code=row.code,
            kind=ChannelKind(row.kind),
            name=row.name,
            office=row.office,
            link=row.link,
            until=ended(row.until),
            made_at=row.made_at,
            closed_at=row.closed_at,
            version=row.version,
        )

    @strawberry.field(description="What it stands below; null at the top.")
    async def parent(self, info: Info) -> "Channel | None":
        row = await info.context.loader(ChannelById).load(self.row.parent) if self.row.parent else None
        return Channel.of(row) if row else None

    @strawberry.field(description="The town or village that it is; null for other kinds.")
    def division(self) -> Division | None:
        return Division.of(self.row.division) if self.row.division else None

    @strawberry.field(description="Where its code leads: who opens it is counted and led on.")
    def url(self, info: Info) -> str:
        return f"{info.context.door(Address).url}{path_of(self.code)}"

    @strawberry.field(description="A picture of the QR code of `url`.")
    def qr_url(
        self,
        info: Info,
        format: Annotated[QrFormat, strawberry.argument(description="SVG for print, PNG for all else.")] = QrFormat.PNG,
    ) -> str:
        return f"{self.url(info)}/qr.{format.value}"

    @strawberry.field(description="Of a partner with a link: an address that counts whom we lead there.")
    def send_url(self, info: Info) -> str | None:
        return f"{self.url(info)}/to" if self.link else None

    @strawberry.field(
        description="Pictures of its code that were made of it; they come within a minute, and stay.",
        directives=[ListSize(assumed_size=3)],
    )
    async def codes(self, info: Info) -> list[ChannelCode]:
        rows, home = await info.context.loader(CodesOf).load(self.code), self.url(info)
        return [ChannelCode.of(row, home) for row in rows]

    @strawberry.field(
        description="What it is to bring, and how far it is.", directives=[Cost(weight=5), ListSize(assumed_size=2)]
    )
    async def targets(self, info: Info) -> list[ChannelTarget]:
        found = await info.context.loader(TargetsOf).load(self.row.id)
        day = today(info.context.now)
        return [ChannelTarget.of(row, days, self.kind, day) for row, days in found]


@strawberry.type(
    description="How far people came who came by a channel: of those who came first on these days, how many did what "
    "within thirty days. Numbers and nothing else; null where there are too few to tell.",
    directives=[visible.OUTREACH],
)
class ChannelFunnel:
    channel: Channel = strawberry.field(description="Which one.")
    from_: date = strawberry.field(name="from", description="The first day, in the city.")
    to: date = strawberry.field(description="The last day.")
    scans: int | None = strawberry.field(description="How often the code was opened.")
    follows: int | None = strawberry.field(description="How many follow the official account, without who left.")
    left: int = strawberry.field(description="How many followed and left again; of schools nothing is told.")
    sign_ins: int | None = strawberry.field(description="How many are known here by an account.")
    questions: int | None = strawberry.field(description="How many asked.")
    answered: int | None = strawberry.field(description="How many got the promised answers.")
    satisfied: int | None = strawberry.field(description="How many had their question resolved.")

    @classmethod
    def of(cls, channel: Any, first: date, last: date, rows: Any) -> Self:
        sums = [Sum(row.kind, row.step, row.n, row.school) for row in rows]
        shown = counted(sums, ChannelKind(channel.kind))
        return cls(
            channel=Channel.of(channel),
            from_=first,
            to=last,
            scans=shown[Step.SCAN],
            follows=shown[Step.FOLLOW],
            left=left(sums),
            sign_ins=shown[Step.SIGN_IN],
            questions=shown[Step.QUESTION],
            answered=shown[Step.ANSWERED],
            satisfied=shown[Step.SATISFIED],
        )


ChannelResult = Annotated[Channel | Refused, strawberry.union("ChannelResult", description=PAYLOAD)]
