"""A form as a paper tells it: part by part, every field that was filled in under its name, in Chinese."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import Enum
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Self

from app.guidance.rules.eligibility import LAWS, EligibilityKind
from app.guidance.rules.notarisation import GROUNDS, MATTERS
from app.papers.rules.contents import Rows, dated

_DATA: Final = Path(__file__).parents[2] / "data" / "papers" / "options.toml"
_OF_THE_LAW: Final = {
    "FormOfAid": "form",
    "AidMatter": "matter",
    "AidCircumstance": "circumstances",
    "AidGroup": "groups",
    "DefenceGround": "defence",
}
"""Which question of the law of legal aid names the values of an enum."""

Options = Mapping[str, Mapping[str, str]]
"""How the values of an enum are told, by its name."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a form: its fields in their order on paper, each with its name."""

    name: str
    heading: str
    fields: Mapping[str, str]

    @classmethod
    def of(cls, said: Mapping[str, str]) -> Self:
        fields = {name: label for name, label in said.items() if name not in ("part", "heading")}
        return cls(said["part"], said["heading"], MappingProxyType(fields))


def sections(parts: Sequence[Part], form: Any, options: Options) -> Iterator[Rows]:
    """A table a part; of what there may be several of, one each. What was not filled in is left out."""
    for part in parts:
        said = getattr(form, part.name)
        if isinstance(said, tuple):
            several = len(said) > 1
            for number, one in enumerate(said, 1):
                yield from _section(part, one, f"{part.heading}（{number}）" if several else part.heading, options)
        else:
            own = form if part.name in part.fields else said  # a field of the form itself
            yield from _section(part, own, part.heading, options)


def _section(part: Part, said: Any, heading: str, options: Options) -> Iterator[Rows]:
    if said is None:
        return
    rows = [(label, told(getattr(said, name), options)) for name, label in part.fields.items()]
    if rows := [row for row in rows if row[1]]:
        yield Rows(heading=heading, rows=rows)


def at(form: Any, path: str) -> Any:
    """What a form says there, by names with dots between; None where a part is missing."""
    for name in path.split("."):
        form = getattr(form, name, None)
    return form


def told(value: Any, options: Options) -> str:
    """A field's value in words; empty where nothing was said."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Enum):
        return options[type(value).__name__][value.name]
    if isinstance(value, date):
        return dated(value)
    if is_dataclass(value):  # a part of a part: what it holds, one after the other
        return "，".join(filter(None, (told(getattr(value, one.name), options) for one in fields(value))))
    if isinstance(value, tuple):
        several = len(value) > 1 and all(map(is_dataclass, value))
        said = [told(one, options) for one in value]
        return "\n".join(f"{number}. {one}" for number, one in enumerate(said, 1)) if several else "、".join(said)
    return str(value)


def options(own: Options) -> Options:
    """Those of all forms, and `own` of one kind's in place of them."""
    return MappingProxyType({**_COMMON, **own})


def _common() -> Options:
    found: dict[str, Mapping[str, str]] = dict(tomllib.loads(_DATA.read_text("utf-8")))
    questions = LAWS[EligibilityKind.LEGAL_AID].questions
    for enum, question in _OF_THE_LAW.items():
        found[enum] = {value: words.zh for value, words in questions[question].options.items()}
    found["NotaryMatter"] = {matter.name: said.name.zh for matter, said in MATTERS.items()}
    found["PlaceGround"] = {ground.name: said.zh for ground, said in GROUNDS.items()}
    return MappingProxyType(found)


_COMMON: Final = _common()
