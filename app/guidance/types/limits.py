"""Periods of the law, with the last day of each."""

from datetime import date

import strawberry

from app.core.errors import BAD_VALUE, Language, refuse
from app.graph import visible
from app.graph.enums import explain
from app.guidance.rules import limits as rules
from app.guidance.types.eligibility import LawArticle

explain(
    rules.PeriodUnit,
    "What a period of the law is counted in.",
    DAYS="Calendar days.",
    MONTHS="Calendar months.",
    YEARS="Calendar years.",
)


@strawberry.type(description="A period of the law that is not to be missed.", directives=[visible.ANYONE])
class StatutoryLimit:
    code: str = strawberry.field(description="A stable name.")
    about: str = strawberry.field(description="What has to be done within it.")
    amount: int = strawberry.field(description="How many units.")
    unit: rules.PeriodUnit = strawberry.field(description="Days, months or years.")
    begins: str = strawberry.field(description="From when it runs.")
    article: LawArticle = strawberry.field(description="Where the law says so.")
    last_day: date | None = strawberry.field(
        description="The last day for it, not reckoning with holidays; null where no beginning was given."
    )
    days_left: int | None = strawberry.field(
        description="From today to that day; negative when it has passed, null where no beginning was given."
    )
    urgent: bool = strawberry.field(
        description="Less than seven days are left: legal aid may be given in advance (法律援助法第四十四条)."
    )

    @classmethod
    def of(cls, limit: rules.StatutoryLimit, since: date | None, today: date, language: Language) -> "StatutoryLimit":
        try:
            last = None if since is None else limit.last_day(since)
        except OverflowError as error:
            raise refuse(BAD_VALUE, "since") from error
        about = limit.about.told(language)
        return cls(
            code=limit.id,
            about=about,
            amount=limit.amount,
            unit=limit.unit,
            begins=limit.begins.told(language),
            article=LawArticle(law=limit.law.told(language), number=limit.article, about=about),
            last_day=last,
            days_left=None if last is None else (last - today).days,
            urgent=last is not None and rules.is_urgent(last, today),
        )
