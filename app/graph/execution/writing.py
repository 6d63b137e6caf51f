"""Python for what only looks at the objects themselves: a loop over them, written once a plan.

    def shaped(sources, given):
        (given7,) = given
        found = []
        for one in sources:
            v1 = one.name
            if v1 is not None: v1 = v1 if v1.__class__ is str else coerce2(v1)
            v3 = get4(one, **given7)
            if v3.__class__ is not of5: strange()
            v6 = v3.code
            ...
            found.append({"name": v1, "category": {"code": v6}, "answers": None})
        return found

It raises for any value that is not simply there; then somebody else tells whose it was.
"""

from collections.abc import Callable, Sequence
from itertools import count
from typing import Any, Protocol

from app.graph.execution.fields import Field
from app.graph.execution.leaves import coercion, said
from app.graph.execution.shapes import Leaf, Many, One, Slot

DEEPEST = 12
"""Objects and lists within each other in one function: Python has room for twenty loops."""

Shaped = Callable[[Sequence[Any], Sequence[dict[str, Any]]], list[Any]]


class Selected(Protocol):
    """A selection set, as far as it is written."""

    plain: list[tuple[Field, Slot]]
    empty: dict[str, Any]
    """Every key of the answer's object in order, with what stands there so far."""
    depth: int | None
    """Of what is written; None where not all of it can be."""


def depth_of(field: Field, slot: Slot) -> int | None:
    """How deep what is written of the field would go; None where it cannot be written."""
    shortcut = field.shortcut
    if shortcut is None or (shortcut.path is None and shortcut.pure is None):
        return None
    depth = _depth(slot)
    return depth if depth is not None and depth <= DEEPEST else None


def _depth(slot: Slot) -> int | None:
    shape = slot.shape
    below: Any = 0 if isinstance(shape, Leaf) else None
    if isinstance(shape, Many):
        below = _depth(shape.item)
    elif isinstance(shape, One) and shape.origin is not None:
        below = shape.below.depth  # type: ignore[attr-defined]
    return None if below is None else below + 1


def written(selection: Selected) -> tuple[Shaped, list[Field]]:
    """The function, and the fields whose arguments it wants to be given, in their order."""
    return _Writer().function(selection)


class _Writer:
    def __init__(self) -> None:
        self._lines: list[str] = []
        self._scope: dict[str, Any] = {"strange": _strange}
        self._given: list[str] = []
        self._asking: list[Field] = []
        self._number = count()

    def function(self, selection: Selected) -> tuple[Shaped, list[Field]]:
        text = self._object(selection, "one", 2)
        given = f"({', '.join(self._given)},) = given" if self._given else "pass"
        head = ["def shaped(sources, given):", f" {given}", " found = []", " for one in sources:"]
        exec("\n".join([*head, *self._lines, f"  found.append({text})", " return found"]), self._scope)
        return self._scope["shaped"], self._asking

    def _line(self, depth: int, text: str) -> None:
        self._lines.append(" " * depth + text)

    def _name(self, kind: str, value: Any = None) -> str:
        name = f"{kind}{next(self._number)}"
        if value is not None:
            self._scope[name] = value
        return name

    def _object(self, selection: Selected, one: str, depth: int) -> str:
        """Writes what its values are; the expression for the dictionary of them."""
        says = {key: repr(value) for key, value in selection.empty.items()}
        for field, slot in selection.plain:
            value = says[field.key] = self._name("v")
            self._line(depth, f"{value} = {self._read(field, one)}")
            self._fill(slot, value, depth)
        return "{" + ", ".join(f"{key!r}: {text}" for key, text in says.items()) + "}"

    def _read(self, field: Field, one: str) -> str:
        shortcut = field.shortcut
        assert shortcut is not None
        if shortcut.path is not None:
            return f"{one}.{shortcut.path}"
        get = self._name("get", shortcut.pure)
        if not field.takes_arguments:
            return f"{get}({one})"
        self._asking.append(field)
        self._given.append(given := self._name("given"))
        return f"{get}({one}, **{given})"

    def _fill(self, slot: Slot, value: str, depth: int) -> None:
        shape = slot.shape
        if not slot.required:
            self._line(depth, f"if {value} is not None:")
            depth += 1
        if isinstance(shape, Leaf):
            coerce = self._name("coerce", _never_null(shape) if slot.required else coercion(shape.kind))
            self._line(depth, f"{value} = {said(shape.kind, value, coerce, self._scope)}")
        elif isinstance(shape, Many):
            self._line(depth, f"if {value}.__class__ is not list: strange()")
            item, items = self._name("v"), self._name("v")
            self._line(depth, f"{items} = []")
            self._line(depth, f"for {item} in {value}:")
            self._fill(shape.item, item, depth + 1)
            self._line(depth + 1, f"{items}.append({item})")
            self._line(depth, f"{value} = {items}")
        else:
            assert isinstance(shape, One)
            self._line(depth, f"if {value}.__class__ is not {self._name('of', shape.origin)}: strange()")
            below: Any = shape.below
            self._line(depth, f"{value} = {self._object(below, value, depth)}")


def _strange() -> None:
    raise TypeError("not simply there")


def _never_null(leaf: Leaf) -> Callable[[Any], Any]:
    coerce = coercion(leaf.kind)

    def coerced(value: Any) -> Any:
        said = None if value is None else coerce(value)
        return _strange() if said is None else said

    return coerced
