"""Finding the right category before asking. Nothing that is sent here is stored or logged."""

from typing import Annotated, Any

import strawberry

from app.core.errors import BAD_TEXT, TOO_LONG, refuse
from app.directory.rules.taxonomy import SPECIALTIES
from app.graph.context import Info
from app.graph.ids import Fetch
from app.graph.permissions import Anyone
from app.graph.visible import SHARED
from app.graph.weights import Cost
from app.guidance.rules import suggest
from app.guidance.types.categories import Category, CategoryGuess

BODY_MAX = 2_000


@strawberry.type
class CategoriesQuery:
    @strawberry.field(
        permission_classes=[Anyone],
        description="The first level of the taxonomy; the second hangs below as `children`.",
        directives=[SHARED],
    )
    def categories(self) -> list[Category]:
        return [category for code in SPECIALTIES if (category := Category.of(code))]

    @strawberry.field(
        permission_classes=[Anyone],
        description="Guesses at what a text is about, best first; none where it says too little. The text is not kept.",
        directives=[Cost(weight=5)],
    )
    def suggest_categories(
        self,
        body: Annotated[
            str, strawberry.argument(description="The question as written so far, up to 2,000 characters.")
        ],
    ) -> list[CategoryGuess]:
        if "\x00" in body or any("\ud800" <= char <= "\udfff" for char in body):
            raise refuse(BAD_TEXT, "body")
        if len(body) > BODY_MAX:
            raise refuse(TOO_LONG, "body", limit=BODY_MAX)
        return [
            CategoryGuess(category=category, probability=guess.probability)
            for guess in suggest(body)
            if (category := Category.of(guess.code))
        ]


async def _categories(info: Info, keys: list[str]) -> list[Any]:
    return [Category.of(key) for key in keys]


NODES: dict[str, Fetch] = {"Category": _categories}
