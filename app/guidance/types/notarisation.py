"""What is needed for a notarisation, and what it costs."""

from typing import Annotated, Self

import strawberry

from app.core.errors import Language
from app.core.money import yuan
from app.graph import visible
from app.graph.enums import explain
from app.graph.refusals import PAYLOAD, Refused
from app.guidance.rules import notarisation as rules
from app.guidance.types.eligibility import LawArticle

explain(
    rules.NotaryMatter,
    "What a notary office notarises (公证法第十一条), or does beside it (第十二条).",
    **{
        code: f"{one.name.zh}. {one.name.en} (article {one.article}, {one.item})."
        for code, one in rules.MATTERS.items()
    },
)
explain(
    rules.PlaceGround,
    "By what a notary office has jurisdiction (公证法第二十五条).",
    **{code: f"{name.zh}. {name.en}." for code, name in rules.GROUNDS.items()},
)


@strawberry.input(description="What decides about documents, place and presence, as far as it is known.")
class NotarisationAnswersInput:
    has_agent: bool = strawberry.field(default=False, description="Whether somebody else applies for her.")
    real_property: bool = strawberry.field(default=False, description="Whether real property is concerned.")
    abroad: bool = strawberry.field(default=False, description="Whether it is to be used outside the mainland.")
    minor: bool = strawberry.field(default=False, description="Whether she is a minor, or cannot act herself.")

    def to_plain(self) -> frozenset[rules.DocumentWhen]:
        when = rules.DocumentWhen
        said = {when.AGENT: self.has_agent, when.REAL_PROPERTY: self.real_property}
        said |= {when.ABROAD: self.abroad, when.MINOR: self.minor}
        return frozenset(one for one, so in said.items() if so)


@strawberry.type(description="A document that the office needs.", directives=[visible.WITHIN])
class RequiredDocument:
    code: str = strawberry.field(description="A stable name.")
    name: str = strawberry.field(description="What it is, in the language of Accept-Language.")
    article: LawArticle = strawberry.field(description="Where it is asked for.")
    fetched_from: str | None = strawberry.field(
        description="Which authority the office may ask instead, by the government's data sharing; null where she "
        "brings it."
    )
    promise_will_do: bool = strawberry.field(
        description="Whether her written promise stands in for it (公证程序规则第十八条)."
    )

    @classmethod
    def of(cls, one: rules.Document, language: Language) -> Self:
        name = one.name.told(language)
        article = LawArticle(law=rules.RULES.told(language), number=one.article, about=name)
        return cls(
            code=one.code, name=name, article=article, fetched_from=one.shared, promise_will_do=one.shared is not None
        )


@strawberry.type(
    description="What a matter needs: where it is applied for, whether in person, and with which documents. The house "
    "issues nothing: it looks at papers before, books a visit, and tells how far it is.",
    directives=[visible.ANYONE],
)
class NotarisationNeeds:
    grounds: list[rules.PlaceGround] = strawberry.field(description="By which an office may take it (法第二十五条).")
    in_person: bool = strawberry.field(
        description="Whether nobody may be authorised to apply for her (法第二十六条); a guardian still acts for who "
        "cannot act herself, but makes no will for her."
    )
    documents: list[RequiredDocument] = strawberry.field(description="What is needed, what comes first at first.")

    @classmethod
    def of(cls, matter: rules.NotaryMatter, so: frozenset[rules.DocumentWhen], language: Language) -> Self:
        return cls(
            grounds=[*rules.grounds(matter, real_property=rules.DocumentWhen.REAL_PROPERTY in so)],
            in_person=rules.in_person(matter),
            documents=[RequiredDocument.of(one, language) for one in rules.documents(matter, so)],
        )


@strawberry.type(description="A line of an estimate.", directives=[visible.WITHIN])
class NotaryFeeLine:
    name: str = strawberry.field(description="For what.")
    amount: str = strawberry.field(description="Yuan, such as `200.00`.")


@strawberry.type(description="What a notarisation will cost, about.", directives=[visible.ANYONE])
class NotaryFeeQuote:
    lines: list[NotaryFeeLine] = strawberry.field(description="What it is made of.")
    total: str = strawberry.field(description="Yuan.")
    to_pay: str = strawberry.field(description="Yuan that are left to pay, less where legal aid is due (第三十四条).")
    source: str = strawberry.field(description="By what it is reckoned, and that the office's own figure counts.")

    @classmethod
    def of(cls, quote: rules.Quote, language: Language) -> Self:
        lines = [NotaryFeeLine(name=one.name.told(language), amount=yuan(one.fen)) for one in quote.lines]
        told = rules.SOURCE.told(language)
        return cls(lines=lines, total=yuan(quote.total), to_pay=yuan(quote.to_pay), source=told)


NotaryFeeQuoteResult = Annotated[
    NotaryFeeQuote | Refused, strawberry.union("NotaryFeeQuoteResult", description=PAYLOAD)
]
