"""Ids and pages as Relay's server specification has them: https://relay.dev/docs/guides/graphql-server-specification/"""

import base64
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from app.core.ids import new_id, opaque, public_id
from app.core.keyset import MAX, UNSAID
from app.graph.ids import global_id, parse_id
from app.schema import NODES
from scripts.database import Urls
from tests.conftest import Servers
from tests.graph.stage import Stage, build
from tests.house.one_city import one_city

pytestmark = pytest.mark.anyio

NODE = "query ($id: ID!) { node(id: $id) { __typename id } }"
SEVERAL = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"
PAGE = """query ($first: Int, $after: String, $last: Int, $before: String) {
  lawyers(first: $first, after: $after, last: $last, before: $before, orderBy: NAME) {
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } nodes { id } edges { cursor node { id } } } }"""
LISTS = {
    "lawyers": "asker",
    "questions": "asker",
    "notices": "asker",
    "drafts": "asker",
    "offers": "offered",
    "seats": "seated",
    "tasks": "supervisor",
    "staff": "admin",
    "personMoves": "admin",
    "minorAccesses": "admin",
}
PYTHON = ("Traceback", "codec", "padding", "invalid literal", "badly formed", "NoneType", "<class", "Error")


@pytest.fixture(scope="module")
async def stage(servers: Servers, template: Urls, keys_folder: Path) -> AsyncIterator[Stage]:
    """Nothing that these tests ask for changes it."""
    async with one_city(servers, template, keys_folder) as city:
        built = await build(city)
        for number in range(23):
            await city.lawyer(name=f"第{number % 5}位律师")
        yield built


async def page(stage: Stage, **how: Any) -> Any:
    found = await stage.city.one(None, PAGE, **how)
    assert [edge["node"] for edge in found["edges"]] == found["nodes"]
    ends = [edge["cursor"] for edge in found["edges"]] or [None]
    assert (found["pageInfo"]["startCursor"], found["pageInfo"]["endCursor"]) == (ends[0], ends[-1])
    return found


def ids(found: Any) -> list[str]:
    return [node["id"] for node in found["nodes"]]


async def refused(stage: Stage, viewer: Any, document: str, **said: Any) -> str:
    """The code of the one error, which tells nothing of how the house is made."""
    (error,) = await stage.city.errors(viewer, document, **said)
    assert not any(word in error["message"] for word in PYTHON), error
    code: str = error["extensions"]["code"]
    return code


def spelled(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


# Pages ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 4, 28])
async def test_a_list_is_walked_from_either_end(stage: Stage, size: int) -> None:
    whole = ids(await page(stage, first=MAX))
    assert len(whole) == len(set(whole)) == 28

    forward: list[str] = []
    info = {"hasNextPage": True, "endCursor": None}
    while info["hasNextPage"]:
        found = await page(stage, first=size, after=info["endCursor"])
        assert found["pageInfo"]["hasPreviousPage"] == bool(forward)
        forward, info = forward + ids(found), found["pageInfo"]
    assert forward == whole

    backward: list[str] = []
    info = {"hasPreviousPage": True, "startCursor": None}
    while info["hasPreviousPage"]:
        found = await page(stage, last=size, before=info["startCursor"])
        assert found["pageInfo"]["hasNextPage"] == bool(backward)
        backward, info = ids(found) + backward, found["pageInfo"]
    assert backward == whole


async def test_before_is_the_inverse_of_after(stage: Stage) -> None:
    first = await page(stage, first=3)
    second = await page(stage, first=3, after=first["pageInfo"]["endCursor"])
    assert ids(await page(stage, last=3, before=second["pageInfo"]["startCursor"])) == ids(first)


async def test_nothing_comes_after_the_end(stage: Stage) -> None:
    end = (await page(stage, last=1))["pageInfo"]["endCursor"]
    found = await page(stage, first=1, after=end)
    assert (found["edges"], found["pageInfo"]["hasNextPage"]) == ([], False)


async def test_no_items_may_be_asked_for(stage: Stage) -> None:
    found = await page(stage, first=0)
    assert (found["edges"], found["pageInfo"]["hasNextPage"], found["pageInfo"]["hasPreviousPage"]) == ([], True, False)
    found = await page(stage, last=0)
    assert (found["edges"], found["pageInfo"]["hasNextPage"], found["pageInfo"]["hasPreviousPage"]) == ([], False, True)


async def test_without_a_size_the_list_begins(stage: Stage) -> None:
    assert ids(await page(stage)) == ids(await page(stage, first=UNSAID))


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize(
    "how", [{"first": -1}, {"last": -1}, {"first": 101}, {"first": 2**31 - 1}, {"last": 101}, {"first": 1, "last": 1}]
)
async def test_a_page_of_a_size_that_cannot_be_is_refused(stage: Stage, name: str, how: dict[str, int]) -> None:
    assert await ask(stage, name, **how) == "BAD_PAGE"


JUNK = {
    "junk": "!!junk!!",
    "nothing": "",
    "a null byte": "a\x00b",
    "a lone surrogate": "\ud800",
    "an id": global_id("Lawyer", UUID(int=7)),
    "another date": spelled(f"{UUID(int=7).hex}yesterday"),
    "a long one": "A" * 20_000,
}


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("end", ["after", "before"])
@pytest.mark.parametrize("junk", JUNK)
async def test_a_cursor_that_the_house_never_gave_is_refused(stage: Stage, name: str, end: str, junk: str) -> None:
    assert await ask(stage, name, first=2, **{end: JUNK[junk]}) == "BAD_CURSOR"


async def ask(stage: Stage, name: str, **how: Any) -> str:
    kinds = {"first": "Int", "last": "Int", "after": "String", "before": "String"}
    variables = ", ".join(f"${word}: {kinds[word]}" for word in how)
    passed = ", ".join(f"{word}: ${word}" for word in how)
    viewer = getattr(stage if LISTS[name] in ("supervisor", "admin") else stage.scene, LISTS[name])
    return await refused(stage, viewer, f"query ({variables}) {{ {name}({passed}) {{ nodes {{ id }} }} }}", **how)


# Ids ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", sorted(NODES))
async def test_everything_with_an_id_is_fetched_again_by_it(stage: Stage, kind: str) -> None:
    viewer, id = stage.things[kind]
    assert await stage.city.one(viewer, NODE, id=id) == {"__typename": kind, "id": id}


async def test_several_come_in_the_order_they_were_asked_for_with_holes(stage: Stage) -> None:
    """What is not there, what is another's and what was never a kind of thing are holes alike; nothing else is lost."""
    seat = stage.id("Seat")
    asked = [
        stage.id("Question"),
        global_id("Lawyer", new_id()),
        stage.id("Firm"),
        seat,
        global_id("Query", "1"),
        global_id("Category", "no-such-thing"),
        stage.id("Question"),
        global_id("Question", UUID(int=stage.scene.others_question.int)),
    ]
    found = await stage.city.one(stage.scene.asker, SEVERAL, ids=asked)
    assert [node and node["id"] for node in found] == [asked[0], None, asked[2], None, None, None, asked[0], None]


@pytest.mark.parametrize("kind", sorted(NODES))
async def test_what_is_not_there_is_null_to_everybody(stage: Stage, kind: str) -> None:
    key = {"Offer": f"{new_id()}.{new_id()}", "Rating": f"{new_id()}.1"}.get(kind, str(new_id()))
    for viewer in (None, stage.scene.asker, stage.scene.answered, stage.supervisor, stage.admin):
        assert await stage.city.one(viewer, NODE, id=global_id(kind, key)) is None


SOME = "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"
BAD = {
    "junk": "junk",
    "nothing": "",
    "no base64": "%%%",
    "no utf-8": "//79",
    "no colon": spelled("Lawyer"),
    "letters for a key": global_id("Lawyer", "abc"),
    "digits for a key": global_id("Lawyer", "9" * 28),
    "no key": global_id("Lawyer", ""),
    "a null byte": global_id("Lawyer", "\x00"),
    "a null byte in an id": global_id("Lawyer", SOME) + "\x00",
    "a lone surrogate": "\udfff",
    "filled up": base64.urlsafe_b64encode(f"Lawyer:{SOME}".encode()).decode() + "=",
    "blanks around it": f" {global_id('Lawyer', SOME)}",
    "a new line": global_id("Lawyer", SOME) + "\n",
    "capitals": global_id("Lawyer", SOME.upper()),
    "no hyphens": global_id("Lawyer", SOME.replace("-", "")),
    "a urn": global_id("Lawyer", f"urn:uuid:{SOME}"),
    "half an offer": global_id("Offer", SOME),
    "a rating without a round": global_id("Rating", f"{SOME}."),
    "a rating of round 01": global_id("Rating", f"{SOME}.01"),
    "a rating of a huge round": global_id("Rating", f"{SOME}.{'9' * 5000}"),
    "a long one": spelled("Lawyer:" + "7" * 20_000),
}


@pytest.mark.parametrize("how", BAD)
async def test_an_id_that_the_house_never_wrote_is_refused(stage: Stage, how: str) -> None:
    for viewer in (None, stage.scene.asker, stage.scene.answered):
        assert await refused(stage, viewer, NODE, id=BAD[how]) == "BAD_ID"
        assert await refused(stage, viewer, SEVERAL, ids=[stage.id("Firm"), BAD[how]]) == "BAD_ID"


@pytest.mark.parametrize(("field", "kind"), [("question", "Question"), ("lawyer", "Lawyer"), ("thread", "Thread")])
async def test_an_id_is_good_for_its_own_kind_alone(stage: Stage, field: str, kind: str) -> None:
    """A thread has the key of its question, and is not to be had under the other's name."""
    document = f"query ($id: ID!) {{ {field}(id: $id) {{ id }} }}"
    viewer, id = stage.things[kind]
    assert (await stage.city.one(viewer, document, id=id))["id"] == id
    for other in sorted(set(NODES) - {kind}):
        assert await refused(stage, viewer, document, id=stage.id(other)) == "BAD_ID"


async def test_an_id_of_one_kind_with_the_key_of_another_finds_nothing(stage: Stage) -> None:
    key = stage.scene.answered.id
    for kind in sorted({"Firm", "Question", "Answer", "Seat", "Draft", "Message", "Notice", "Task", "Viewer"}):
        assert await stage.city.one(stage.scene.asker, NODE, id=global_id(kind, key)) is None


async def test_more_than_a_hundred_are_too_many(stage: Stage) -> None:
    assert await refused(stage, None, SEVERAL, ids=[stage.id("Firm")] * 101) == "TOO_MANY_IDS"
    assert len(await stage.city.one(None, SEVERAL, ids=[stage.id("Firm")] * 100)) == 100


def test_what_a_client_sends_as_an_id_is_not_remembered() -> None:
    before = public_id.cache_info()
    assert parse_id(opaque("Firm:" + "x" * 100_000))[0] == "Firm"
    assert public_id.cache_info() == before
