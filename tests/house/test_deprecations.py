"""What leaves the graph says so in time."""

import pytest

from app.graph.deprecations import deprecated, elements, farewell
from app.schema import schema


def test_every_deprecation_says_what_to_use_instead_and_until_when() -> None:
    """Whatever is deprecated was deprecated by `gone`."""
    names = {name for name, _ in elements(schema._schema)}
    for name, reason in deprecated(schema._schema).items():
        try:
            said = farewell(reason)
        except ValueError as error:
            pytest.fail(f"{name}: {error}")
        assert said.instead in names, f"{name}: there is no {said.instead}"
