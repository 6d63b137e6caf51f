"""Where values stand in the answer: worked out only for the few of which somebody asks."""

from collections.abc import Sequence
from typing import Any

from graphql.pyutils import Path


class Level:
    """The places of one flat list of values."""

    __slots__ = ("above", "key", "owner", "parents", "places")

    def __init__(
        self,
        above: "Level | None",
        parents: Sequence[int] | None = None,
        *,
        key: str | None = None,
        owner: str | None = None,
        places: Sequence[int] | None = None,
    ) -> None:
        """`parents`: the index, in the level `above`, of what each value belongs to; None where it is its own.
        `key`: the name under which all of them stand, in objects of the type `owner`. `places`: where each stands in
        its list."""
        self.above, self.parents, self.key, self.owner, self.places = above, parents, key, owner, places

    def path(self, index: int) -> Path | None:
        path = None
        if self.above is not None:
            path = self.above.path(index if self.parents is None else self.parents[index])
        if self.key is not None:
            path = Path(path, self.key, self.owner)
        if self.places is not None:
            path = Path(path, self.places[index], None)
        return path


class InfoAt:
    """graphql-core's resolve info for one value of a level: what all share, and its own path once it is asked for."""

    __slots__ = ("_index", "_level", "_shared")

    def __init__(self, shared: Any, level: Level, index: int) -> None:
        self._shared, self._level, self._index = shared, level, index

    @property
    def path(self) -> Path | None:
        return self._level.path(self._index)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._shared, name)
