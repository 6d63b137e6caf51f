"""What may not be seen is not found: by every way in, with the same statements as for what does not exist."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from app.core.access import Viewer
from app.core.ids import new_id
from app.graph.ids import global_id
from tests.city import CONTENT, REFUSED, City, codes
from tests.vault.scene import Scene

pytestmark = pytest.mark.anyio

NODES = {"Question": "question", "Answer": "answer", "Seat": "seat", "Offer": "offer"}
QUESTION = "query ($id: ID!) { question(id: $id) { id body } }"
NODE = "query ($id: ID!) { node(id: $id) { id } }"
SEVERAL = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
PAGE = "{ questions(first: 100) { nodes { id } } }"
UPDATES = (
    f"questionUpdates(questionId: $id) {{ __typename {REFUSED} ... on QuestionUpdates {{ question {{ body }} }} }}"
)
POLL = f"query ($id: ID!) {{ {UPDATES} }}"
STREAM = f"subscription ($id: ID!) {{ {UPDATES} }}"
KEY = 'idempotencyKey: "a-key-of-this-test"'
MUTATIONS = {
    "withdrawQuestion(input: {questionId: $id})": "Question",
    f"claimOffer(input: {{offerId: $id, {KEY}}})": "Offer",
    "declineOffer(input: {offerId: $id, reason: BUSY})": "Offer",
    "extendLease(input: {seatId: $id})": "Seat",
    "releaseSeat(input: {seatId: $id})": "Seat",
    "saveAnswerDraft(input: {seatId: $id, content: $content})": "Seat",
    f"submitAnswer(input: {{seatId: $id, content: $content, {KEY}}})": "Seat",
}

Way = Callable[[City, Viewer, str], Awaitable[Any]]


@dataclass(frozen=True)
class Things:
    """What there is, as ids of the graph, and ids of the same kinds that nothing bears."""

    question: str
    answer: str
    seat: str
    offer: str

    @classmethod
    async def of(cls, scene: Scene) -> "Things":
        """The answer and the seat are the first lawyer's."""
        ((answer,),) = await scene.city.sql("SELECT id FROM app.answer WHERE question = :q", q=scene.question)
        mine = {"q": scene.question, "lawyer": scene.answered.id}
        ((seat,),) = await scene.city.sql("SELECT id FROM app.seat WHERE question = :q AND lawyer = :lawyer", **mine)
        return cls(
            global_id("Question", scene.question),
            global_id("Answer", answer),
            global_id("Seat", seat),
            global_id("Offer", f"{scene.question}.{scene.answered.id}"),
        )

    @classmethod
    def nowhere(cls) -> "Things":
        question, answer, seat = (global_id(kind, new_id()) for kind in ("Question", "Answer", "Seat"))
        return cls(question, answer, seat, global_id("Offer", f"{new_id()}.{new_id()}"))


async def by_field(city: City, viewer: Viewer, id: str) -> Any:
    return await city.one(viewer, QUESTION, id=id)


async def by_poll(city: City, viewer: Viewer, id: str) -> Any:
    the_refusal(await city.one(viewer, POLL, id=id))


async def by_stream(city: City, viewer: Viewer, id: str) -> Any:
    """The first and only frame."""
    async with city.follow(viewer, STREAM, id=id) as frames:
        seen = [frame async for frame in frames]
    ((data, errors),) = seen
    assert errors is None
    the_refusal(data["questionUpdates"])


def the_refusal(payload: Any) -> None:
    assert payload["__typename"] == "Refused"
    assert codes(payload) == ["NOT_FOUND"]


WAYS: dict[str, Way] = {"field": by_field, "polling": by_poll, "stream": by_stream}


async def told_alike(city: City, way: Callable[[str], Awaitable[Any]], there: str, nowhere: str) -> Any:
    """What it answers, the same for both and after the same statements."""
    with city.statements() as for_there:
        found = await way(there)
    with city.statements() as for_nowhere:
        assert await way(nowhere) == found
    assert for_there == for_nowhere
    return found


OUTSIDERS = ("stranger", "other", "unoffered", "offered", "declined")


@pytest.mark.parametrize("who", OUTSIDERS)
async def test_an_outsider_finds_no_question_by_any_way(scene: Scene, who: str) -> None:
    city, viewer, nowhere = scene.city, getattr(scene, who), Things.nowhere()
    there = await Things.of(scene)
    for name, way in WAYS.items():

        async def go(id: str, way: Way = way) -> Any:
            return await way(city, viewer, id)

        assert await told_alike(city, go, there.question, nowhere.question) is None, name
    listed = await city.one(viewer, PAGE)
    assert there.question not in [question["id"] for question in listed["nodes"]]
    assert len(listed["nodes"]) == (1 if who == "other" else 0)


@pytest.mark.parametrize("who", OUTSIDERS)
async def test_an_outsider_finds_no_node(scene: Scene, who: str) -> None:
    city, viewer, there, nowhere = scene.city, getattr(scene, who), await Things.of(scene), Things.nowhere()

    async def node(id: str) -> Any:
        return await city.one(viewer, NODE, id=id)

    for kind in NODES.values():
        assert await told_alike(city, node, getattr(there, kind), getattr(nowhere, kind)) is None, kind

    async def nodes(ids: str) -> Any:
        return await city.one(viewer, SEVERAL, ids=ids.split())

    every, none = (" ".join(getattr(things, kind) for kind in NODES.values()) for things in (there, nowhere))
    assert await told_alike(city, nodes, every, none) == [None] * 4


@pytest.mark.parametrize("who", OUTSIDERS)
@pytest.mark.parametrize("field", MUTATIONS)
async def test_an_outsider_changes_nothing_that_she_may_not_see(scene: Scene, who: str, field: str) -> None:
    """Residents may call the first alone; the rest is a lawyer's."""
    city, viewer, kind = scene.city, getattr(scene, who), NODES[MUTATIONS[field]]
    there, nowhere = await Things.of(scene), Things.nowhere()
    content = ", $content: AnswerContentInput!" if "$content" in field else ""
    document = f"mutation ($id: ID!{content}) {{ {field} {{ __typename {REFUSED} }} }}"
    more = {"content": CONTENT} if content else {}
    if field.startswith("withdraw") or who not in ("stranger", "other"):

        async def act(id: str) -> Any:
            return await city.one(viewer, document, id=id, **more)

        refused = await told_alike(city, act, getattr(there, kind), getattr(nowhere, kind))
        assert codes(refused) == ["NOT_FOUND"]
    else:
        (error,) = await city.errors(viewer, document, id=getattr(there, kind), **more)
        assert error["extensions"]["code"] == "FORBIDDEN"


async def test_an_offer_that_she_never_had_is_claimed_by_nobody(scene: Scene) -> None:
    """An id of her own making, about a question that is there and about one that is not."""
    city, viewer = scene.city, scene.unoffered
    for field in (f"claimOffer(input: {{offerId: $id, {KEY}}})", "declineOffer(input: {offerId: $id, reason: BUSY})"):
        document = f"mutation ($id: ID!) {{ {field} {{ __typename {REFUSED} }} }}"

        async def act(id: str, document: str = document) -> Any:
            return await city.one(viewer, document, id=id)

        there = global_id("Offer", f"{scene.question}.{viewer.id}")
        nowhere = global_id("Offer", f"{new_id()}.{viewer.id}")
        assert codes(await told_alike(city, act, there, nowhere)) == ["NOT_FOUND"], field


async def test_a_seat_that_ran_out_leaves_no_question_behind(city: City) -> None:
    """By the clock alone, before any worker has noticed; her live stream ends with it."""
    asker, lawyer = await city.resident(), await city.lawyer()
    question = await city.asked(asker)
    await city.settle()
    seat = await city.claim(lawyer)
    assert (await by_field(city, lawyer, question))["body"]
    await city.turn(timedelta(seconds=301))
    nowhere = global_id("Question", new_id())
    for name, way in WAYS.items():

        async def go(id: str, way: Way = way) -> Any:
            return await way(city, lawyer, id)

        assert await told_alike(city, go, question, nowhere) is None, name
    assert await city.one(lawyer, NODE, id=question) is None
    assert (await city.one(lawyer, PAGE))["nodes"] == []
    own = "query ($id: ID!) { node(id: $id) { ... on Seat { state question { id } draft { text } } } }"
    assert await city.one(lawyer, own, id=seat["id"]) == {"state": "EXPIRED", "question": None, "draft": None}
    assert codes(await city.answer(lawyer, seat["id"])) == ["LEASE_ENDED"]


async def test_nobody_finds_nothing(scene: Scene) -> None:
    there = await Things.of(scene)
    for kind in NODES.values():
        assert await scene.city.one(None, NODE, id=getattr(there, kind)) is None, kind
    for document in (QUESTION, POLL):
        (error,) = await scene.city.errors(None, document, id=there.question)
        assert error["extensions"]["code"] == "UNAUTHENTICATED"


async def test_a_peer_who_has_not_answered_finds_no_answer_and_no_foreign_seat(scene: Scene) -> None:
    city, there, nowhere = scene.city, await Things.of(scene), Things.nowhere()

    async def node(id: str) -> Any:
        return await city.one(scene.seated, NODE, id=id)

    for kind in ("answer", "seat", "offer"):
        assert await told_alike(city, node, getattr(there, kind), getattr(nowhere, kind)) is None, kind
    assert (await node(there.question))["id"] == there.question
    assert (await city.one(scene.answered, NODE, id=there.answer))["id"] == there.answer
