"""What is notarised where, by whom in person, on which documents and for how much: pure, read from `data/`.

公证法 (2017): articles 11 and 12 (matters), 25 (place), 26 (in person), 34 and 46 (fees); 公证程序规则 (2020): articles
10, 11, 18.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from app.core.money import fen
from app.guidance.rules.eligibility import Named

_SAID: Final = tomllib.loads((Path(__file__).parents[1] / "data" / "notarisation.toml").read_text("utf-8"))
LAW: Final = Named("公证法", "Notarisation Law")
RULES: Final = Named("公证程序规则", "Rules of the Notarial Procedure")


class NotaryMatter(StrEnum):
    """Articles 11 and 12."""

    CONTRACT = "CONTRACT"
    INHERITANCE = "INHERITANCE"
    AUTHORISATION = "AUTHORISATION"
    DECLARATION = "DECLARATION"
    GIFT = "GIFT"
    WILL = "WILL"
    PROPERTY_DIVISION = "PROPERTY_DIVISION"
    TENDER_AUCTION = "TENDER_AUCTION"
    MARITAL_STATUS = "MARITAL_STATUS"
    KINSHIP = "KINSHIP"
    ADOPTION = "ADOPTION"
    BIRTH = "BIRTH"
    SURVIVAL = "SURVIVAL"
    DEATH = "DEATH"
    IDENTITY = "IDENTITY"
    EDUCATION = "EDUCATION"
    POSITION = "POSITION"
    CRIMINAL_RECORD = "CRIMINAL_RECORD"
    ARTICLES = "ARTICLES"
    EVIDENCE = "EVIDENCE"
    SIGNATURE_OR_COPY = "SIGNATURE_OR_COPY"
    OTHER = "OTHER"
    REGISTRATION = "REGISTRATION"
    ESCROW = "ESCROW"
    CUSTODY = "CUSTODY"
    DRAFTING = "DRAFTING"
    ADVICE = "ADVICE"


class PlaceGround(StrEnum):
    """By what a notary office has jurisdiction (article 25)."""

    DOMICILE = "DOMICILE"
    RESIDENCE = "RESIDENCE"
    ACT = "ACT"
    FACT = "FACT"
    REAL_PROPERTY = "REAL_PROPERTY"


class DocumentWhen(StrEnum):
    """What has to be so for a document to be needed."""

    AGENT = "AGENT"
    REAL_PROPERTY = "REAL_PROPERTY"
    ABROAD = "ABROAD"
    MINOR = "MINOR"


@dataclass(frozen=True, slots=True)
class Matter:
    article: str
    item: int
    name: Named
    in_person: bool
    """The applicant comes herself (法第二十六条, 规则第十一条)."""
    place_is_free: bool
    """Real property or not, the ordinary places will do (法第二十五条第二款)."""
    fee: int | None
    """Fen; None: by the value."""


@dataclass(frozen=True, slots=True)
class Document:
    code: str
    name: Named
    article: str
    shared: str | None
    """Which authority the office may ask instead; a written promise will do then."""
    matters: frozenset[NotaryMatter]
    """All where it is empty."""
    when: DocumentWhen | None


@dataclass(frozen=True, slots=True)
class Line:
    """Of a quote."""

    name: Named
    fen: int


@dataclass(frozen=True, slots=True)
class Quote:
    lines: tuple[Line, ...]
    total: int
    """Fen."""
    to_pay: int
    """After the reduction of article 34."""


def grounds(matter: NotaryMatter, *, real_property: bool) -> tuple[PlaceGround, ...]:
    """By which an office may take it (article 25)."""
    if real_property and not MATTERS[matter].place_is_free:
        return (PlaceGround.REAL_PROPERTY,)
    return tuple(ground for ground in PlaceGround if ground is not PlaceGround.REAL_PROPERTY)


def in_person(matter: NotaryMatter) -> bool:
    """Whether nobody may be authorised to apply for her (article 26). A guardian still acts for who cannot act herself
    (规则第十条), but nobody makes another's will (民法典第一千一百四十三条)."""
    return MATTERS[matter].in_person


def documents(matter: NotaryMatter, so: frozenset[DocumentWhen]) -> list[Document]:
    """Those that the office needs, in the order of the data. `so`: what is the case."""
    return [
        one for one in DOCUMENTS if (not one.matters or matter in one.matters) and (one.when is None or one.when in so)
    ]


def quote(matter: NotaryMatter, *, value: int | None, copies: int, translated: bool, aided: bool) -> Quote:
    """`value`: fen, of what it is about; without it a matter that goes by value costs what is the least. The first copy
    is in the fee. `aided`: whether she qualifies for legal aid."""
    fee = MATTERS[matter].fee
    lines = [Line(MATTERS[matter].name, _by_value(value or 0) if fee is None else fee)]
    if copies > 1:
        lines.append(Line(Named("副本", "Copies"), _COPY * (copies - 1)))
    if translated:
        lines.append(Line(Named("翻译", "Translation"), _TRANSLATION))
    total = sum(line.fen for line in lines)
    return Quote(tuple(lines), total, total * _AIDED // 100 if aided else total)


def _by_value(value: int) -> int:
    fee, below = Decimal(0), 0
    for up_to, percent in _BRACKETS:
        within = max(0, (value if up_to is None else min(value, up_to)) - below)
        fee += within * percent / 100
        below = up_to or below
    return max(_LEAST, int(fee))


def _fen(said: str) -> int:
    found = fen(said)
    assert found is not None, said
    return found


def _named(said: Mapping[str, Any]) -> Named:
    return Named(said["zh"], said["en"])


def _matter(said: Mapping[str, Any]) -> Matter:
    fee = None if said["fee"] == "VALUE" else _fen(said["fee"])
    where = said["article"], said["item"], _named(said)
    return Matter(*where, said.get("person", False), said.get("place") == "FREE", fee)


def _document(said: Mapping[str, Any]) -> Document:
    what = said["code"], _named(said), said["article"], said.get("shared")
    when = DocumentWhen(said["when"]) if "when" in said else None
    return Document(*what, frozenset(map(NotaryMatter, said.get("matters", ()))), when)


MATTERS: Final[Mapping[NotaryMatter, Matter]] = MappingProxyType(
    {matter: _matter(_SAID["matters"][matter]) for matter in NotaryMatter}
)
GROUNDS: Final[Mapping[PlaceGround, Named]] = MappingProxyType(
    {ground: _named(_SAID["grounds"][ground]) for ground in PlaceGround}
)
DOCUMENTS: Final = tuple(map(_document, _SAID["document"]))
_FEE: Final = _SAID["fee"]
SOURCE: Final = Named(_FEE["source_zh"], _FEE["source_en"])
_LEAST, _COPY, _TRANSLATION = (_fen(_FEE[name]) for name in ("least", "copy", "translation"))
_AIDED: Final[int] = _FEE["aided_percent"]
_BRACKETS: Final = tuple(
    (_fen(one["upTo"]) if "upTo" in one else None, Decimal(one["percent"])) for one in _FEE["brackets"]
)
