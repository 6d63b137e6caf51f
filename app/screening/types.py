"""Safety cards and spans of personal details, as the graph shows them."""

from typing import Self

import strawberry

from app.core.errors import Language
from app.graph import visible
from app.graph.enums import explain
from app.screening.rules.contacts import PersonalDetailKind, Span
from app.screening.rules.crisis import Crisis, card

explain(
    Crisis,
    "What a text tells of a person in danger.",
    DOMESTIC_VIOLENCE="Violence or fear of it by family, a partner or a former one.",
    DANGER_TO_LIFE="Threats, weapons, an attack, or being held captive.",
    SUICIDE="Somebody wishes to die or to harm herself.",
    SEXUAL_VIOLENCE="Somebody was raped, abused or molested.",
    DETENTION="Somebody is being held by the police, or was just taken.",
)
explain(
    PersonalDetailKind,
    "By what a person could be found or known.",
    PHONE="A telephone number.",
    ID_NUMBER="The number of an identity card.",
    BANK_CARD="The number of a bank card.",
    ADDRESS="An address down to the door.",
)


@strawberry.type(description="A public line.", directives=[visible.WITHIN])
class SafetyPhone:
    label: str = strawberry.field(description="Who answers.")
    number: str = strawberry.field(description="The number to dial, the same in the whole country.")


@strawberry.type(description="What helps a person in danger before a lawyer has answered.", directives=[visible.ANYONE])
class SafetyCard:
    signal: Crisis = strawberry.field(description="What the card is about.")
    title: str = strawberry.field(description="One line.")
    text: str = strawberry.field(description="One or two sentences.")
    steps: list[str] = strawberry.field(description="What to do, in this order.")
    phones: list[SafetyPhone] = strawberry.field(description="Whom to call, the most urgent first.")
    basis: str = strawberry.field(description="The laws that the steps rest on, with their articles.")

    @classmethod
    def of(cls, crisis: Crisis, language: Language) -> Self:
        shown = card(crisis, language)
        return cls(
            signal=shown.crisis,
            title=shown.title,
            text=shown.text,
            steps=list(shown.steps),
            phones=[SafetyPhone(label=phone.label, number=phone.number) for phone in shown.phones],
            basis=shown.basis,
        )


@strawberry.type(
    description="A part of the text that its writer may leave out; nothing is refused for it.",
    directives=[visible.ANYONE],
)
class PersonalDetail:
    kind: PersonalDetailKind = strawberry.field(description="What it looks like.")
    start: int = strawberry.field(description="Its first character, from 0, counted in Unicode characters.")
    end: int = strawberry.field(description="The character after its last.")
    words: str = strawberry.field(description="The part itself, for clients that count in other units.")

    @classmethod
    def of(cls, span: Span, body: str) -> Self:
        return cls(kind=span.kind, start=span.start, end=span.end, words=body[span.start : span.end])
