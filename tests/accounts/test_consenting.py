"""A resident agrees before she asks, takes it back, and asks her guardian if she is a child."""

import asyncio
from typing import Any

import pytest

from app.accounts.models import ConsentPurpose
from app.core.access import Viewer
from app.core.ids import new_id
from app.graph.ids import global_id, parse_id
from tests.accounts.town import REFUSED, Town, new_openid, new_phone, wrong
from tests.city import ASK, City, codes, question
from tests.people import VERSIONS
from tests.vault.scene import DENIED, attempt

pytestmark = pytest.mark.anyio

GIVE = f"""mutation ($purpose: ConsentPurpose!, $version: Int!) {{
  giveConsent(input: {{purpose: $purpose, version: $version}}) {{
    __typename {REFUSED} ... on PrivacyConsent {{ given version notice {{ purpose version }} }} }} }}"""
WITHDRAW = f"""mutation ($purpose: ConsentPurpose!) {{ withdrawConsent(input: {{purpose: $purpose}}) {{
    __typename {REFUSED} ... on PrivacyConsent {{ given version }} }} }}"""
DECLARE = f"""mutation ($band: AgeBand!) {{ declareAge(input: {{band: $band}}) {{
    __typename {REFUSED} ... on Viewer {{ ageBand privacyWarning }} }} }}"""
MINE = "{ viewer { ageBand privacyWarning consents { given version notice { purpose required } } } }"
NOTICES = "{ privacyNotices { purpose version required title text categoryIds } }"
STATUS = "query ($id: ID!) { question(id: $id) { status } }"
REQUEST = f"""mutation ($phone: String!) {{ requestGuardian(input: {{phone: $phone}}) {{
    __typename {REFUSED} ... on CodeSent {{ resendAt }} }} }}"""
GUARDIANSHIP = "id given childName phoneEnding grantedAt endedAt endedByGuardian"
CONFIRM = f"""mutation ($phone: String!, $code: String!, $key: String!, $name: String! = "小雨") {{
  confirmGuardian(input: {{phone: $phone, code: $code, childName: $name, idempotencyKey: $key}}) {{
    __typename {REFUSED} ... on Guardianship {{ {GUARDIANSHIP} }} }} }}"""
END = f"""mutation ($id: ID!) {{ endGuardianship(input: {{guardianshipId: $id}}) {{
    __typename {REFUSED} ... on Guardianship {{ {GUARDIANSHIP} }} }} }}"""
GUARDIANSHIPS = f"{{ viewer {{ guardianships {{ {GUARDIANSHIP} }} }} }}"


async def newcomer(town: Town) -> Viewer:
    """Signed in, and nothing said yet."""
    return await town.newcomer(await town.by_wechat(new_openid()))


async def give(city: City, viewer: Viewer, purpose: str) -> Any:
    """Say yes to the notice as it is now."""
    return await city.one(viewer, GIVE, purpose=purpose, version=VERSIONS[purpose])


async def ask(
    city: City, viewer: Viewer, category: str = "labour.wages", body: str = "老板拖欠我三个月工资怎么办"
) -> Any:
    return await city.one(viewer, ASK, input=question(body, category))


async def status(city: City, viewer: Viewer, id: str) -> str:
    return str((await city.one(viewer, STATUS, id=id))["status"])


async def agreed(city: City, viewer: Viewer, band: str) -> Viewer:
    for purpose in ("SERVICE", "SENSITIVE"):
        assert (await give(city, viewer, purpose))["given"]
    assert (await city.one(viewer, DECLARE, band=band))["ageBand"] == band
    return viewer


async def guarded(town: Town, child: Viewer, phone: str, key: str | None = None, code: str | None = None) -> Any:
    if code is None:
        assert (await town.ask(child, REQUEST, phone=phone))["__typename"] == "CodeSent"
        code = town.newest_code(phone)
    return await town.ask(child, CONFIRM, phone=phone, code=code, key=key or str(new_id()))


async def later(town: Town, phone: str) -> Any:
    """Who holds the telephone signs in herself, when another code may be sent."""
    await town.pass_time(minutes=2)
    return await town.by_sms(phone)


# Consent ---------------------------------------------------------------------------------------------------------


async def test_notices_are_there_for_everybody_to_read(city: City) -> None:
    notices = await city.one(None, NOTICES)
    assert [notice["purpose"] for notice in notices] == [purpose.value for purpose in ConsentPurpose]
    assert [notice["required"] for notice in notices] == [True, True, False, False]
    assert global_id("Category", "family.violence") in notices[1]["categoryIds"]


async def test_each_notice_names_who_answers_for_it_how_long_and_what_one_may_do(city: City) -> None:
    """PIPL 17, 50, 65, 网络数据安全管理条例 21; the periods are those of the policy that holds."""
    texts = [notice["text"] for notice in await city.one(None, NOTICES)]
    rights = ("查阅、复制（导出）和转移", "更正", "删除", "撤回同意", "注销账号", "投诉", "网信部门", "人民法院")
    assert all(said in text for text in texts for said in ("济源市司法局", "0391-6633148", *rights))
    ((policy,),) = await city.sql("SELECT terms FROM app.retention_policy ORDER BY version DESC LIMIT 1")
    told = {"content": "三年", "draft": "三十日", "sign_in": "一百八十日", "notice": "四百日"}
    told |= {"identity": "三十日", "backup": "三十五日"}
    told |= {"kept_date": "一年"}
    days = {"三年": 3 * 365, "一年": 365, "三十日": 30, "一百八十日": 180, "四百日": 400, "三十五日": 35}
    assert all(policy[what] == days[said] * 86_400 and said in texts[0] for what, said in told.items())


async def test_whoever_comes_for_the_first_time_agrees_and_says_her_age_before_she_asks(town: Town) -> None:
    city, me = town.city, await newcomer(town)
    refused = await ask(city, me)
    assert codes(refused) == ["CONSENT_NEEDED", "AGE_NEEDED"]
    assert await city.sql("SELECT 1 FROM app.question") == []
    assert (await city.one(me, MINE))["ageBand"] is None
    await give(city, me, "SERVICE")
    await city.one(me, DECLARE, band="ADULT")
    assert (await ask(city, me))["__typename"] == "Question"
    assert codes(await ask(city, me, "family.violence")) == ["CONSENT_NEEDED"]
    await give(city, me, "SENSITIVE")
    assert (await ask(city, me, "family.violence"))["__typename"] == "Question"
    mine = await city.one(me, MINE)
    assert [one["given"] for one in mine["consents"]] == [True, True, False, False]
    assert (mine["ageBand"], mine["privacyWarning"]) == ("ADULT", None)


async def test_nothing_is_kept_of_a_draft_before(town: Town) -> None:
    city, me = town.city, await newcomer(town)
    save = f"""mutation ($key: String!) {{ saveDraft(input: {{body: "还没写完", revision: 1, idempotencyKey: $key}}) {{
        __typename {REFUSED} }} }}"""
    assert codes(await city.one(me, save, key=str(new_id()))) == ["CONSENT_NEEDED"]
    await give(city, me, "SERVICE")
    assert (await city.one(me, save, key=str(new_id())))["__typename"] == "Draft"


async def test_a_new_version_of_a_notice_is_asked_for_again(town: Town) -> None:
    city, me = town.city, await newcomer(town)
    earlier = "INSERT INTO app.consent VALUES (:me, 'SERVICE', 1, :before, true, 'miniprogram', now())"
    await city.sql(earlier, me=me.id, before=VERSIONS["SERVICE"] - 1)
    await city.one(me, DECLARE, band="ADULT")
    refused = await ask(city, me)
    assert codes(refused) == ["CONSENT_NEEDED"]
    assert (await city.one(me, MINE))["consents"][0]["given"] is False
    now = VERSIONS["SERVICE"]
    for version in (0, now - 1, now + 1):
        assert codes(await city.one(me, GIVE, purpose="SERVICE", version=version)) == ["NOTICE_CHANGED"]
    assert (await give(city, me, "SERVICE"))["given"]
    assert (await ask(city, me))["__typename"] == "Question"
    log = "SELECT turn, version, given, channel FROM app.consent ORDER BY turn"
    assert await city.sql(log) == [(1, now - 1, True, "miniprogram"), (2, now, True, "")]


async def test_a_consent_taken_back_stops_what_rests_on_it(city: City) -> None:
    me, lawyer = await city.resident(), await city.lawyer("labour")
    plain, sensitive = (await ask(city, me))["id"], (await ask(city, me, "labour.injury"))["id"]
    await city.settle()
    offers = await city.offer_ids(lawyer)
    assert len(offers) == 2
    assert not (await city.one(me, WITHDRAW, purpose="SENSITIVE"))["given"]
    await city.settle()
    assert [await status(city, me, id) for id in (plain, sensitive)] == ["OPEN", "WITHDRAWN"]
    assert codes(await ask(city, me, "labour.injury")) == ["CONSENT_NEEDED"]
    await city.one(me, WITHDRAW, purpose="SERVICE")
    await city.settle()
    assert await status(city, me, plain) == "WITHDRAWN"
    assert [codes(await city.claim(lawyer, offer)) for offer in offers] == [["QUESTION_CLOSED"]] * 2
    assert codes(await ask(city, me)) == ["CONSENT_NEEDED"]


async def test_optional_purposes_come_and_go_and_stop_nothing(city: City) -> None:
    me = await city.resident()
    id = (await ask(city, me))["id"]
    assert codes(await city.one(me, WITHDRAW, purpose="EDUCATION")) == ["CONSENT_NOT_GIVEN"]
    for _ in range(2):
        assert (await give(city, me, "EDUCATION"))["given"]
    for _ in range(2):
        assert not (await city.one(me, WITHDRAW, purpose="EDUCATION"))["given"]
    await city.settle()
    assert await status(city, me, id) == "OPEN"
    said = "SELECT given FROM app.consent WHERE purpose = 'EDUCATION' ORDER BY turn"
    assert await city.sql(said) == [(True,), (False,)]


async def test_fifty_times_yes_at_once_is_one_yes(town: Town) -> None:
    city, me = town.city, await newcomer(town)

    twenty_five = range(25)
    yes = (give(city, me, "SERVICE") for _ in twenty_five)
    await asyncio.gather(*yes, *(city.one(me, DECLARE, band="ADULT") for _ in twenty_five))
    assert await city.sql("SELECT turn, given FROM app.consent") == [(1, True)]
    assert await city.sql("SELECT turn, band FROM app.age_said") == [(1, "ADULT")]


# Children --------------------------------------------------------------------------------------------------------


async def test_a_child_asks_once_her_guardian_said_yes_and_no_more_once_she_said_no(town: Town) -> None:
    city, child, phone = town.city, await newcomer(town), new_phone()
    await agreed(city, child, "UNDER_14")
    assert "12355" in (await city.one(child, MINE))["privacyWarning"]
    assert codes(await ask(city, child)) == ["GUARDIAN_NEEDED"]
    made = await guarded(town, child, phone)
    assert (made["__typename"], made["given"], made["childName"]) == ("Guardianship", False, "小雨")
    assert made["phoneEnding"] == phone[-4:]
    id = (await ask(city, child))["id"]
    await city.settle()

    guardian = await town.viewer(await later(town, phone))
    (seen,) = (await city.one(guardian, GUARDIANSHIPS))["guardianships"]
    assert seen | {"given": False, "__typename": "Guardianship"} == made
    assert await city.one(guardian, STATUS, id=id) is None  # what the child asks stays hers
    ended = await city.one(guardian, END, id=seen["id"])
    assert ended["endedByGuardian"] is True
    await city.settle()
    assert await status(city, child, id) == "WITHDRAWN"
    assert codes(await ask(city, child)) == ["GUARDIAN_NEEDED"]


async def test_a_child_in_danger_is_heard_without_anybodys_leave(town: Town) -> None:
    city, child = town.city, await newcomer(town)
    await agreed(city, child, "UNDER_14")
    made = await ask(city, child, "family.violence", "爸爸昨晚又把我打伤了，我很害怕，怎么办？")
    assert made["__typename"] == "Question"


async def test_what_a_child_asked_stops_when_her_guardian_closes_her_account(town: Town) -> None:
    city, child, phone = town.city, await newcomer(town), new_phone()
    await agreed(city, child, "UNDER_14")
    made = await guarded(town, child, phone)
    id = (await ask(city, child))["id"]
    guardian = await town.viewer(await later(town, phone))
    closed = "mutation { closeAccount(input: {understood: true}) { __typename } }"
    assert (await city.one(guardian, closed))["__typename"] == "AccountClosing"
    await city.settle()
    assert await status(city, child, id) == "WITHDRAWN"
    assert codes(await ask(city, child)) == ["GUARDIAN_NEEDED"]
    (left,) = (await city.one(child, GUARDIANSHIPS))["guardianships"]
    assert (left["id"], left["endedByGuardian"]) == (made["id"], True)
    assert (left["childName"], left["phoneEnding"]) == ("", "")  # no telephone of hers is kept


async def test_a_child_grows_up_by_her_guardians_word_alone(town: Town) -> None:
    city, child = town.city, await newcomer(town)
    await city.one(child, DECLARE, band="UNDER_14")
    assert codes(await city.one(child, DECLARE, band="ADULT")) == ["AGE_KEPT"]
    await guarded(town, child, new_phone())
    assert (await city.one(child, DECLARE, band="FROM_14_TO_17"))["ageBand"] == "FROM_14_TO_17"
    said = "SELECT band FROM app.age_said WHERE person = :id ORDER BY turn"
    assert await city.sql(said, id=child.id) == [("UNDER_14",), ("FROM_14_TO_17",)]


async def test_a_guardian_is_somebody_else_grown_up_and_here(town: Town) -> None:
    city, mine, minors = town.city, new_phone(), new_phone()
    child, other = await town.viewer(await town.by_sms(mine)), await town.viewer(await town.by_sms(minors))
    await city.one(other, DECLARE, band="FROM_14_TO_17")
    await town.pass_time(minutes=2)
    assert codes(await guarded(town, child, mine)) == ["GUARDIAN_OF_SELF"]
    assert codes(await guarded(town, child, minors)) == ["NO_GUARDIAN"]
    phone = new_phone()
    await town.ask(child, REQUEST, phone=phone)
    digits = town.newest_code(phone)
    assert codes(await guarded(town, child, phone, code=wrong(digits))) == ["CODE_WRONG"]
    assert codes(await guarded(town, other, phone, code=digits)) == ["CODE_WRONG"]  # asked for by another child
    key = str(new_id())
    first = await guarded(town, child, phone, key, digits)
    assert await guarded(town, child, phone, key, digits) == first
    stranger = await city.resident()
    assert codes(await city.one(stranger, END, id=first["id"])) == ["NOT_FOUND"]
    assert (await city.one(child, END, id=first["id"]))["endedByGuardian"] is False


async def test_past_all_code_nobody_speaks_for_another(town: Town) -> None:
    city, child, other = town.city, await newcomer(town), await newcomer(town)
    made = await guarded(town, child, new_phone())
    ((guardian,),) = await city.sql("SELECT guardian FROM app.guardianship")
    known = {"me": other.id, "them": child.id, "id": parse_id(made["id"])[1], "guardian": guardian}
    for statement in (
        "INSERT INTO app.consent VALUES (:them, 'SERVICE', 1, 1, true, '', app.clock())",
        "INSERT INTO app.consent VALUES (:me, 'SERVICE', 1, 1, true, '', now() - interval '1 day')",
        "UPDATE app.consent SET given = true",
        "DELETE FROM app.consent",
        "INSERT INTO app.age_said VALUES (:them, 9, 'ADULT', app.clock())",
        "UPDATE app.age_said SET band = 'ADULT'",
        "DELETE FROM app.age_said",
        "INSERT INTO app.guardianship (id, minor, guardian, version, names, granted_at)"
        " VALUES (gen_random_uuid(), :me, :them, 1, '', now())",
        "UPDATE app.guardianship SET minor = :me",
        "DELETE FROM app.guardianship",
    ):
        assert await attempt(city.db, other.id, statement, **known) == DENIED, statement
    for table in ("consent", "age_said", "guardianship"):
        assert await attempt(city.db, other.id, f"SELECT 1 FROM app.{table}") == "rows=0"
        assert await attempt(city.db, "", f"SELECT 1 FROM app.{table}") == "rows=0"
    ends = "UPDATE app.guardianship SET ended_at = now(), ended_by = 'GUARDIAN'"
    assert await attempt(city.db, other.id, ends) == "rows=0"
    assert await attempt(city.worker, "", "SELECT * FROM app.consent") == DENIED
    assert await attempt(city.worker, "", "SELECT guardian FROM app.guardianship") == DENIED


# Devices ---------------------------------------------------------------------------------------------------------


async def test_one_sees_ones_devices_and_signs_a_lost_one_out(town: Town) -> None:
    openid, city = new_openid(), town.city
    here, there = [await town.viewer(await town.by_wechat(openid)) for _ in range(2)]
    listed = "{ viewer { sessions { id name since seenAt mine } } }"
    out = f"""mutation ($id: ID!) {{ signOutSession(input: {{sessionId: $id}}) {{
        __typename {REFUSED} ... on SignedOut {{ sessions }} }} }}"""
    with city.statements() as sent:
        found = (await city.one(here, listed))["sessions"]
    assert len(sent) == 2
    assert [one["name"] for one in found] == ["小米 14"] * 2
    assert {one["id"]: one["mine"] for one in found} == {
        global_id("Session", here.sign_in): True,
        global_id("Session", there.sign_in): False,
    }
    stranger = await city.resident()
    lost = global_id("Session", there.sign_in)
    assert (await city.one(stranger, out, id=lost))["sessions"] == 0
    assert codes(await city.one(here, out, id=global_id("Person", new_id()))) == ["BAD_ID"]
    assert (await city.one(here, out, id=lost))["sessions"] == 1
    assert (await city.errors(there, "{ drafts { nodes { id } } }"))[0]["extensions"]["code"] == "SESSION_ENDED"
    assert [one["mine"] for one in (await city.one(here, listed))["sessions"]] == [True]
