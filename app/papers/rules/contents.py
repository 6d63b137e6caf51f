"""What a paper says, in the form in which the templates (`data/*.typ`) take it: nothing in it is ever taken for
markup."""

from datetime import date
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.papers.models import PaperKind

TEMPLATES: Final = Path(__file__).parents[1] / "data"


class _Block(BaseModel):
    model_config = ConfigDict(frozen=True)

    heading: str | None = None


class Rows(_Block):
    """A table of names and what is said under each."""

    kind: Literal["rows"] = "rows"
    rows: list[tuple[str, str]]


class Words(_Block):
    """Paragraphs."""

    kind: Literal["words"] = "words"
    words: list[str]


class Items(_Block):
    """A numbered list."""

    kind: Literal["items"] = "items"
    items: list[str]


class Signs(_Block):
    """Lines to sign on, each after its words."""

    kind: Literal["signs"] = "signs"
    signs: list[str]


Block = Annotated[Rows | Words | Items | Signs, Field(discriminator="kind")]


class Content(BaseModel):
    """All that is on a paper but its code, its QR code and the numbers of its pages."""

    model_config = ConfigDict(frozen=True)

    title: str
    institution: str
    """By its name, as it was that day."""
    number: str
    """By which the institution and the person speak of the matter."""
    day: date
    addressee: str | None = None
    """Of a letter: whom it speaks to."""
    blocks: list[Block]
    sealed: bool = True
    """Whether the institution's name and the day stand at its end, where its seal goes."""


_K = PaperKind
LETTERS = frozenset({_K.ACCEPTANCE_NOTICE, _K.SUPPLEMENT_LIST, _K.DECISION, _K.RIGHTS_NOTICE, _K.MEDIATION_AGREEMENT})


def template(kind: PaperKind) -> str:
    """The file of `data/` that sets it."""
    return "letter.typ" if kind in LETTERS else "form.typ"


def dated(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def told(content: Content, code: str, address: str, qr: str) -> dict[str, object]:
    """What the template is given. `qr`: an SVG."""
    said = content.model_dump(mode="json") | {"dated": dated(content.day)}
    said["day"] = {"year": content.day.year, "month": content.day.month, "day": content.day.day}
    said["proof"] = {"code": code, "address": address, "qr": qr}
    return said
