"""A daughter, or a village cadre, asks for somebody who cannot do so alone."""

from typing import Any

import pytest

from app.core.access import Viewer
from tests.accounts.town import ASK_CODE, BY_SMS, REFUSED, Town, codes, new_openid, new_phone, wrong
from tests.city import ASK, question

pytestmark = pytest.mark.anyio

REQUEST = f"""mutation ($phone: String!) {{ requestDelegation(input: {{phone: $phone}}) {{
    __typename {REFUSED} ... on CodeSent {{ resendAt }} }} }}"""
FIELDS = "id relation consent grantedAt endedAt endedByElder given name phoneEnding"
CONFIRM = f"""mutation ($input: ConfirmDelegationInput!) {{ confirmDelegation(input: $input) {{
    __typename {REFUSED} ... on Delegation {{ {FIELDS} }} }} }}"""
END = f"""mutation ($id: ID!) {{ endDelegation(input: {{delegationId: $id}}) {{
    __typename {REFUSED} ... on Delegation {{ {FIELDS} }} }} }}"""
GIVEN = f"{{ delegations(given: true, first: 9) {{ nodes {{ {FIELDS} }} }} }}"
HELD = f"{{ delegations(given: false, first: 9) {{ nodes {{ {FIELDS} }} }} }}"
READ = "query ($id: ID!) { question(id: $id) { body } }"


async def newcomer(town: Town) -> Viewer:
    return await town.viewer(await town.by_wechat(new_openid()))


async def yes(town: Town, delegate: Viewer, phone: str, **said: Any) -> Any:
    """The elder reads the digits from her telephone aloud."""
    sent = await town.ask(delegate, REQUEST, phone=phone)
    assert sent["__typename"] == "CodeSent", sent
    return await confirm(town, delegate, phone, town.newest_code(phone), **said)


async def confirm(town: Town, delegate: Viewer, phone: str, code: str, **said: Any) -> Any:
    given = {"relation": "CHILD", "delegateName": "女儿小王", "elderName": "妈妈", "idempotencyKey": "first-time"}
    return await town.ask(delegate, CONFIRM, input=given | {"phone": phone, "code": code} | said)


async def test_the_message_says_what_the_digits_are_for(town: Town) -> None:
    phone = new_phone()
    await yes(town, await newcomer(town), phone)
    assert "代您向律师咨询" in town.providers.sms.arrived(phone)[-1].text


async def test_the_elder_sees_whom_she_trusted_and_ends_it(town: Town) -> None:
    phone, daughter = new_phone(), await newcomer(town)
    made = await yes(town, daughter, phone)
    assert made["__typename"] == "Delegation", made
    assert (made["given"], made["name"], made["phoneEnding"]) == (False, "妈妈", phone[-4:])
    await town.city.settle()
    await town.pass_time(minutes=1)
    mother = await town.viewer(await town.by_sms(phone))
    (seen,) = (await town.ask(mother, GIVEN))["nodes"]
    assert (seen["id"], seen["given"], seen["name"], seen["relation"]) == (made["id"], True, "女儿小王", "CHILD")
    told = await town.ask(mother, "{ notices(first: 5) { nodes { kind aboutId } } }")
    assert told["nodes"] == [{"kind": "DELEGATION_GRANTED", "aboutId": made["id"]}]
    ended = await town.ask(mother, END, id=made["id"])
    assert ended["endedByElder"] is True
    assert await town.ask(mother, END, id=made["id"]) == ended
    await town.city.settle()
    told = await town.ask(daughter, "{ notices(first: 5) { nodes { kind } } }")
    assert told["nodes"] == [{"kind": "DELEGATION_ENDED"}]
    (held,) = (await town.ask(daughter, HELD))["nodes"]
    assert held["endedAt"]


async def test_digits_are_good_for_what_they_were_sent_for_alone(town: Town) -> None:
    phone, daughter, thief = new_phone(), await newcomer(town), await newcomer(town)
    await town.ask(daughter, REQUEST, phone=phone)
    code = town.newest_code(phone)
    assert codes(await town.ask(None, BY_SMS, phone=phone, code=code)) == ["CODE_EXPIRED"]
    assert codes(await confirm(town, thief, phone, code)) == ["CODE_WRONG"]
    await town.pass_time(minutes=1)
    await town.ask(None, ASK_CODE, phone=phone)
    sign_in = town.newest_code(phone)
    assert codes(await confirm(town, daughter, phone, sign_in)) == ["CODE_WRONG"]
    assert (await confirm(town, daughter, phone, code))["__typename"] == "Delegation"


async def test_a_wrong_code_costs_a_try_and_a_repeat_gives_the_same(town: Town) -> None:
    phone, daughter = new_phone(), await newcomer(town)
    await town.ask(daughter, REQUEST, phone=phone)
    code = town.newest_code(phone)
    assert codes(await confirm(town, daughter, phone, wrong(code))) == ["CODE_WRONG"]
    assert await town.city.sql("SELECT tries FROM app.sms_code") == [(1,)]
    made = await confirm(town, daughter, phone, code)
    assert await confirm(town, daughter, phone, code) == made
    assert codes(await confirm(town, daughter, phone, code, elderName="奶奶")) == ["KEY_REUSED"]
    assert codes(await confirm(town, daughter, phone, code, idempotencyKey="another-one")) == ["CODE_EXPIRED"]
    await town.pass_time(minutes=1)
    again = await yes(town, daughter, phone, idempotencyKey="another-one")
    assert again["id"] == made["id"]


async def test_nobody_is_her_own_delegate_and_blank_names_are_refused(town: Town) -> None:
    phone = new_phone()
    woman = await town.viewer(await town.by_sms(phone))
    await town.pass_time(minutes=1)
    assert codes(await yes(town, woman, phone)) == ["DELEGATION_TO_SELF"]
    assert codes(await confirm(town, woman, phone, "123456", delegateName=" ")) == ["BLANK"]


async def test_what_she_asks_for_her_mother_is_her_mothers_and_hers_until_it_ends(town: Town) -> None:
    city, phone, daughter = town.city, new_phone(), await newcomer(town)
    made = await yes(town, daughter, phone)
    asked = await town.ask(daughter, ASK, input=question() | {"onBehalfOf": made["id"]})
    assert asked["__typename"] == "Question", asked
    own = await city.asked(daughter)
    await city.settle()
    await town.pass_time(minutes=1)
    mother = await town.viewer(await town.by_sms(phone))
    for reader in (mother, daughter):
        assert (await town.ask(reader, READ, id=asked["id"]))["body"]
    told = await town.ask(mother, "{ notices(first: 5) { nodes { kind } } }")
    assert {notice["kind"] for notice in told["nodes"]} == {"DELEGATION_GRANTED", "ASKED_FOR_YOU"}
    await town.ask(mother, END, id=made["id"])
    assert await town.ask(daughter, READ, id=asked["id"]) is None
    assert (await town.ask(daughter, READ, id=own))["body"]
    assert (await town.ask(mother, READ, id=asked["id"]))["body"]
    refused = await town.ask(daughter, ASK, input=question() | {"onBehalfOf": made["id"]})
    assert codes(refused) == ["NOT_FOUND"]


async def test_strangers_see_and_end_nothing(town: Town) -> None:
    made = await yes(town, await newcomer(town), new_phone())
    stranger = await newcomer(town)
    assert codes(await town.ask(stranger, END, id=made["id"])) == ["NOT_FOUND"]
    assert await town.ask(stranger, "query ($id: ID!) { node(id: $id) { id } }", id=made["id"]) is None
    assert (await town.ask(stranger, HELD))["nodes"] == []
    refused = await town.ask(stranger, ASK, input=question() | {"onBehalfOf": made["id"]})
    assert codes(refused) == ["NOT_FOUND"]


async def test_two_identities_that_become_one_keep_what_was_trusted(town: Town) -> None:
    """The cadre came by WeChat; the village's telephone was known here before."""
    office, elder = new_phone(), new_phone()
    cadre = await newcomer(town)
    made = await yes(town, cadre, elder, relation="CADRE")
    await town.by_sms(office)
    await town.pass_time(minutes=1)
    bound = await town.ask(
        cadre,
        f"mutation ($p: String!, $c: String!) {{ bindPhone(input: {{phone: $p, code: $c}}) {{ __typename {REFUSED} "
        "... on Session { accessToken } } }",
        p=office,
        c=await town.code_for(office),
    )
    (held,) = (await town.ask(await town.viewer(bound), HELD))["nodes"]
    assert held["id"] == made["id"]
