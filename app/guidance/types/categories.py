"""What a question can be about, and guesses at it."""

from typing import Self

import strawberry

from app.core.errors import Language
from app.directory.rules.taxonomy import CATEGORIES
from app.graph import visible
from app.graph.context import Info
from app.graph.ids import Node, global_id


@strawberry.type(
    description="What a question can be about: one of two levels of a closed taxonomy.", directives=[visible.ANYONE]
)
class Category(Node):
    code: str = strawberry.field(description="A stable code: `labour`, or `labour.wages` on the second level.")

    @classmethod
    def of(cls, code: str) -> Self | None:
        """None for a code that is not of this taxonomy."""
        return cls(id=global_id("Category", code), code=code) if code in CATEGORIES else None

    @strawberry.field(description="Its name, in the language of Accept-Language (zh-CN or en).")
    def name(self, info: Info) -> str:
        category = CATEGORIES[self.code]
        return category.en if info.context.language is Language.EN else category.zh

    @strawberry.field(description="The category it belongs to, null on the first level.")
    def parent(self) -> "Category | None":
        parent = CATEGORIES[self.code].parent
        return Category.of(parent) if parent else None

    @strawberry.field(description="The categories below it, none on the second level.")
    def children(self) -> "list[Category]":
        return [found for code in _children(self.code) if (found := Category.of(code))]


@strawberry.type(description="A category that a text may be about.", directives=[visible.ANYONE])
class CategoryGuess:
    category: Category = strawberry.field(description="The guess.")
    probability: float = strawberry.field(description="How likely, 0 to 1; all guesses together make at most 1.")


def _children(code: str) -> list[str]:
    return [child.code for child in CATEGORIES.values() if child.parent == code]
