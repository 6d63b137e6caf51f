"""What is on its way out: how its reason is written, and how its use is counted."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from app.core import uses
from app.core.db import Database
from app.core.errors import Language
from app.graph import tally
from app.graph.clients import UNKNOWN, Client
from app.graph.context import Context
from app.graph.deprecations import Farewell, deprecated, farewell, gone
from app.graph.tally import Tally
from tests.city import City
from tests.graph.fading import AFTER, SINCE, fading_graph

pytestmark = pytest.mark.anyio

MINI = Client("miniprogram", "1.4.2")


class Kept(Tally):
    """Shows what was noted."""

    @property
    def noted(self) -> dict[uses.Use, int]:
        return dict(self._counts)


@pytest.fixture
def kept() -> Kept:
    return Kept()


def asking(client: Client = MINI) -> Context:
    """Of an operation that touches no database and rings no bell."""
    nothing: Any = None
    return Context(nothing, nothing, {}, viewer=None, language=Language.ZH, address="", client=client)


async def ask(kept: Tally, document: str, **more: Any) -> list[Any]:
    """The errors of one operation that the mini-program sends."""
    result = await fading_graph(kept).execute(document, context_value=asking(), **more)
    return result.errors or []


def of_mini(*elements: str, uses: int = 1) -> Mapping[uses.Use, int]:
    return {(element, *MINI): uses for element in elements}


def test_a_reason_says_what_to_use_since_when_and_until_when() -> None:
    reason = gone("Query.lawyers", SINCE, AFTER)
    assert reason == "Use `Query.lawyers`. Since 2026-11-24, gone after 2027-11-24."
    assert farewell(reason) == Farewell("Query.lawyers", SINCE, AFTER)


@pytest.mark.parametrize(
    "reason",
    [
        "",
        "No longer supported",
        "Use `x`.",
        "Use ``. Since 2026-11-24, gone after 2027-11-24.",
        "Use `x`. Since 2026-11-24, gone after 2026-11-24.",
        "Use `x`. Since 2026-13-24, gone after 2027-11-24.",
    ],
)
def test_anything_less_is_not_a_reason(reason: str) -> None:
    with pytest.raises(ValueError, match=r"gone|month"):
        farewell(reason)


def test_nobody_writes_a_reason_that_gives_no_time() -> None:
    with pytest.raises(ValueError, match="before anybody could change"):
        gone("x", AFTER, SINCE)


def test_everything_that_can_be_deprecated_has_a_coordinate(kept: Kept) -> None:
    graph = fading_graph(kept)._schema
    assert deprecated(graph).keys() == {"Lawyer.title", "Query.lawyer(fast:)", "Where.village", "Order.LUCK"}


@pytest.mark.parametrize(
    ("document", "elements"),
    [
        ("{ lawyer { name } }", []),
        ("{ lawyer { title } }", ["Lawyer.title"]),
        ("{ a: lawyer { title } b: lawyer { title } }", ["Lawyer.title"]),
        ("{ lawyer(fast: true) { name } }", ["Query.lawyer(fast:)"]),
        ("{ lawyer(order: LUCK) { ...F } } fragment F on Lawyer { title }", ["Order.LUCK", "Lawyer.title"]),
        ('{ lawyer(filter: {allOf: [{village: "小村"}]}) { name } }', ["Where.village"]),
        ("query ($o: Order! = LUCK) { lawyer(order: $o) { name } }", ["Order.LUCK"]),
        ("query Named { lawyer { title } }", ["Lawyer.title"]),
    ],
)
async def test_an_operation_counts_once_for_all_that_it_uses(kept: Kept, document: str, elements: list[str]) -> None:
    assert await ask(kept, document) == []
    assert kept.noted == of_mini(*elements)
    assert await ask(kept, document) == []
    assert kept.noted == of_mini(*elements, uses=2)


@pytest.mark.parametrize(
    ("variables", "elements"),
    [
        ({}, []),
        ({"f": None}, []),
        ({"f": {"nothingOld": "village"}}, []),
        ({"f": {"allOf": [{"town": "village"}, {"village": "小村"}]}}, ["Where.village"]),
        ({"f": {"allOf": {"order": "LUCK"}}}, ["Order.LUCK"]),
        ({"o": "LUCK", "unknown": {"village": 1}}, ["Order.LUCK"]),
    ],
)
async def test_what_variables_use_counts_too(kept: Kept, variables: dict[str, Any], elements: list[str]) -> None:
    document = "query ($f: Filter, $o: Order! = NAME) { lawyer(filter: $f, order: $o) { name } }"
    assert await ask(kept, document, variable_values=variables) == []
    assert kept.noted == of_mini(*elements)


async def test_values_that_fit_no_type_are_refused_and_disturb_nothing(kept: Kept) -> None:
    document = "query ($f: Filter, $o: Order! = NAME) { lawyer(filter: $f, order: $o) { name } }"
    unfit: list[dict[str, Any]] = [{"f": {"allOf": [[5], "x", None]}}, {"f": {"allOf": {"order": {}}}}, {"o": ["LUCK"]}]
    for variables in unfit:
        assert await ask(kept, document, variable_values=variables) != []
    assert kept.noted == {}


async def test_of_several_operations_the_one_that_is_carried_out_counts(kept: Kept) -> None:
    both = "query New { lawyer { name } } query Old { lawyer { ...F } } fragment F on Lawyer { title }"
    assert await ask(kept, both, operation_name="New") == []
    assert kept.noted == {}
    assert await ask(kept, both, operation_name="Old") == []
    assert kept.noted == of_mini("Lawyer.title")


async def test_what_is_not_valid_is_not_used(kept: Kept) -> None:
    for document in ("{ lawyer { title nothing } }", "{ lawyer { title }", "{ lawyer(order: LUCK) }"):
        assert await ask(kept, document) != []
    assert kept.noted == {}


async def test_a_subscription_counts_when_it_begins(kept: Kept) -> None:
    stream = await fading_graph(kept).stream("subscription Named { lawyer { title } }", context_value=asking(UNKNOWN))
    assert [result.errors async for result in stream] == [None, None]
    assert kept.noted == {("Lawyer.title", *UNKNOWN): 1}


async def written(city: City) -> dict[tuple[Any, ...], int]:
    rows = await city.sql("SELECT day, element, client, version, uses FROM app.deprecated_use")
    return {(str(day), *use): n for day, *use, n in rows}


async def test_the_numbers_of_several_processes_add_up_by_day(city: City) -> None:
    here, there = Tally(), Tally()
    for process in (here, there, here):
        process.note(["Lawyer.title", "Order.LUCK"], MINI)
        await process.write(city.db)
    here.note(["Lawyer.title"], Client("web", "3"))
    await here.write(city.db)
    today = await city.today()
    counted = await written(city)
    assert sorted(counted.values()) == [1, 3, 3]
    assert {day for day, *_ in counted} == {str(today)}

    await city.turn_seconds(86_400)
    here.note(["Lawyer.title"], MINI)
    await here.write(city.db)
    assert len(await written(city)) == 4


async def test_with_nothing_to_say_nothing_is_said(city: City, kept: Kept) -> None:
    with city.statements() as statements:
        await kept.write(city.db)
    assert statements == []


async def test_what_could_not_be_written_waits(city: City, kept: Kept) -> None:
    kept.note(["Lawyer.title"], MINI)
    await kept.write(Database(city.worker.engine))  # who may not count
    kept.note(["Lawyer.title"], MINI)
    assert kept.noted == of_mini("Lawyer.title", uses=2)
    await kept.write(city.db)
    assert kept.noted == {}
    assert list((await written(city)).values()) == [2]


async def test_whoever_calls_herself_a_thousand_names_fills_neither_memory_nor_table(
    city: City, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tally, "DISTINCT", 20)
    for number in range(15):
        kept.note(["Lawyer.title"], Client("bot", str(number)))
    await kept.write(city.db)
    for number in range(15, 50):
        kept.note(["Lawyer.title"], Client("bot", str(number)))
    kept.note(["Lawyer.title"], Client("bot", "3"))
    assert len(kept.noted) == 5 + 1 + 1  # new names, what was known already, and the others together
    await kept.write(city.db)
    counted = await written(city)
    assert len(counted) == 20 + 1
    assert sum(counted.values()) == 51

    await city.turn_seconds(86_400)
    for _ in range(2):  # the first writing of a day tells that it is another
        kept.note(["Lawyer.title"], Client("miniprogram", "9"))
        await kept.write(city.db)
    assert any("9" in use for use in await written(city))


async def test_what_is_left_is_written_when_the_house_closes(city: City, kept: Kept) -> None:
    running = asyncio.create_task(kept.run(city.db))
    await asyncio.sleep(0)
    kept.note(["Lawyer.title"], MINI)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert list((await written(city)).values()) == [1]
