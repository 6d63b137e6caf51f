"""Kept dates, as their keeper sees them."""

from datetime import date, datetime
from typing import Annotated, Any, Self

import strawberry

from app.consultation.loaders import QuestionById
from app.consultation.types.question import Question
from app.core.errors import Language
from app.dates import rules
from app.dates.models import DateSource, OwnDate
from app.graph import visible
from app.graph.context import Info
from app.graph.enums import explain
from app.graph.ids import Node, global_id
from app.graph.refusals import PAYLOAD, Refused
from app.graph.weights import ListSize
from app.guidance.types.eligibility import LawArticle
from app.guidance.types.limits import StatutoryLimit
from app.places.rules.workdays import Calendar, today

explain(
    DateSource,
    "From where somebody has a date.",
    "KeptDateSource",
    LIMIT="A period of the law, of `statutoryLimits`.",
    ANSWER="A period that a lawyer named in an answer.",
    OWN="A day of her own.",
)
explain(
    OwnDate,
    "What a day of one's own is for.",
    "KeptDateKind",
    HEARING="A hearing of a court or an arbitration, or a mediation (开庭).",
    EVIDENCE="Evidence has to be handed in by then (举证期限).",
    FILING="To sue, or to apply for arbitration or review, by then (起诉、申请仲裁或者复议).",
    APPEAL="To appeal by then (上诉).",
    PERFORMANCE="Something is to be paid or done by then, by either side (付款或者履行).",
    PAPERS="Papers that are missing have to be handed in by then (补交材料).",
    OTHER="Something else.",
)
explain(
    rules.Advice,
    "What can be done about a date now.",
    "KeptDateStep",
    ASK_LAWYER="Ask a lawyer (`askQuestion`).",
    APPLY_FOR_LEGAL_AID="Apply for legal aid, where one cannot pay (`checkEligibility`, `submitApplication`).",
    LEGAL_AID_IN_ADVANCE="Apply for legal aid at once: less than seven days are left of a period, and it may be given "
    "in advance (法律援助法第四十四条).",
    ASK_WHAT_IS_LEFT="A period is over: ask a lawyer whether something can still be done.",
)


@strawberry.type(description="What can be done about a date now.", directives=[visible.WITHIN])
class KeptDateAdvice:
    step: rules.Advice = strawberry.field(description="What, to lead there.")
    text: str = strawberry.field(description="The same in words.")
    article: LawArticle | None = strawberry.field(description="On which article it rests, if on one.")

    @classmethod
    def of(cls, step: rules.Advice, language: Language) -> Self:
        words = rules.WORDS[step]
        text = words.told(language)
        law = "Legal Aid Law" if language is Language.EN else "法律援助法"
        article = LawArticle(law=law, number=words.article, about=text) if words.article else None
        return cls(step=step, text=text, article=article)


@strawberry.type(
    description="A day that its keeper must not miss. She is reminded 30, 7 and 1 days before at nine in the morning, "
    "and where offices rest on it on the last working day before, by notices that say nothing of it (DATE_NEAR). Hers "
    "alone: who acts for her keeps dates of her own. A year after the day it is forgotten.",
    directives=[visible.SELF],
)
class KeptDate(Node):
    said: strawberry.Private[rules.Said]
    source: DateSource = strawberry.field(description="From where she has it.")
    kind: OwnDate | None = strawberry.field(description="Of a day of her own, what it is for; null of a period.")
    about: str = strawberry.field(description="What has to be done by then, in words.")
    since: date | None = strawberry.field(description="From when the period runs; null of a day of her own.")
    day: date = strawberry.field(description="The last day for it, not reckoning with holidays.")
    days_left: int = strawberry.field(description="From today to it in the city; negative once it is past.")
    last_workday: date = strawberry.field(
        description="The day itself, or the last before it on which offices work, as far as holidays are announced."
    )
    urgent: bool = strawberry.field(
        description="Less than seven days are left of a period: legal aid may be given in advance "
        "(法律援助法第四十四条)."
    )
    reminders: list[date] = strawberry.field(
        description="On which days she will be reminded.", directives=[ListSize(assumed_size=4)]
    )
    limit: StatutoryLimit | None = strawberry.field(
        description="What the law says of the period, and where; null of all else."
    )
    advice: list[KeptDateAdvice] = strawberry.field(
        description="What can be done about it now.", directives=[ListSize(assumed_size=2)]
    )

    @classmethod
    def of(cls, row: Any, said: rules.Said, now: datetime, calendar: Calendar, language: Language) -> Self:
        law = said.law
        return cls(
            id=global_id("KeptDate", row.id),
            said=said,
            source=said.source,
            kind=said.kind,
            about=rules.about(said).told(language),
            since=said.since,
            day=said.day,
            days_left=(said.day - today(now)).days,
            last_workday=rules.last_workday(said.day, calendar),
            urgent=rules.is_urgent(said, today(now), calendar),
            reminders=rules.ahead(said.day, now, calendar),
            limit=StatutoryLimit.of(law, said.since, today(now), language) if law else None,
            advice=[KeptDateAdvice.of(step, language) for step in rules.advice(said, today(now), calendar)],
        )

    @strawberry.field(
        description="The question under which a lawyer named the period; null of all else, and once it is not hers to "
        "see any more."
    )
    async def question(self, info: Info) -> Question | None:
        if self.said.question is None:
            return None
        row = await info.context.loader(QuestionById).load(self.said.question)
        return Question.of(row) if row else None


KeptDateResult = Annotated[KeptDate | Refused, strawberry.union("KeptDateResult", description=PAYLOAD)]
