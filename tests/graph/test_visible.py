"""What `@visible(to: ...)` says is what happens: for each of the cast, each type and each field, on real data.

A cell is one of the cast and one field, by every way to it. Whom the graph names sees something there; everybody else
finds nothing: no node, null, or, where the type itself is hers to see, what says nothing (false, 0, an empty list).
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from graphql import GraphQLField, GraphQLNonNull, GraphQLObjectType, get_named_type, is_leaf_type

from app.graph.common import ORDINARY
from app.graph.visible import Audience, Shared, Visible
from app.graph.weights import directive_of
from tests.city import City
from tests.graph.cast import Cast, play
from tests.graph.samples import Sample, samples
from tests.house.test_visible import OBJECTS

pytestmark = pytest.mark.anyio

ROOTS = {"Query", "Mutation", "Subscription"}
HER_OWN = "whose own it is"
"""Stands for all who look at things of their own: what each of them has need not fill every field."""
RUNNING = {"computedAt", "pausedSecondsTotal"}
"""Goes on between one look and the next."""
NOT_AT_ONCE = {
    (HER_OWN, "Turn.inHerField.rank"): "a place is one among those looked at for an offer",
    (HER_OWN, "Turn.inHerField.of"): "the same",
    (HER_OWN, "Turn.elsewhere.rank"): "the same",
    (HER_OWN, "Turn.elsewhere.of"): "the same",
    ("seated", "Question.resolvedAt"): "resolving it ends the seats of those who have not answered",
    ("seated", "Question.reopensUntil"): "the same",
    ("seated", "FollowUp.to"): "what was put to one is not hers to see, and opened to all only hours after her seat",
    ("seated", "Message.addressee"): "one lawyer is spoken to only once she has answered",
    ("admin", "File.duration"): "a licence is sent as a picture",
    ("answered", "LegalAidApplication.clock"): "nothing runs while a lawyer works on it",
    ("answered", "LegalAidApplication.clock.kind"): "the same",
    ("answered", "LegalAidApplication.clock.since"): "the same",
    ("answered", "LegalAidApplication.clock.dueAt"): "the same",
    ("answered", "LegalAidApplication.clock.overdue"): "the same",
    (HER_OWN, "Appointment.accesses.file"): "nothing hangs on an appointment",
    ("asker", "WindowVisit.accesses.file"): "no file hangs on what a window sees",
    **{(who, "NotarisationPrefill.matter"): "wages are not for a notary" for who in ("asker", "delegate")},
    ("taker", "Petition.outcome"): "what is done is no longer hers to open",
    ("respondent", "MediationCarryOver.claim"): "she did not apply",
    ("respondent", "MediationCarryOver.otherSide"): "the same",
    ("respondent", "Mediation.dueAt"): "nothing is due where it is being done",
}
NOT_AT_ONCE |= {
    (who, f"MediationApplication.steps.{what}"): "no lawyer is assigned to a mediation"
    for who in ("applicant", "mediator", "chair")
    for what in ("lawyer", "declinedFor")
}
NOT_AT_ONCE |= {
    (who, f"{kind}.steps.{what}"): "no lawyer is assigned to a notarisation"
    for kind in ("NotarisationApplication", "CertificateReviewApplication")
    for who in ("delegate", "notary")
    for what in ("lawyer", "declinedFor")
}
NOT_AT_ONCE |= {
    (who, "Paper.standingAt"): "what two agreed on, what a window took in and who passed a quiz stays as it is"
    for who in ("applicant", "respondent", "mediator", "chair", "window_staff", HER_OWN)
}
NOT_AT_ONCE |= {
    (who, f"File.{what}"): "what two agreed on is no picture, and no recording"
    for who in ("applicant", "respondent", "mediator", "chair")
    for what in ("duration", "width", "height", "thumbnailUrl")
}
WITHOUT_SIDES = {
    "LegalAidApplication": ("asker", "delegate", "officer", "head", "answered"),
    "NotarisationApplication": ("delegate", "notary"),
    "CertificateReviewApplication": ("delegate", "notary"),
}
NOT_AT_ONCE |= {
    (who, f"{kind}.steps.otherRoute"): "only a mediation has another way"
    for kind, people in WITHOUT_SIDES.items()
    for who in people
}
NOT_AT_ONCE |= {
    (who, f"{kind}.steps.recusedFor"): "who stepped back sees it no more, and nobody else of the cast has a part in it"
    for kind, people in (WITHOUT_SIDES | {"MediationApplication": ("applicant", "mediator", "chair")}).items()
    for who in people
}


def under(kind: str, *names: str) -> Iterator[str]:
    """These fields, and all that is shown within what they give."""
    for name in names:
        yield f"{kind}.{name}"
        within = get_named_type(OBJECTS[kind].fields[name].type)
        if isinstance(within, GraphQLObjectType) and "id" not in within.fields:
            yield from (f"{kind}.{name}.{found.partition('.')[2]}" for found in under(within.name, *within.fields))


TAKEN_PART_IN = {
    "asker": under("Activity", "beginsAt", "cancelledFor", "cover", "endsAt", "institution", "places", "quiz"),
    "delegate": under("Activity", "cover", "quiz"),
    HER_OWN: [*under("Activity", "jury"), "ContestEntry.certificate"],
}
NOT_AT_ONCE |= {
    (who, what): "what one takes part in is one's own, and a contest is nobody's"
    for who, whats in TAKEN_PART_IN.items()
    for what in whats
}
"""What is declared and yet stays empty: what would fill it ends what lets her see it."""


@dataclass
class Cell:
    allowed: bool = False
    seen: bool = False
    leaks: list[str] = field(default_factory=list)


@dataclass
class Matrix:
    cells: dict[tuple[str, str], Cell] = field(default_factory=lambda: defaultdict(Cell))
    shown: dict[tuple[str, str], bool] = field(default_factory=lambda: defaultdict(bool))
    """By who is to see something, and where: whether she did, at least once."""
    fields: set[str] = field(default_factory=set)
    """`Type.field` of all that was asked for."""
    uncommon: list[str] = field(default_factory=list)
    """What is found out for all in common, and differs between them."""

    def look(self, sample: Sample, who: str, stands: set[Audience], value: Any) -> None:
        kind = OBJECTS[sample.type]
        declared = said_of(kind) or set()
        own = bool(stands & {Audience.SELF, Audience.WITHIN})
        view = View(who, HER_OWN if own else who, stands, page=declared == {Audience.WITHIN})
        self._walk(view, kind, list(flat(value)), bool(declared & stands), sample.type)

    def _walk(self, view: "View", kind: GraphQLObjectType, things: list[Any], allowed: bool, path: str) -> None:
        for name, told in kind.fields.items():
            said, below, here = said_of(told), get_named_type(told.type), f"{path}.{name}"
            may = allowed and (said is None or bool(said & view.stands))
            values = [thing[name] for thing in things]
            cell = self.cells[view.who, here]
            cell.allowed |= may
            if may:
                seen = any(speaks(value, told, said is not None) for value in values)
                cell.seen |= seen
                self.shown[view.counted_as, here] |= seen
            elif not (view.page and within(below)):  # a page is there for everybody; what stands on it is looked at
                hushed = view.page or said is not None
                cell.leaks += [name for value in values if not (value in (None, []) or (hushed and not value))]
            self.fields.add(f"{kind.name}.{name}")
            if within(below):
                self._walk(view, below, [one for value in values for one in flat(value)], may, here)


@dataclass(frozen=True)
class View:
    who: str
    counted_as: str
    stands: set[Audience]
    page: bool


def said_of(declared: GraphQLField | GraphQLObjectType) -> set[Audience] | None:
    said = directive_of(declared, Visible)
    return {*said.to} if said else None


def within(kind: Any) -> bool:
    return isinstance(kind, GraphQLObjectType) and said_of(kind) == {Audience.WITHIN}


def selection(kind: GraphQLObjectType) -> str:
    """All its fields, and those of its parts; of what has a way of its own only that it is there."""
    return " ".join(
        name
        if is_leaf_type(below := get_named_type(told.type))
        else f"{name} {{ {selection(below) if within(below) else '__typename'} }}"
        for name, told in kind.fields.items()
    )


def flat(value: Any) -> Iterator[Any]:
    """Whatever is there; `{}` is the union's other member, or a node of another type."""
    for one in value if isinstance(value, list) else [value]:
        if one is not None and one != {}:
            yield one


def speaks(value: Any, told: GraphQLField, narrowed: bool) -> bool:
    """Whether it says anything to who may see it: false and 0 do, except where they are what others are told."""
    if isinstance(value, list):
        return bool(value)
    return bool(value) if narrowed and isinstance(told.type, GraphQLNonNull) else value is not None


async def fill(cast: Cast) -> Matrix:
    matrix = Matrix()
    for sample in samples(cast):
        wanted = selection(OBJECTS[sample.type])
        looks = {who: await sample.look(cast, who, wanted) for who in cast.people}
        for who, value in looks.items():
            matrix.look(sample, who, sample.stands(cast, who), value)
        if sample.type in COMMON:
            kind = OBJECTS[sample.type]
            everybodys = {
                who: open_part(kind, value)
                for who, value in looks.items()
                if (viewer := cast.people[who]) is None or viewer.roles <= ORDINARY
            }
            matrix.uncommon += [
                f"{sample.type}: {who}" for who, one in everybodys.items() if one != everybodys["anonymous"]
            ]
    return matrix


def open_to_all(*declared: GraphQLField | GraphQLObjectType) -> bool:
    """Whether everybody sees it who comes there."""
    return all(said is None or any(who.is_open for who in said) for said in map(said_of, declared))


def open_part(kind: GraphQLObjectType, value: Any) -> Any:
    """What everybody sees of it, whenever it was looked at."""
    if isinstance(value, list):
        return [open_part(kind, one) for one in value]
    if not value or not open_to_all(kind):
        return None
    return {
        name: open_part(below, value[name]) if within(below) else value[name]
        for name, told in kind.fields.items()
        if open_to_all(told) and open_to_all(below := get_named_type(told.type)) and name not in RUNNING
    }


def commonly_found() -> set[str]:
    """The types to which there is an open way from a query that is found out for all in common."""
    found: set[str] = set()
    ways = [told for told in OBJECTS["Query"].fields.values() if directive_of(told, Shared)]
    while ways:
        below = get_named_type(ways.pop().type)
        for kind in (below, *getattr(below, "types", ())):
            if isinstance(kind, GraphQLObjectType) and kind.name not in found and open_to_all(kind):
                found.add(kind.name)
                ways += [told for told in kind.fields.values() if open_to_all(told)]
    return found


COMMON = commonly_found()


async def test_what_is_declared_is_what_happens(city: City, capsys: pytest.CaptureFixture[str]) -> None:
    matrix = await fill(await play(city))
    assert {cell: found.leaks for cell, found in matrix.cells.items() if found.leaks} == {}
    assert matrix.uncommon == []
    empty = {cell for cell, seen in matrix.shown.items() if not seen}
    odd = sorted(empty ^ set(NOT_AT_ONCE))
    assert not odd, "\n".join(f"{who}: {cell}" for who, cell in odd)
    everything = {f"{name}.{told}" for name, kind in OBJECTS.items() if name not in ROOTS for told in kind.fields}
    assert everything - matrix.fields == set()  # a new type wants a sample in tests/graph/samples.py
    with capsys.disabled():
        shown = sum(cell.seen for cell in matrix.cells.values())
        told = f"{len(matrix.cells)} cells of the visibility matrix: {shown} shown, {len(matrix.cells) - shown} not"
        print(f"\n{told}")
