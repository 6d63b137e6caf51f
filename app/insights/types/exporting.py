"""What somebody of the staff took along of the figures."""

from datetime import date, datetime
from typing import Annotated, Any

import strawberry

from app.core.links import LINK, SECRET, Link, Way
from app.core.sealing import KeyProvider
from app.graph import visible
from app.graph.context import Info, viewer
from app.graph.enums import explain
from app.graph.ids import Node, global_id
from app.graph.refusals import PAYLOAD, Refused
from app.graph.visible import Audience
from app.insights.models import FigureFormat, Figures, Purpose
from app.outside.storage import Address

explain(
    Figures,
    "Figures that can be taken along, as the fields of the graph show them.",
    HOT_ISSUES="`hotIssues`: a row for each.",
    DEMAND="`demand`: a row for each cell, of every week that has one of the days.",
    PROMISE_RECORD="`promiseRecord`: a row for each week that begins on a Monday, the first and the last cut off.",
)
explain(
    FigureFormat,
    "How figures that are taken along are written.",
    CSV="For spreadsheets: UTF-8, in Chinese, with what one has to know of them above the columns.",
    JSON="For programs: the same figures under English names, with the same head, and the columns in Chinese.",
)
explain(
    Purpose,
    "What figures are taken along for.",
    "ExportPurpose",
    BRIEFING="To report to superiors (工作汇报).",
    PLANNING="To plan what is done (工作部署).",
    PUBLICATION="To make them public (信息公开).",
    RESEARCH="For research (研究分析).",
    INSPECTION="For an inspection or an audit (督查审计).",
)


@strawberry.type(
    description="That somebody took figures along: recorded before she could, and never changed or taken out.",
    directives=[visible.to(Audience.SELF, Audience.AUDITOR)],
)
class FigureExport(Node):
    row: strawberry.Private[Any]
    person_id: strawberry.ID = strawberry.field(description="Who: the id of a `PersonFile`.")
    figures: Figures = strawberry.field(description="Which figures.")
    from_: date = strawberry.field(name="from", description="The first day that was asked for.")
    to: date = strawberry.field(description="The last one.")
    purpose: Purpose = strawberry.field(description="What for.")
    format: FigureFormat = strawberry.field(description="How it is written.")
    made_at: datetime = strawberry.field(description="When.")

    @classmethod
    def of(cls, row: Any) -> "FigureExport":
        return cls(
            id=global_id("FigureExport", row.id),
            row=row,
            person_id=strawberry.ID(global_id("PersonFile", row.person)),
            figures=Figures(row.figures),
            from_=row.first,
            to=row.last,
            purpose=Purpose(row.purpose),
            format=FigureFormat(row.format),
            made_at=row.made_at,
        )

    @strawberry.field(
        description="Where you fetch it until five minutes after `madeAt`, on this device alone. It says above its "
        "columns how the figures are made, of how many people at least and how late. Null afterwards, and for others: "
        "what is taken along later is recorded anew.",
        directives=[visible.SELF],
    )
    def url(self, info: Info) -> str | None:
        who, until = viewer(info), self.made_at + LINK
        if self.row.person != who.id or until <= info.context.now:
            return None
        link = Link(Way.FIGURES, self.row.id, who.id, who.sign_in, until)
        return f"{info.context.door(Address).url}/figures/{link.signed(info.context.door(KeyProvider).secret(SECRET))}"


ExportFiguresResult = Annotated[FigureExport | Refused, strawberry.union("ExportFiguresResult", description=PAYLOAD)]
