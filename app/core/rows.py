"""What a statement gave, all of it: a page is small, and nobody fetches it in parts.

SQLAlchemy's own rows ask their class and a dictionary for a name each time it is said, which takes as long as reading
the row did. Here rows with the same names have a class, as `namedtuple` would make it, in a fifth of the memory.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any, Final

from sqlalchemy.exc import MultipleResultsFound, NoResultFound

Processor = Callable[[Any], Any] | None

KINDS: Final = 2000


class Row(tuple[Any, ...]):
    __slots__ = ()
    _fields: tuple[str, ...] = ()

    def _asdict(self) -> dict[str, Any]:
        return dict(zip(self._fields, self, strict=True))


@lru_cache(maxsize=KINDS)
def _kind(names: tuple[str, ...]) -> type[Row]:
    columns = {name: _column(place) for place, name in enumerate(names)}
    return type("Row", (Row,), {"__slots__": (), "_fields": names, **columns})


@lru_cache
def _column(place: int) -> property:
    return property(itemgetter(place))


class Columns:
    """What comes back of a statement: by which names, and what each value is made of."""

    def __init__(self, names: Sequence[str], processors: Sequence[Processor] = ()) -> None:
        self.names = tuple(names)
        self._kind = _kind(self.names)
        self._processors = [(place, one) for place, one in enumerate(processors) if one is not None]

    def rows(self, found: Sequence[Any]) -> list[Any]:
        if not self._processors:
            return list(map(self._kind, found))
        return [self._kind(self._processed(one)) for one in found]

    def _processed(self, found: Any) -> list[Any]:
        values = list(found)
        for place, processor in self._processors:
            values[place] = processor(values[place])
        return values


class Rows:
    """As SQLAlchemy's results are taken."""

    def __init__(self, names: Sequence[str], found: list[Any], status: str = "") -> None:
        self._names, self._found, self._status = names, found, status

    @property
    def returns_rows(self) -> bool:
        return bool(self._names)

    @property
    def rowcount(self) -> int:
        """As PostgreSQL counted them: of `INSERT 0 3`, `UPDATE 3` or `SELECT 3`."""
        count = self._status.rpartition(" ")[2]
        return int(count) if count.isdecimal() else -1

    def keys(self) -> Sequence[str]:
        return self._names

    def __iter__(self) -> Iterator[Any]:
        return iter(self._found)

    def all(self) -> list[Any]:
        return self._found

    def first(self) -> Any:
        """None where there is none; of several, the others are of no interest."""
        return self._found[0] if self._found else None

    def one_or_none(self) -> Any:
        if len(self._found) > 1:
            raise MultipleResultsFound("several rows were found where there is one at most")
        return self.first()

    def one(self) -> Any:
        if not self._found:
            raise NoResultFound("no row was found where there is one")
        return self.one_or_none()

    def scalars(self) -> "Rows":
        """Of each row its first value."""
        return Rows(self._names[:1], [row[0] for row in self._found])

    def scalar(self) -> Any:
        return self._found[0][0] if self._found else None

    def scalar_one(self) -> Any:
        return self.one()[0]

    def scalar_one_or_none(self) -> Any:
        row = self.one_or_none()
        return None if row is None else row[0]
