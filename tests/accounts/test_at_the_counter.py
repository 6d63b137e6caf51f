"""Who has a telephone says yes at a window by the digits that come to it."""

import pytest

from app.graph.ids import global_id
from tests.accounts.test_delegating import CONFIRM, REQUEST
from tests.accounts.town import Town, new_phone
from tests.city import codes
from tests.window.counter import open_counter
from tests.window.test_counter import STEPS, WORDS, applies, recorded

pytestmark = pytest.mark.anyio


async def test_by_a_code_on_her_telephone_it_is_hers_at_once(town: Town) -> None:
    city, phone = town.city, new_phone()
    counter = await open_counter(city)
    made = await recorded(counter)
    asked = await city.one(counter.clerk, REQUEST, phone=phone)
    assert asked["__typename"] == "CodeSent"
    names = {"relation": "OTHER", "delegateName": "窗口工作人员", "elderName": "来访人"}
    said = names | {"phone": phone, "code": town.newest_code(phone), "idempotencyKey": "her-telephone"}
    given = await city.one(counter.clerk, CONFIRM, input=said)
    assert given["__typename"] == "Delegation", given
    applied = await applies(counter, made["id"], onBehalfOf=given["id"])
    assert (applied["state"], applied["claimCode"]) == ("SUBMITTED", None)
    # The clerk writes and reads for her no longer; she signs in and has it.
    assert await city.sql("SELECT 1 FROM app.delegation WHERE ended_at IS NULL") == []
    ((id,),) = await city.sql("SELECT id FROM app.application")
    application = global_id("LegalAidApplication", id)
    assert await counter.office.sees(counter.clerk, application) is None
    await town.pass_time(minutes=2)
    she = await town.viewer(await town.by_sms(phone))
    seen = await city.one(she, STEPS, id=application)
    assert seen["steps"][0] == {"move": "SUBMIT", "by": "APPLICANT", "channel": "WINDOW", "reason": WORDS}
    again = await applies(counter, (await recorded(counter))["id"], onBehalfOf=given["id"])
    assert codes(again) == ["NOT_FOUND"]
