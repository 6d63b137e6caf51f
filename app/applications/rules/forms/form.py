"""What a form of any kind answers to the rest of the room."""

from abc import abstractmethod
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, ClassVar, Final, Generic, NamedTuple, TypeVar
from uuid import UUID

from pydantic import BaseModel

from app.applications.models import ApplicationKind
from app.applications.rules.forms.judging import Part

IDENTITY: Final = "ID_DOCUMENT"
"""What a form of any kind calls a material that shows who somebody is."""


class Party(NamedTuple):
    """Who applies, as the form names her; what it does not say is None."""

    name: str | None
    id_number: str | None
    phone: str | None


@dataclass(frozen=True, slots=True)
class Form(Part):
    """Every field may be missing, for a form is filled in piece by piece."""

    KIND: ClassVar[ApplicationKind]
    VERSION: ClassVar[int]
    AT: ClassVar[str]
    """The name of its argument in the graph, with which the names of its fields begin."""
    FILES: ClassVar[str] = "materials"
    """Its field with what is attached: each with its `kind` and `file_id`."""

    @abstractmethod
    def matter(self) -> str:
        """A code of its kind's list of matters, all that is told of it in the clear; empty while it was not chosen."""

    @abstractmethod
    def party(self) -> Party:
        """Who applies."""

    def opposing(self) -> list[str]:
        """The names of the other side."""
        return []

    def files(self) -> list[UUID]:
        """What is attached, in the order of the form."""
        return [one.file_id for one in getattr(self, self.FILES) if one.file_id]

    def identity_files(self) -> list[UUID]:
        """Those of them that show who somebody is: kept no longer than the decision needs."""
        return [one.file_id for one in getattr(self, self.FILES) if one.kind == IDENTITY and one.file_id]

    def hastens(self, today: date) -> bool:
        """Whether a time limit is near. `today` is the city's."""
        return False


F = TypeVar("F", bound=Form)


class _Kept(BaseModel, Generic[F]):
    version: int
    form: F


@cache
def _kept(kind: Any) -> Any:
    return _Kept[kind]


def dumped(form: Form) -> str:
    """JSON with the version of the form, to be sealed; the form has no faults as a draft."""
    shape: Any = type(form)
    said: str = _kept(shape)(version=form.VERSION, form=form).model_dump_json(exclude_none=True)
    return said


def loaded(kind: type[F], said: str) -> F:
    """ValueError for a version that this house does not know."""
    shape: Any = kind
    kept: _Kept[F] = _kept(shape).model_validate_json(said)
    if kept.version != kind.VERSION:
        raise ValueError(f"a form of version {kept.version}")
    return kept.form
