"""Between a form as the rules have it and as the graph has it: field by field of the same names."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import strawberry

from app.applications.rules.forms.identity import masked
from app.applications.rules.forms.judging import camel
from app.applications.types.forms.choices import ApplicationKind
from app.core.money import fen, yuan
from app.graph.ids import global_id, uuid_of


@strawberry.interface(description="What an application says.")
class ApplicationForm:
    kind: ApplicationKind = strawberry.field(description="What it is for.")


Kinds = Mapping[type, type]
_YUAN = frozenset({"amount", "value", "monthly_income", "property", "debts"})


def plain(said: Any, at: str, kinds: Kinds) -> Any:
    """What was sent, for the rules. BAD_ID where a file's id is none; the rest is for `rules.forms.faults`."""
    if isinstance(said, list):
        return tuple(plain(one, f"{at}.{place}", kinds) for place, one in enumerate(said))
    if kind := kinds.get(type(said)):
        return kind(**{one.name: _sent(said, one.name, at, kinds) for one in fields(said)})
    return said


def _sent(part: Any, name: str, at: str, kinds: Kinds) -> Any:
    said, field = getattr(part, name), f"{at}.{camel(name)}"
    if name == "file_id":
        return None if said is None else uuid_of(said, "File", field)
    return plain(said, field, kinds)


def shown(said: Any, kinds: Kinds, open_ids: bool) -> Any:
    """What is kept, for the graph. `open_ids`: whether the reader may see the numbers of papers whole."""
    if isinstance(said, tuple):
        return [shown(one, kinds, open_ids) for one in said]
    if kind := kinds.get(type(said)):
        return kind(**{one.name: _field(one.name, getattr(said, one.name), kinds, open_ids) for one in fields(said)})
    return said


def _field(name: str, said: Any, kinds: Kinds, open_ids: bool) -> Any:
    if name == "id_number" and said and not open_ids:
        return masked(said)
    if name == "file_id" and said:
        return global_id("File", said)
    if name in _YUAN and said and (counted := fen(said)) is not None:
        return yuan(counted)
    return shown(said, kinds, open_ids)
