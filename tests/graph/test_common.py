"""Pages that are the same for everybody: found out once for all who ask at the same time, and never before they ask."""

import asyncio
import json
from typing import Any

import pytest
from graphql import ExecutionResult

from app.core.access import Viewer
from app.core.errors import Language
from app.graph import common
from app.graph.common import Common, in_common, is_common
from app.graph.context import Context
from app.graph.documents import admit
from app.schema import schema
from tests.city import City
from tests.sockets import receive, served, socket, subscribe, token

pytestmark = pytest.mark.anyio

LAWYERS = "query ($first: Int) { lawyers(first: $first) { nodes { id name firm { name } } } }"
MAP = """query ($bounds: BoundsInput!) { mapPoints(bounds: $bounds, zoom: 9) { key } }"""
UPSIDE_DOWN = {"west": 1, "south": 1, "east": 0, "north": 0, "system": "WGS84"}
RECORD = "query ($from: Date!, $to: Date!) { promiseRecord(from: $from, to: $to) { questions } }"


def admitted(city: City, document: str, viewer: Viewer | None = None, language: Language = Language.ZH) -> Context:
    context = city.context(viewer, language)
    context.admitted = admit(schema._schema, document, None, {}, context.allowance)
    return context


class Finding:
    """Finds out what it is told to, when it is told to."""

    def __init__(self) -> None:
        self.begun: list[Context] = []
        self.results: list[asyncio.Future[Any]] = []

    async def __call__(self, context: Context) -> Any:
        self.begun.append(context)
        context.refused.append("NOT_SO")
        self.results.append(asyncio.get_running_loop().create_future())
        return await self.results[-1]

    async def asked(self, *contexts: Context, variables: Any = None) -> list["asyncio.Task[Common]"]:
        tasks = [asyncio.create_task(in_common(one, variables, self)) for one in contexts]
        await quiet()
        return tasks

    async def finds(self, number: int) -> None:
        self.results[-1].set_result(ExecutionResult({"number": number}, None))
        await quiet()


async def quiet() -> None:
    for _ in range(9):
        await asyncio.sleep(0)


async def numbers(tasks: list["asyncio.Task[Common]"]) -> list[Any]:
    return [one.data and one.data["number"] for one in await asyncio.gather(*tasks)]


# Who shares what ----------------------------------------------------------------------------------------------------


async def test_what_is_found_out_in_common(city: City) -> None:
    resident, lawyer = await city.resident(), (await city.lawyers(1))[0]
    for document, everybodys in (
        (LAWYERS, True),
        (f"{LAWYERS} query B {{ viewer {{ roles }} }}".replace("query (", "query A(", 1), False),  # which is not said
        ("{ ...F } fragment F on Query { a: lawyers { nodes { id } } categories { id } __typename }", True),
        ("{ lawyers { nodes { id } } viewer { roles } }", False),
        ("{ lawyers { nodes { id } } __schema { queryType { name } } }", False),
        ('{ node(id: "x") { id } }', False),
        ('{ verifyDocument(code: "x") { __typename } }', False),  # is counted for each
    ):
        assert is_common(admitted(city, document)) is everybodys, document
        assert is_common(admitted(city, document, resident)) is everybodys, document
        assert not is_common(admitted(city, document, lawyer)), document
    own = "{ activities { nodes { id myEnrolment { id } } } }"
    assert is_common(admitted(city, own))
    assert not is_common(admitted(city, own, resident))
    mutation = "mutation { suggest: signOut { __typename } }"
    assert not is_common(admitted(city, mutation))


async def test_only_the_very_same_is_found_out_together(city: City) -> None:
    finding = Finding()
    first = admitted(city, LAWYERS)
    tasks = await finding.asked(first)
    for context, variables in (
        (admitted(city, LAWYERS), {"first": 3}),
        (admitted(city, LAWYERS, language=Language.EN), None),
        (admitted(city, LAWYERS.replace("name firm", "firm")), None),
    ):
        tasks += await finding.asked(context, variables=variables)
    assert len(finding.begun) == 4
    for number, result in enumerate(finding.results):
        result.set_result(ExecutionResult({"number": number}, None))
    assert await numbers(tasks) == [0, 1, 2, 3]
    assert common._turns == {}


async def test_whatever_variables_hold_is_told_apart(city: City) -> None:
    nested: Any = []
    for _ in range(1_000):
        nested = [nested]
    finding = Finding()
    tasks = await finding.asked(admitted(city, LAWYERS), variables={"unknown": nested})
    assert len(finding.begun) == 1
    await finding.finds(1)
    assert await numbers(tasks) == [1]


# When it is found out -----------------------------------------------------------------------------------------------


async def test_who_comes_while_it_is_found_out_is_given_the_next_answer(city: City) -> None:
    finding, resident = Finding(), await city.resident()
    first = await finding.asked(admitted(city, LAWYERS))
    waiting = [admitted(city, LAWYERS, one) for one in (resident, None, resident)]
    second = await finding.asked(*waiting)
    assert len(finding.begun) == 1
    await finding.finds(1)
    assert await numbers(first) == [1]
    third = await finding.asked(admitted(city, LAWYERS), admitted(city, LAWYERS))
    assert len(finding.begun) == 2
    await finding.finds(2)
    assert await numbers(second) == [2, 2, 2]
    assert [one.refused for one in waiting] == [["NOT_SO"]] * 3
    await finding.finds(3)
    assert await numbers(third) == [3, 3]
    assert all(context.viewer is None for context in finding.begun)
    assert common._turns == {}


async def test_who_is_heard_before_the_next_begins_takes_part_in_it(city: City) -> None:
    finding = Finding()
    first = await finding.asked(admitted(city, LAWYERS))
    second = await finding.asked(admitted(city, LAWYERS), admitted(city, LAWYERS))
    finding.results[-1].set_result(ExecutionResult({"number": 1}, None))
    third = await finding.asked(admitted(city, LAWYERS), admitted(city, LAWYERS))
    await finding.finds(2)
    assert await numbers([*first, *second, *third]) == [1, 2, 2, 2, 2]
    assert common._turns == {}


async def test_a_resident_finds_it_out_in_nobodys_name(city: City) -> None:
    finding, resident = Finding(), await city.resident()
    hers = admitted(city, LAWYERS, resident)
    tasks = await finding.asked(hers)
    (context,) = finding.begun
    assert (context.viewer, hers.viewer, context.statements) == (None, resident, hers.statements)
    await finding.finds(1)
    assert await numbers(tasks) == [1]


@pytest.mark.parametrize("who", [0, 1])
async def test_who_found_it_out_for_all_goes_away(city: City, who: int) -> None:
    """While it is found out, and while she waits to find it out next."""
    finding = Finding()
    tasks = await finding.asked(*(admitted(city, LAWYERS) for _ in range(4)))
    tasks.pop(who).cancel()
    await quiet()
    while not all(task.done() for task in tasks):
        await finding.finds(len(finding.begun))
    assert await numbers(tasks) == ([2, 2, 2] if who == 0 else [1, 2, 2])
    assert common._turns == {}


async def test_a_fault_is_nobodys_but_its_own(city: City) -> None:
    finding = Finding()
    tasks = await finding.asked(*(admitted(city, LAWYERS) for _ in range(3)))
    await finding.finds(1)
    finding.results[-1].set_exception(ValueError("of the second"))
    await quiet()
    await finding.finds(3)
    first, second, third = await asyncio.gather(*tasks, return_exceptions=True)
    assert isinstance(second, ValueError)
    assert [one.data for one in (first, third) if isinstance(one, Common)] == [{"number": 1}, {"number": 3}]
    assert common._turns == {}


# As clients ask -----------------------------------------------------------------------------------------------------


async def test_fifty_at_once_cost_what_two_do(city: City) -> None:
    await city.lawyers(3)
    people = [None, await city.resident()] * 25
    with city.statements() as alone:
        await city.one(None, LAWYERS)
    with city.statements() as together:
        answers = await asyncio.gather(*(city.one(one, LAWYERS) for one in people))
    assert [len(one["nodes"]) for one in answers] == [3] * 50
    assert together == alone * 2  # the first, and what all others waited for


async def test_each_is_told_the_same_over_http_and_live(city: City) -> None:
    await city.lawyers(3)
    body = {"query": LAWYERS, "variables": {"first": 2}}
    heads: list[dict[str, str]] = [{}, {"authorization": f"Bearer {token(city, await city.resident())}"}] * 5
    async with city.http() as client:
        answers = await asyncio.gather(*(client.post("/graphql", json=body, headers=head) for head in heads))
    (said,) = {one.text for one in answers}
    assert len(json.loads(said)["data"]["lawyers"]["nodes"]) == 2
    async with served(city) as url, socket(url, None) as one, socket(url, None) as two:
        for connection in (one, two):
            await receive(connection)
            await subscribe(connection, "a", LAWYERS, first=2)
        for connection in (one, two):
            assert (await receive(connection))["payload"]["data"] == json.loads(said)["data"]
            assert (await receive(connection))["type"] == "complete"


async def test_what_is_refused_is_told_to_each(city: City) -> None:
    days = {"from": "2999-01-01", "to": "2999-01-01"}
    for document, variables, code in ((RECORD, days, "NOT_YET"), (MAP, {"bounds": UPSIDE_DOWN}, "BOUNDS_INVERTED")):
        told = await asyncio.gather(*(city.errors(None, document, **variables) for _ in range(5)))
        assert [one[0]["extensions"]["code"] for one in told] == [code] * 5


async def test_nobody_is_told_what_was_before_her_question(city: City) -> None:
    """Each changes a name and looks at once, while others look all the time."""
    (lawyer,) = await city.lawyers(1)
    over = False

    async def looks() -> None:
        while not over:
            await city.one(None, LAWYERS)

    async def changes() -> None:
        for number in range(20):
            await city.sql("UPDATE app.lawyer SET name = :name WHERE id = :id", name=f"律师{number}", id=lawyer.id)
            found = await city.one(None, LAWYERS)
            assert [one["name"] for one in found["nodes"]] == [f"律师{number}"]

    others = [asyncio.create_task(looks()) for _ in range(5)]
    try:
        await changes()
    finally:
        over = True
        await asyncio.gather(*others)
