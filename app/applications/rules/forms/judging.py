"""What is wrong with a form: as a draft, where only what cannot be kept is, and as what is to be submitted."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from app.applications.rules.forms.checks import Check, Needed
from app.core.errors import BLANK, Reason, because


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a form, with the checks of its fields beside them."""

    def beyond(self, at: str, today: date) -> Iterator[Reason]:
        """What rests on several of its fields; asked when all is sent."""
        yield from ()


def faults(form: Part, *, complete: bool, today: date, at: str) -> list[Reason]:
    """Every reason by its field (`legalAid.opponents.0.name`), at most one a field; none where the form can be kept, or
    with `complete` be submitted. `today` is the city's."""
    found = _against(form, at, complete, today)
    return list({reason.field: reason for reason in reversed([*found])}.values())[::-1]


@cache
def checks_of(kind: type[Any]) -> dict[str, tuple[Check, ...]]:
    """The checks of each field of a part of the form."""
    hints = get_type_hints(kind, include_extras=True)
    return {
        one.name: tuple(said for said in get_args(hints[one.name])[1:] if isinstance(said, Check))
        if get_origin(hints[one.name]) is Annotated
        else ()
        for one in fields(kind)
    }


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(map(str.capitalize, rest))


def is_blank(said: Any) -> bool:
    return said is None or said == () or (isinstance(said, str) and not said.strip())


def _against(part: Any, at: str, complete: bool, today: date) -> Iterator[Reason]:
    for name, checks in checks_of(part.__class__).items():
        said, field = getattr(part, name), f"{at}.{camel(name)}"
        if is_blank(said):
            if complete and any(isinstance(check, Needed) for check in checks):
                yield because(BLANK, field)
            continue
        for check in checks:
            yield from check.shape(said, field)
            if complete:
                yield from check.whole(said, field, today)
        for place, one in enumerate(said) if isinstance(said, tuple) else [("", said)]:
            if isinstance(one, Part):
                yield from _against(one, f"{field}.{place}".rstrip("."), complete, today)
    if complete:
        yield from part.beyond(at, today)
