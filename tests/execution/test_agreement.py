"""The compiled executor says what graphql-core says: of the specification's own cases, and of anything."""

import asyncio
import gc
import os
from collections.abc import Iterator
from typing import Any

import pytest
from graphql import parse
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from hypothesis_graphql import nodes
from hypothesis_graphql import strategies as documents

from tests.execution.agreement import agree, both
from tests.execution.world import SDL, world

OPERATIONS = int(os.environ.get("OPERATIONS", "200"))
OFTEN, SELDOM = 0.25, 0.02
SCALARS: Any = {"Even": st.integers(-4, 4).map(nodes.Int)}
pytestmark = pytest.mark.filterwarnings(
    "ignore:coroutine '(Executor|_later):RuntimeWarning",
    "ignore:Exception ignored in. <coroutine object (Executor|_later):pytest.PytestUnraisableExceptionWarning",
)
"""graphql-core leaves what it need not wait for behind, where an error came first; the garbage collector finds it."""


@pytest.fixture(autouse=True)
def found_here() -> Iterator[None]:
    """And not in a later test, which would have to answer for it."""
    yield
    gc.collect()


def anything(examples: int) -> Any:
    return settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))


def compare(text: str, seed: int) -> None:
    """In a world without trouble, in one with a little, and in one where much goes wrong."""
    note(text)
    for trouble in (0, SELDOM, OFTEN):
        agree(*asyncio.run(both(world(seed, trouble=trouble), parse(text))))


@anything(40)
@given(documents.queries(SDL, custom_scalars=SCALARS), st.integers(0, 999))
def test_of_any_query(text: Any, seed: int) -> None:
    compare(text, seed)


@anything(15)
@given(documents.mutations(SDL, custom_scalars=SCALARS), st.integers(0, 999))
def test_of_any_mutation(text: Any, seed: int) -> None:
    compare(text, seed)


@pytest.mark.full
@anything(OPERATIONS)
@given(documents.queries(SDL, custom_scalars=SCALARS), st.integers(0, 999))
def test_of_thousands_of_queries(text: Any, seed: int) -> None:
    compare(text, seed)
