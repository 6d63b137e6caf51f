"""The path card: the ways that a grievance can take, as residents read them."""

from datetime import date
from typing import Self

import strawberry

from app.core.errors import Language
from app.directory.models import RegisterKind
from app.directory.types import register  # noqa: F401 RegisterKind is named to the graph there, whoever comes first
from app.graph import visible
from app.graph.enums import explain
from app.guidance.rules import path as rules
from app.guidance.rules.path import law
from app.guidance.rules.path.law import PathWay
from app.guidance.types.eligibility import LawArticle
from app.guidance.types.limits import StatutoryLimit

__all__ = ["PathAnswersInput", "PathCard", "PathWay"]


def _explained(kind: type, question: str, description: str) -> None:
    """By the words of the data, so that they stand in one place."""
    options = law.QUESTIONS[question].options
    explain(kind, description, **{value: f"{one.text.en} ({one.text.zh})." for value, one in options.items()})


_explained(law.PathMatter, "about", "What a grievance is about.")
_explained(law.PathDispute, "dispute", "What kind of dispute it is.")
_explained(law.ReviewFirst, "reviewFirst", "Acts that are reconsidered before any court (行政复议法第二十三条).")
_explained(law.PathAuthority, "authority", "Whose act it is (行政复议法第二十四条至第二十八条).")
_explained(law.PathStage, "stage", "How far a grievance has come.")
explain(
    PathWay,
    "Where a grievance can go.",
    **{way: f"{said.name.zh}. {said.office.en}." for way, said in law.WAYS.items()},
)
explain(
    law.PathState,
    "How a way stands.",
    OPEN="It can be taken now.",
    AFTERWARDS="Another comes first (`first`).",
    UNDER_WAY="It has been begun.",
    DONE="It has been taken.",
    CLOSED="What has been begun shuts it out.",
    LATE="By the day that was given its time may be over; `note` says what may still help.",
    NOT_FOR_THIS="It is often taken for this, and is not for it (诉访分离); `why` says so.",
)
explain(
    law.HouseService,
    "What of this house helps at once.",
    ASK_LAWYER="Ask its lawyers (`askQuestion`).",
    MEDIATION="Apply for mediation (`submitApplication`).",
    LEGAL_AID="See whether legal aid can be had (`checkEligibility`), and apply for it.",
    NOTARY="See what a notarisation needs (`requiredDocuments`), and apply for it.",
)


@strawberry.input(description="What is known of a grievance, and nothing else of it. Null is not asked yet.")
class PathAnswersInput:
    about: law.PathMatter | None = strawberry.field(default=None, description="What it is about.")
    dispute: law.PathDispute | None = strawberry.field(default=None, description="Of DISPUTE: what kind.")
    review_first: list[law.ReviewFirst] | None = strawberry.field(
        default=None, description="Of ADMINISTRATIVE_ACT: which of these it is; an empty list is none."
    )
    authority: law.PathAuthority | None = strawberry.field(default=None, description="Of an authority: which.")
    stage: law.PathStage | None = strawberry.field(default=None, description="How far it has come.")
    learned_on: date | None = strawberry.field(
        default=None, description="When she learned of it; of INACTION, by when it should have been done."
    )
    decided_on: date | None = strawberry.field(
        default=None, description="When she received what was decided, where something was."
    )

    def to_plain(self) -> law.Answers:
        return law.Answers(
            about=self.about,
            dispute=self.dispute,
            review_first=None if self.review_first is None else frozenset(self.review_first),
            authority=self.authority,
            stage=self.stage,
            learned_on=self.learned_on,
            decided_on=self.decided_on,
        )


@strawberry.type(description="An answer that one can give.", directives=[visible.WITHIN])
class PathOption:
    value: str = strawberry.field(description="As the enum of the input calls it.")
    text: str = strawberry.field(description="What to show people.")


@strawberry.type(description="What to ask next.", directives=[visible.WITHIN])
class PathQuestion:
    name: str = strawberry.field(description="The field of the answers.")
    text: str = strawberry.field(description="What to ask people.")
    options: list[PathOption] = strawberry.field(description="What they can answer; none where it is a day.")

    @classmethod
    def of(cls, question: law.PathQuestion, said: law.Answers, language: Language) -> Self:
        text = question.instead.get(said.about, question.text) if said.about else question.text
        route = rules.route_of(said)
        options = [
            PathOption(value=value, text=option.text.told(language))
            for value, option in question.options.items()
            if question.name != "stage" or (route and value in route.stages)
        ]
        return cls(name=question.name, text=text.told(language), options=options)


def _cited(article: law.Article, language: Language) -> LawArticle:
    return LawArticle(law=article.law.told(language), number=article.number, about=article.about.told(language))


@strawberry.type(description="A way that a grievance can take.", directives=[visible.WITHIN])
class PathStep:
    way: PathWay = strawberry.field(description="Which.")
    name: str = strawberry.field(description="What it is called.")
    state: law.PathState = strawberry.field(description="How it stands.")
    why: str = strawberry.field(description="Why it is one here, or is none.")
    note: str | None = strawberry.field(description="Of LATE: what may still help.")
    articles: list[LawArticle] = strawberry.field(description="Where the law says all of it.")
    limit: StatutoryLimit | None = strawberry.field(
        description="Within what time it has to be taken; null where none runs, or not yet. Without a day in the "
        "answers its `lastDay` is null."
    )
    first: PathWay | None = strawberry.field(description="Of AFTERWARDS: which way comes first.")
    opens: list[PathWay] = strawberry.field(description="Which ways wait for it.")
    office: str = strawberry.field(description="Where one goes.")
    kinds: list[RegisterKind] = strawberry.field(
        description="Which institutions of the register take it or help with it: for `nearestPoints(kinds:)`."
    )
    papers: list[str] = strawberry.field(description="What to bring.")
    cost: str = strawberry.field(description="What it costs.")
    then: str = strawberry.field(description="What happens then.")
    days: int | None = strawberry.field(description="How many days it takes at most, as a rule; null where none says.")
    longer_by: int | None = strawberry.field(description="By how many days at most that may be extended.")
    services: list[law.HouseService] = strawberry.field(description="What of this house helps at once.")

    @classmethod
    def of(cls, step: rules.Step, said: law.Answers, today: date, language: Language) -> Self:
        entry, way = step.entry, law.WAYS[step.entry.way]
        asked = law.QUESTIONS["authority"].options[said.authority] if said.authority else None
        there = asked if entry.way is PathWay.REVIEW else None
        articles = [*entry.articles, *way.articles, *([there.article] if there and there.article else [])]
        return cls(
            way=entry.way,
            name=way.name.told(language),
            state=step.state,
            why=entry.why.told(language),
            note=law.LATE.told(language) if step.state is law.PathState.LATE else None,
            articles=[_cited(article, language) for article in dict.fromkeys(articles)],
            limit=StatutoryLimit.of(step.limit, step.since, today, language) if step.limit else None,
            first=step.first if step.state is law.PathState.AFTERWARDS else None,
            opens=list(step.opens),
            office=(there.office if there and there.office else way.office).told(language),
            kinds=list(way.kinds),
            papers=[paper.told(language) for paper in way.papers],
            cost=way.cost.told(language),
            then=way.then.told(language),
            days=way.days,
            longer_by=way.longer,
            services=list(dict.fromkeys((*way.services, *entry.services))),
        )


@strawberry.type(
    description="The ways of a grievance: those that are open or will be in the order in which to think of them, then "
    "what is over, last what is not for this. Nothing that was sent for it is kept or logged; a lawyer's advice on the "
    "case itself it is not.",
    directives=[visible.ANYONE],
)
class PathCard:
    steps: list[PathStep] = strawberry.field(description="The ways; none until it is known what it is about.")
    ask: list[PathQuestion] = strawberry.field(
        description="What was not answered and would make the card better, in the order in which to ask; with no "
        "answer at all, what it is about."
    )

    @classmethod
    def of(cls, said: law.Answers, today: date, language: Language) -> Self:
        return cls(
            steps=[PathStep.of(step, said, today, language) for step in rules.card(said, today)],
            ask=[PathQuestion.of(question, said, language) for question in rules.missing(said)],
        )
