"""Types of the graph have what the house uses of a dataclass, and not what nobody reads."""

from typing import Any

from app.schema import schema


def test_a_type_is_made_by_its_fields_and_says_no_more() -> None:
    kinds: Any = schema._schema.type_map.values()
    origins = [getattr(kind.extensions.get("strawberry-definition"), "origin", object) for kind in kinds]
    ours = [kind for kind in origins if kind.__module__.startswith("app.") and "__dataclass_fields__" in vars(kind)]
    assert len(ours) > 500
    for kind in ours:
        assert "__init__" in vars(kind)
        assert {"__repr__", "__eq__"}.isdisjoint(vars(kind))
        assert not str(kind.__doc__).startswith(f"{kind.__name__}("), kind.__doc__
