"""What a child's guardian says, and what it does not reach: danger that she tells of, and who each of the two is."""

from typing import Any

import pytest

from app.core.access import Viewer
from tests.accounts.test_consenting import END, GUARDIANSHIPS, agreed, ask, guarded, later, newcomer, status
from tests.accounts.town import BIND, Town, new_phone
from tests.city import codes
from tests.consultation import speaking
from tests.threads.talk import ask_back, deliver

pytestmark = pytest.mark.anyio

BEATEN = "爸爸昨晚又把我打伤了，我很害怕，怎么办？"
RESOLVE = "mutation ($id: ID!) { resolveQuestion(input: {questionId: $id}) { __typename } }"


async def asked(town: Town) -> tuple[Viewer, str, str, Any]:
    """A child's question that a lawyer answered, and the guardian who had said yes."""
    city, child, phone = town.city, await newcomer(town), new_phone()
    await agreed(city, child, "UNDER_14")
    await guarded(town, child, phone)
    lawyer = await city.lawyer()
    question = (await ask(city, child))["id"]
    await city.settle()
    await deliver(city, lawyer)
    return child, question, phone, lawyer


async def says_no(town: Town, phone: str) -> None:
    guardian = await town.viewer(await later(town, phone))
    (seen,) = (await town.city.one(guardian, GUARDIANSHIPS))["guardianships"]
    assert (await town.city.one(guardian, END, id=seen["id"]))["endedByGuardian"] is True
    await town.city.settle()


async def test_her_question_goes_on_when_her_guardian_says_no(town: Town) -> None:
    child, question, phone, _ = await asked(town)
    await ask_back(town.city, child, question, BEATEN)
    await town.city.settle()
    await says_no(town, phone)
    assert await status(town.city, child, question) == "OPEN"


async def test_she_asks_back_though_her_guardian_has_said_no(town: Town) -> None:
    child, question, phone, _ = await asked(town)
    await town.city.one(child, RESOLVE, id=question)
    await says_no(town, phone)
    assert codes(await ask_back(town.city, child, question)) == ["GUARDIAN_NEEDED"]
    assert (await ask_back(town.city, child, question, BEATEN))["state"] == "WAITING"


async def test_who_says_it_aloud_is_heard_as_well_as_who_writes_it(town: Town) -> None:
    city, child = town.city, await newcomer(town)
    await agreed(city, child, "UNDER_14")
    async with city.http() as client:
        voice = await speaking.recorded(city, client, child)
    calm = await speaking.ask(city, child, voice, "同学借了我的钱不还，我该怎么办？")
    assert codes(calm) == ["GUARDIAN_NEEDED"]
    assert (await speaking.ask(city, child, voice, BEATEN))["status"] == "OPEN"


async def test_a_child_does_not_become_her_guardian_by_binding_that_number(town: Town) -> None:
    """Two people would be one: her questions the guardian's to read, and her guardian herself."""
    city, phone = town.city, new_phone()
    child = await agreed(city, await newcomer(town), "UNDER_14")
    assert (await guarded(town, child, phone))["__typename"] == "Guardianship"
    await town.pass_time(minutes=2)
    bound = await town.ask(child, BIND, phone=phone, code=await town.code_for(phone))
    assert codes(bound) == ["GUARDIANS_NUMBER"]
    await town.pass_time(minutes=2)
    own = new_phone()
    bound = await town.ask(child, BIND, phone=own, code=await town.code_for(own))
    assert bound["viewer"]["hasPhone"]
