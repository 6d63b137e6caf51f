"""The search of the directory."""

from dataclasses import replace
from typing import Annotated, Any

import strawberry

from app.core.db import now
from app.core.errors import BAD_VALUE, refuse, refuse_if
from app.directory.loaders import InstitutionById, LegalWorkerById
from app.directory.models import RegisterKind
from app.directory.reads.finding import Found, Wanted, search
from app.directory.rules import finding, searching
from app.directory.rules.taxonomy import CATEGORIES, specialty_of
from app.directory.types.register import Institution, LegalWorker, RegisterRecord
from app.graph.context import Info
from app.graph.pages import After, Before, Connection, First, Last, connect, page
from app.graph.permissions import Anyone
from app.graph.visible import SHARED
from app.places.rules import is_division
from app.places.rules.coordinates import Spot, against_spot
from app.places.types import CoordinatesInput

OpenNow = Annotated[
    bool, strawberry.argument(description="Only what is open at this moment; of people, where they work.")
]


@strawberry.type
class FindingQuery:
    @strawberry.field(
        permission_classes=[Anyone],
        description="Institutions and legal workers, found by name, other name, place, field or number: in characters "
        "of either kind, in pinyin or by its initials, and where nothing holds the words, by what sounds or looks like "
        "them. What fits best comes first, the city's own before others, the open before the shut; what awaits "
        "verification is last. Without words, and for words that only name a kind or a field, a list in the order of "
        "pinyin, the city's first.",
        directives=[SHARED],
    )
    async def directory(
        self,
        info: Info,
        query: Annotated[str | None, strawberry.argument(description="At most 50 characters.")] = None,
        kinds: Annotated[list[RegisterKind] | None, strawberry.argument(description="Only these.")] = None,
        specialty: Annotated[
            str | None, strawberry.argument(description="Only who is good at it: a code of `categories`.")
        ] = None,
        division_code: Annotated[
            str | None, strawberry.argument(description="Only what is in that division or in one that it holds.")
        ] = None,
        near: Annotated[
            CoordinatesInput | None,
            strawberry.argument(description="Among what fits alike the nearest first; what has no place is last."),
        ] = None,
        open_now: OpenNow = False,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[RegisterRecord] | None:
        wanted = Wanted(
            finding.sought(searching.wording(query, "query") or ""),
            tuple(RegisterKind) if kinds is None else tuple(kinds),
            _codes(specialty, division_code),
            _spot(near),
        )
        place = page(first, after, last, before, key=int if wanted.ranked else str)
        async with info.context.read() as session:
            wanted = replace(wanted, now=now(session), open=open_now)
            rows = await search(session, info.context.viewer, wanted, place)
        found = await _records(info, rows)
        page_of_records: Connection[RegisterRecord] = connect(
            place,
            [row for row in rows if row.id in found],
            lambda row: (row.at, row.id),
            lambda row: KINDS[row.of][1].of(found[row.id], wanted.sought),
        )
        return page_of_records


KINDS: dict[str, tuple[Any, Any]] = {
    "Institution": (InstitutionById, Institution),
    "LegalWorker": (LegalWorkerById, LegalWorker),
}


async def _records(info: Info, rows: list[Found]) -> dict[Any, Any]:
    """The rows themselves, one statement a table."""
    found: dict[Any, Any] = {}
    for of, (loader, _) in KINDS.items():
        if ids := [row.id for row in rows if row.of == of]:
            records = await info.context.loader(loader).load_many(ids)
            found |= {id: record for id, record in zip(ids, records, strict=True) if record is not None}
    return found


def _spot(near: CoordinatesInput | None) -> Spot | None:
    if near is None:
        return None
    spot = near.kept()
    refuse_if(list(against_spot(spot, "near")))
    return spot


def _codes(specialty: str | None, division: str | None) -> str:
    if specialty is not None and specialty not in CATEGORIES:
        raise refuse(BAD_VALUE, "specialty")
    if division is not None and not is_division(division):
        raise refuse(BAD_VALUE, "divisionCode")
    return finding.codes(*filter(None, (specialty and specialty_of(specialty), division)))
