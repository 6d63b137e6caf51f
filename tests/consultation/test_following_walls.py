"""Follow-ups, inquiries and threads of others are not found: by every way in, after the same statements as for what
does not exist."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from app.core.access import Viewer
from app.core.ids import new_id
from app.graph.ids import global_id
from tests.city import REFUSED, City, codes
from tests.threads.talk import answered, ask_back, inquire, thread_id
from tests.vault.scene import DENIED, attempt

pytestmark = pytest.mark.anyio

KEY = 'idempotencyKey: "a-key-of-this-test"'
BODY = 'body: "那要准备哪些材料？"'
RESIDENTS = {
    f"askFollowUp(input: {{ questionId: $id, {BODY}, {KEY} }})": "Question",
    "stopFollowUp(input: {followUpId: $id})": "FollowUp",
    f"giveInformation(input: {{ inquiryId: $id, {BODY}, {KEY} }})": "Inquiry",
}
LAWYERS = {
    f"answerFollowUp(input: {{ followUpId: $id, {BODY}, {KEY} }})": "FollowUp",
    f'requestInformation(input: {{ questionId: $id, text: "请问有书面合同吗？", {KEY} }})': "Question",
}
NODE = "query ($id: ID!) { node(id: $id) { id } }"
THREAD = "query ($id: ID!) { thread(id: $id) { id } }"
MARK = f"""mutation ($id: ID!, $upTo: ID!) {{
  markThreadRead(input: {{threadId: $id, upTo: $upTo}}) {{ __typename {REFUSED} }} }}"""


Things = Mapping[str, str]


@dataclass
class Scene:
    city: City
    asker: Viewer
    question: str
    there: dict[str, str]
    stranger: Viewer
    other: Viewer
    offered: Viewer
    unoffered: Viewer
    answered: Viewer
    seated: Viewer


async def play(city: City) -> Scene:
    """One lawyer answered and asked back, one writes, one was offered the question, one knows nothing of it."""
    asker, question, (lawyer,) = await answered(city, 1)
    seated, offered = await city.lawyers(2)
    await city.pass_time(60)
    await city.claim(seated)
    asked = await ask_back(city, asker, question, toLawyerId=global_id("Lawyer", lawyer.id))
    inquiry = await inquire(city, lawyer, question)
    await city.settle()
    other = await city.resident()
    await city.asked(other)
    there = {"Question": question, "FollowUp": asked["id"], "Inquiry": inquiry["id"]}
    there |= {"Message": asked["message"]["id"], "Thread": thread_id(question)}
    stranger, unoffered = await city.resident(), await city.lawyer(pool="NATION")
    return Scene(city, asker, question, there, stranger, other, offered, unoffered, lawyer, seated)


async def told_alike(city: City, viewer: Viewer, document: str, there: Things, nowhere: Things) -> Any:
    """What it answers, the same for both and after the same statements."""
    with city.statements() as for_there:
        found = await city.one(viewer, document, **there)
    with city.statements() as for_nowhere:
        assert await city.one(viewer, document, **nowhere) == found
    assert for_there == for_nowhere
    return found


OUTSIDERS = ("stranger", "other", "offered", "unoffered")


@pytest.mark.parametrize("who", OUTSIDERS)
async def test_an_outsider_finds_and_changes_nothing(city: City, who: str) -> None:
    scene = await play(city)
    viewer = getattr(scene, who)
    for kind in ("FollowUp", "Inquiry", "Message", "Thread"):
        there, nowhere = {"id": scene.there[kind]}, {"id": global_id(kind, new_id())}
        assert await told_alike(city, viewer, NODE, there, nowhere) is None, kind
    there, nowhere = {"id": scene.there["Thread"]}, {"id": global_id("Thread", new_id())}
    assert await told_alike(city, viewer, THREAD, there, nowhere) is None
    marked = {"id": scene.there["Thread"], "upTo": scene.there["Message"]}
    unmarked = {"id": global_id("Thread", new_id()), "upTo": global_id("Message", new_id())}
    assert codes(await told_alike(city, viewer, MARK, marked, unmarked)) == ["NOT_FOUND"]
    lawyer = who in ("offered", "unoffered")
    for field, kind in RESIDENTS.items() | (LAWYERS.items() if lawyer else set()):
        document = f"mutation ($id: ID!) {{ {field} {{ __typename {REFUSED} }} }}"
        there, nowhere = {"id": scene.there[kind]}, {"id": global_id(kind, new_id())}
        assert codes(await told_alike(city, viewer, document, there, nowhere)) == ["NOT_FOUND"], field
    if not lawyer:
        for field, kind in LAWYERS.items():
            document = f"mutation ($id: ID!) {{ {field} {{ __typename {REFUSED} }} }}"
            (error,) = await city.errors(viewer, document, id=scene.there[kind])
            assert error["extensions"]["code"] == "FORBIDDEN"


async def test_one_who_writes_finds_nothing_of_her_peers(city: City) -> None:
    """She has the thread, and neither what was said to a peer nor what a peer asked."""
    scene = await play(city)
    for kind in ("FollowUp", "Inquiry", "Message"):
        there, nowhere = {"id": scene.there[kind]}, {"id": global_id(kind, new_id())}
        assert await told_alike(city, scene.seated, NODE, there, nowhere) is None, kind
    assert await city.one(scene.seated, THREAD, id=scene.there["Thread"]) == {"id": scene.there["Thread"]}
    marked = {"id": scene.there["Thread"], "upTo": scene.there["Message"]}
    unmarked = marked | {"upTo": str(global_id("Message", new_id()))}
    assert codes(await told_alike(city, scene.seated, MARK, marked, unmarked)) == ["NOT_FOUND"]


async def test_a_lawyer_asks_nothing_in_the_askers_name(city: City) -> None:
    scene = await play(city)
    for viewer in (scene.answered, scene.seated):
        for field, kind in RESIDENTS.items():
            document = f"mutation ($id: ID!) {{ {field} {{ __typename {REFUSED} }} }}"
            assert codes(await city.one(viewer, document, id=scene.there[kind])) == ["NOT_FOUND"], field


async def test_nobody_finds_nothing(city: City) -> None:
    scene = await play(city)
    for kind in ("FollowUp", "Inquiry", "Message", "Thread"):
        assert await city.one(None, NODE, id=scene.there[kind]) is None, kind
    (error,) = await city.errors(None, THREAD, id=scene.there["Thread"])
    assert error["extensions"]["code"] == "UNAUTHENTICATED"


WRITING = {
    "another's words": """INSERT INTO app.message (id, subject, author, from_owner, kind, sent_at, body)
        VALUES (gen_random_uuid(), :q, :them, true, 'x', now(), '')""",
    "as the asker": """INSERT INTO app.message (id, subject, author, from_owner, kind, sent_at, body)
        VALUES (gen_random_uuid(), :q, :me, true, 'x', now(), '')""",
    "unsaying": "UPDATE app.message SET body = '' WHERE subject = :q",
    "opening": "UPDATE app.message SET addressee = NULL WHERE subject = :q",
    "a follow-up": """INSERT INTO app.follow_up (id, question, round, asked_at, due_at)
        SELECT id, :q, 0, now(), now() FROM app.message LIMIT 1""",
    "another's inquiry": """INSERT INTO app.inquiry (id, question, lawyer, asked_at)
        VALUES (gen_random_uuid(), :q, :them, now())""",
    "another's mark": """INSERT INTO app.read_mark (subject, person, up_to, sent_at, at)
        VALUES (:q, :them, gen_random_uuid(), now(), now())""",
}


@pytest.mark.parametrize("what", WRITING)
async def test_a_lawyer_writes_no_row_that_is_not_hers(city: City, what: str) -> None:
    scene = await play(city)
    ((question,),) = await city.sql("SELECT DISTINCT subject FROM app.message")
    said = {"q": question, "me": scene.answered.id, "them": scene.asker.id}
    assert await attempt(city.db, scene.answered.id, WRITING[what], **said) == DENIED
