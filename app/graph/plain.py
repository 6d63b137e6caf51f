"""Strawberry makes a dataclass of each type. Of the 700 here nobody prints one, compares it with another, or reads in
its docstring how it is made: that would be written, compiled and kept for each (0.15 s of a start, 3 MB).

Strawberry has no option for it; `tests/house/test_plain.py` tells when it makes its types otherwise.
"""

import dataclasses
from types import SimpleNamespace
from typing import Any

from strawberry.types import object_type


def plain(**options: Any) -> Any:
    made = dataclasses.dataclass(**options, repr=False, eq=False, match_args=False)

    def of(kind: type) -> type:
        kind.__doc__ = kind.__doc__ or kind.__name__  # where there is none, dataclasses puts the signature of __init__
        return made(kind)

    return of


vars(object_type)["dataclasses"] = SimpleNamespace(**vars(dataclasses) | {"dataclass": plain})
