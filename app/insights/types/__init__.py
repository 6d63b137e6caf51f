"""What stands out, as those who look after the city see it, and what mediators are told of it."""

from datetime import date, datetime, timedelta
from typing import Annotated, Any, Self

import strawberry

from app.applications.rules.forms.mediation import DisputeKind
from app.consultation.rules.rating import wilson
from app.directory.loaders import InstitutionById
from app.directory.types.register import Institution
from app.graph import visible
from app.graph.context import Info
from app.graph.enums import explain
from app.graph.ids import Node, global_id
from app.graph.refusals import PAYLOAD, Refused
from app.graph.visible import Audience
from app.graph.weights import ListSize
from app.guidance.types.categories import Category
from app.guidance.types.path import PathWay
from app.insights.loaders import NotesOfAlert
from app.insights.models import DisputeDeed
from app.insights.rules.issues import SPAN
from app.places.types import Division

explain(
    DisputeDeed,
    "What a committee did about disputes that many ask about.",
    VISITED="Mediators went there (走访).",
    TALK_HELD="A talk about the law was held (宣讲).",
    NOTHING_NEEDED="Nothing is needed (无需处理).",
    IN_MEDIATION="It is being mediated already (已有调解).",
)


@strawberry.type(
    description="What was asked about much more than usual within seven days: as improbable, by the eight weeks before "
    "them, as three standard deviations above the mean. Found the night after next, from categories and towns alone: "
    "no text is read, nothing is told of fewer than five people, and numbers are coarse, so that none can be "
    "subtracted from another.",
    directives=[visible.to(Audience.SUPERVISOR, Audience.ANALYST)],
)
class HotIssue:
    row: strawberry.Private[Any]
    from_: date = strawberry.field(name="from", description="The first of the seven days, in the city.")
    to: date = strawberry.field(description="The last of them.")
    askers_at_least: int = strawberry.field(
        description="So many different people or more asked: 5, 10, 20, 50, 100 and so on."
    )
    times_usual: float | None = strawberry.field(
        description="How many times as much as usual was asked; null where it was never asked in those eight weeks."
    )

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls(
            row=row,
            from_=row.day - timedelta(days=SPAN - 1),
            to=row.day,
            askers_at_least=row.askers,
            times_usual=None if row.times is None else float(row.times),
        )

    @strawberry.field(description="What it is about.")
    def category(self) -> Category | None:
        return Category.of(self.row.category)

    @strawberry.field(description="The town or subdistrict where it stands out; null for the whole city.")
    def town(self) -> Division | None:
        return Division.of(self.row.town) if self.row.town else None


@strawberry.type(
    description="How often what was asked in a week. Cells are made once, two nights after the week's end, and never "
    "corrected; none is part of another, and what fewer than five people asked is put together: a category's towns, "
    "then a first level's categories, then all.",
    directives=[visible.to(Audience.SUPERVISOR, Audience.ANALYST)],
)
class DemandCell:
    row: strawberry.Private[Any]
    week: date = strawberry.field(description="The Monday it begins with, in the city.")
    rest: bool = strawberry.field(
        description="Whether it is what has no cell of its own: of the first level that is named, or of all."
    )
    questions: int = strawberry.field(description="How many questions.")
    askers: int = strawberry.field(description="Of how many different people: five or more.")

    @classmethod
    def of(cls, row: Any) -> Self:
        return cls(row=row, week=row.week, rest=row.rest, questions=row.questions, askers=row.askers)

    @strawberry.field(description="What they are about; null for all that has no other cell.")
    def category(self) -> Category | None:
        return Category.of(self.row.category) if self.row.category else None

    @strawberry.field(description="The town or subdistrict; null for all those that have no cell of this category.")
    def town(self) -> Division | None:
        return Division.of(self.row.town) if self.row.town else None


@strawberry.type(description="Something that a committee did about an alert.", directives=[visible.WITHIN])
class DisputeNote:
    deed: DisputeDeed = strawberry.field(description="What it did.")
    noted_at: datetime = strawberry.field(description="When one of its mediators noted it.")


@strawberry.type(
    description="In a town five different people or more asked about disputes of one type in one week: told to a "
    "committee that is competent there, which may offer to mediate unasked (人民调解法第十七条). It is made once, from "
    "categories and towns alone, two nights after the week's end, and leads to no question and nobody.",
    directives=[visible.to(Audience.COLLEAGUE, Audience.SUPERVISOR)],
)
class DisputeAlert(Node):
    row: strawberry.Private[Any]
    week: date = strawberry.field(description="The Monday it begins with, in the city.")
    kind: DisputeKind = strawberry.field(description="What the disputes are about.")
    askers_at_least: int = strawberry.field(
        description="So many different people or more asked: 5, 10, 20, 50, 100 and so on. Where they asked about "
        "several categories, of the one that most asked about: of them all it may be many more."
    )
    made_at: datetime = strawberry.field(description="When it was told.")

    @classmethod
    def of(cls, row: Any) -> "DisputeAlert":
        return cls(
            id=global_id("DisputeAlert", row.id),
            row=row,
            week=row.week,
            kind=DisputeKind(row.kind),
            askers_at_least=row.askers,
            made_at=row.made_at,
        )

    @strawberry.field(description="The town or subdistrict.")
    def town(self) -> Division | None:
        return Division.of(self.row.town)

    @strawberry.field(
        description="Which committee was told: that of the town, and each that is the whole city's, has an alert of "
        "its own; null where there was none, and supervisors alone see it."
    )
    async def committee(self, info: Info) -> Institution | None:
        at = self.row.committee
        row = await info.context.loader(InstitutionById).load(at) if at else None
        return Institution.of(row) if row else None

    @strawberry.field(
        description="What the committee did about it, in the order of noting.", directives=[ListSize(assumed_size=4)]
    )
    async def notes(self, info: Info) -> list[DisputeNote]:
        rows = await info.context.loader(NotesOfAlert).load(self.row.id)
        return [DisputeNote(deed=DisputeDeed(row.deed), noted_at=row.noted_at) for row in rows]


NoteDisputeAlertResult = Annotated[
    DisputeAlert | Refused, strawberry.union("NoteDisputeAlertResult", description=PAYLOAD)
]


@strawberry.type(
    description="What came of it, of some category by some way. What fewer than five people answered is put together: "
    "a first level's ways, then all.",
    directives=[visible.WITHIN],
)
class OutcomeCell:
    row: strawberry.Private[Any]
    rest: bool = strawberry.field(description="Whether it is what has no cell of its own.")
    way: PathWay | None = strawberry.field(description="Which way was taken; null for none, and where `rest`.")
    answered: int = strawberry.field(description="How many answers.")
    askers: int = strawberry.field(description="Of how many different people: five or more.")
    solved: int = strawberry.field(description="Answers that say SOLVED.")
    under_way: int = strawberry.field(description="Answers that say UNDER_WAY.")
    refused: int = strawberry.field(description="Answers that say REFUSED.")
    gave_up: int = strawberry.field(description="Answers that say GAVE_UP.")
    not_begun: int = strawberry.field(description="Answers that say NOT_BEGUN.")

    @classmethod
    def of(cls, row: Any) -> Self:
        counts = {name: getattr(row, name) for name in ("answered", "askers", *OUTCOMES)}
        way = PathWay(row.way) if row.way in PathWay.__members__ else None
        return cls(row=row, rest=not row.way, way=way, **counts)

    @strawberry.field(description="What it was about; null for all that has no other cell.")
    def category(self) -> Category | None:
        return Category.of(self.row.field) if self.row.field else None


@strawberry.type(
    description="What came of it, as those say who were asked in a month, 14 or 45 days after their questions were "
    "resolved. Made once, never corrected; answers too few to be told are in no number but `asked`.",
    directives=[visible.to(Audience.SUPERVISOR, Audience.ANALYST)],
)
class Outcomes:
    month: date = strawberry.field(description="Its first day, in the city.")
    asked: int = strawberry.field(description="How often somebody was asked, and so could answer.")
    answered: int = strawberry.field(description="How many answers are told here.")
    solved: int = strawberry.field(description="How many of them say that it is solved.")
    share: float = strawberry.field(description="The solved among the answered, 0 to 1.")
    low: float = strawberry.field(description="The lower end of the share's 95 % interval (Wilson).")
    high: float = strawberry.field(description="The upper end of the share's 95 % interval (Wilson).")
    cells: list[OutcomeCell] = strawberry.field(description="What they are made of, what most people answered first.")

    @classmethod
    def of(cls, month: date, rows: list[Any]) -> Self:
        answered, solved = sum(row.answered for row in rows), sum(row.solved for row in rows)
        low, high = wilson(solved, answered) or (0.0, 1.0)
        return cls(
            month=month,
            asked=rows[0].asked,
            answered=answered,
            solved=solved,
            share=solved / answered,
            low=low,
            high=high,
            cells=[OutcomeCell.of(row) for row in rows],
        )


OUTCOMES = ("solved", "under_way", "refused", "gave_up", "not_begun")
