"""She came by WeChat, she has a telephone, and she is one person."""

import asyncio
from typing import Any

import pytest

from app.accounts.actions.appointing import appoint
from app.core.access import Role, Viewer
from app.core.db import NOBODY
from tests.accounts.town import BIND, BY_SMS, REFRESH, WHO, Town, codes, new_openid, new_phone, wrong
from tests.directory.counter import MINE, applied, licence, seen
from tests.people import VERSIONS

pytestmark = pytest.mark.anyio


async def bind(town: Town, viewer: Viewer, phone: str) -> Any:
    return await town.ask(viewer, BIND, phone=phone, code=await town.code_for(phone))


async def refused(town: Town, session: Any) -> list[str]:
    return codes(await town.ask(None, REFRESH, token=session["refreshToken"]))


async def test_a_number_that_was_nobodys_becomes_hers(town: Town) -> None:
    openid, phone = new_openid(), new_phone()
    first = await town.by_wechat(openid)
    bound = await bind(town, await town.viewer(first), phone)
    assert (bound["viewer"]["hasWechat"], bound["viewer"]["hasPhone"]) == (True, True)
    assert bound["viewer"]["id"] == first["viewer"]["id"]
    assert await refused(town, first) == ["SESSION_ENDED"]

    await town.pass_time(minutes=1)
    for later in (await town.by_sms(phone), await town.by_wechat(openid)):
        assert later["viewer"]["id"] == first["viewer"]["id"]


async def test_binding_her_own_number_again_changes_nothing(town: Town) -> None:
    phone = new_phone()
    first = await town.by_wechat(new_openid())
    bound = await bind(town, await town.viewer(first), phone)
    await town.pass_time(minutes=1)
    again = await bind(town, await town.viewer(bound), phone)
    assert again["viewer"]["id"] == first["viewer"]["id"]
    assert await town.city.sql("SELECT count(*) FROM app.identity") == [(2,)]
    assert await refused(town, bound) == ["SESSION_ENDED"]


async def test_a_second_number_is_refused_before_a_code_is_spent(town: Town) -> None:
    phone = new_phone()
    viewer = await town.viewer(await town.by_sms(new_phone()))
    code = await town.code_for(phone)
    assert codes(await town.ask(viewer, BIND, phone=phone, code=code)) == ["ALREADY_BOUND"]
    assert (await town.ask(None, BY_SMS, phone=phone, code=code))["__typename"] == "Session"


async def test_without_the_right_code_nothing_is_bound_and_a_try_is_gone(town: Town) -> None:
    taken = new_phone()
    await town.by_sms(taken)
    await town.pass_time(minutes=1)
    viewer = await town.viewer(await town.by_wechat(new_openid()))
    for phone in (taken, new_phone()):
        code = await town.code_for(phone)
        assert codes(await town.ask(viewer, BIND, phone=phone, code=wrong(code))) == ["CODE_WRONG"]
    assert await town.city.sql("SELECT tries FROM app.sms_code WHERE used_at IS NULL") == [(1,), (1,)]
    assert (await town.ask(viewer, WHO))["hasPhone"] is False


async def test_a_lawyer_keeps_her_roles_and_gets_the_wechat_and_what_it_asked(town: Town) -> None:
    openid, phone = new_openid(), new_phone()
    async with town.city.owner.acting(NOBODY) as session:
        lawyer = await appoint(session, town.keys, phone, [Role.LAWYER])
    first, elsewhere = await town.by_wechat(openid), await town.by_wechat(openid)
    resident = await town.viewer(first)
    question = await town.city.asked(resident)

    bound = await bind(town, resident, phone)
    merged = await town.viewer(bound)
    assert merged.id == lawyer
    assert bound["roles"] == ["LAWYER", "RESIDENT"]
    assert (bound["viewer"]["hasWechat"], bound["viewer"]["hasPhone"]) == (True, True)

    read = "query ($id: ID!) { question(id: $id) { id body } }"
    assert (await town.ask(merged, read, id=question))["body"].startswith("老板")
    # Nobody goes on as the person who no longer has a name.
    for session in (first, elsewhere):
        assert await refused(town, session) == ["SESSION_ENDED"]
    assert await town.ask(resident, WHO) is None
    assert (await town.by_wechat(openid))["viewer"]["id"] == bound["viewer"]["id"]
    await town.pass_time(minutes=1)
    assert (await town.by_sms(phone))["viewer"]["id"] == bound["viewer"]["id"]


async def test_a_number_with_another_wechat_is_taken(town: Town) -> None:
    phone = new_phone()
    owner = await town.by_wechat(new_openid())
    await bind(town, await town.viewer(owner), phone)
    await town.pass_time(minutes=1)
    second = await town.by_wechat(new_openid())
    assert codes(await bind(town, await town.viewer(second), phone)) == ["PHONE_TAKEN"]
    # Nothing changed for either.
    assert (await town.ask(await town.viewer(second), WHO))["hasPhone"] is False
    assert (await town.ask(None, REFRESH, token=second["refreshToken"]))["__typename"] == "Session"


async def test_two_who_bind_one_number_with_one_code_at_once(town: Town) -> None:
    phone = new_phone()
    viewers = [await town.viewer(await town.by_wechat(new_openid())) for _ in range(6)]
    code = await town.code_for(phone)
    answers = await asyncio.gather(*(town.ask(viewer, BIND, phone=phone, code=code) for viewer in viewers))
    assert sum(answer["__typename"] == "Session" for answer in answers) == 1
    assert await town.city.sql("SELECT count(*) FROM app.identity WHERE kind = 'sms'") == [(1,)]


async def test_what_she_applied_for_comes_along(town: Town) -> None:
    """If both of them had applied, that of who stays is open; the other's is destroyed."""
    for both in (False, True):
        phone = new_phone()
        holder = await town.viewer(await town.by_sms(phone))
        await town.pass_time(minutes=1)
        viewer = await town.viewer(await town.by_wechat(new_openid()))
        await town.city.consent(viewer, holder)
        came, stays = licence(2 * both), licence(2 * both + 1)
        id = await applied(town.city, viewer, licence=came)
        if both:
            theirs = await applied(town.city, holder, licence=stays)
        bound = await town.viewer(await bind(town, viewer, phone))
        assert bound.id == holder.id
        mine, hers = await town.ask(bound, MINE), await seen(town.city, bound, id)
        assert (mine["id"], mine["details"]["licence"]) == ((theirs, stays) if both else (id, came))
        assert (hers["state"], hers["details"] is None) == (("WITHDRAWN", True) if both else ("OPEN", False))
        await town.pass_time(minutes=10)


async def test_one_who_binds_a_number_while_it_signs_in_for_the_first_time(town: Town) -> None:
    """Only one of them can have the code; whoever it is, the number is one person's."""
    phone = new_phone()
    viewer = await town.viewer(await town.by_wechat(new_openid()))
    code = await town.code_for(phone)
    answers = await asyncio.gather(
        town.ask(viewer, BIND, phone=phone, code=code), town.ask(None, BY_SMS, phone=phone, code=code)
    )
    assert sorted(answer["__typename"] for answer in answers) == ["Refused", "Session"]


async def test_the_suspended_do_not_become_somebody_else(town: Town) -> None:
    phone, other = new_phone(), new_phone()
    await town.by_sms(phone)
    await town.pass_time(minutes=1)
    viewer = await town.viewer(await town.by_wechat(new_openid()))
    await town.suspend(viewer.id)
    assert codes(await bind(town, viewer, phone)) == ["SUSPENDED"]
    assert codes(await bind(town, viewer, other)) == ["SUSPENDED"]


async def test_nobody_becomes_a_suspended_person(town: Town) -> None:
    phone = new_phone()
    await town.suspend((await town.viewer(await town.by_sms(phone))).id)
    await town.pass_time(minutes=1)
    first = await town.by_wechat(new_openid())
    assert codes(await bind(town, await town.viewer(first), phone)) == ["SUSPENDED"]
    assert (await town.ask(None, REFRESH, token=first["refreshToken"]))["__typename"] == "Session"


async def test_an_ended_session_whose_access_token_lives_opens_no_other(town: Town) -> None:
    """A thief whose refresh token was found out has minutes left, not thirty days more."""
    session = await town.by_wechat(new_openid())
    viewer = await town.viewer(session)
    await town.ask(None, REFRESH, token=session["refreshToken"])
    await town.ask(None, REFRESH, token=session["refreshToken"])
    assert codes(await bind(town, viewer, new_phone())) == ["SESSION_ENDED"]


async def test_nobody_binds_a_number_without_signing_in(town: Town) -> None:
    [error] = await town.city.errors(None, BIND, phone=new_phone(), code="123456")
    assert error["extensions"]["code"] == "UNAUTHENTICATED"


SAID = "SELECT purpose, version, given FROM app.consent WHERE person = :me ORDER BY purpose, turn"


async def two(town: Town) -> tuple[Viewer, Viewer, str]:
    """Who came by WeChat, who holds a number, and that number."""
    phone = new_phone()
    holder = await town.viewer(await town.by_sms(phone))
    await town.pass_time(minutes=1)
    return await town.viewer(await town.by_wechat(new_openid())), holder, phone


async def say(town: Town, who: Viewer, purpose: str, given: bool = True) -> None:
    said = f"{{purpose: {purpose}, version: {VERSIONS[purpose]}}}" if given else f"{{purpose: {purpose}}}"
    field = "giveConsent" if given else "withdrawConsent"
    made = await town.ask(who, f"mutation {{ {field}(input: {said}) {{ __typename }} }}")
    assert made["__typename"] == "PrivacyConsent", made
    await town.pass_time(minutes=1)


async def test_what_either_said_last_counts_and_what_rested_on_it_stops(town: Town) -> None:
    wechat, holder, phone = await two(town)
    await say(town, holder, "SERVICE")
    await say(town, holder, "EDUCATION")
    await say(town, wechat, "SERVICE")
    await say(town, wechat, "QUALITY_CHECK")
    await say(town, wechat, "EDUCATION")
    await say(town, wechat, "EDUCATION", given=False)
    await say(town, wechat, "SENSITIVE")
    await say(town, holder, "SENSITIVE")
    await say(town, holder, "SENSITIVE", given=False)
    merged = await town.viewer(await bind(town, wechat, phone))
    assert merged.id == holder.id
    consents = "{ viewer { consents { notice { purpose } given } } }"
    stands = {one["notice"]["purpose"]: one["given"] for one in (await town.ask(merged, consents))["consents"]}
    assert stands == {"SERVICE": True, "QUALITY_CHECK": True, "EDUCATION": False, "SENSITIVE": False}
    told = "SELECT ids ->> 'purpose' FROM app.outbox WHERE kind = 'ConsentWithdrawn' AND ids ->> 'person' = :me"
    assert await town.city.sql(told, me=str(holder.id)) == [("SENSITIVE",), ("EDUCATION",)]
    # What was said before stays written, hers and the other's.
    assert len(await town.city.sql(SAID, me=wechat.id)) == 5
    assert len(await town.city.sql(SAID, me=holder.id)) == 7


@pytest.mark.parametrize(
    ("by_wechat", "by_number", "together"),
    [
        ("UNDER_14", "ADULT", "UNDER_14"),
        ("ADULT", "FROM_14_TO_17", "FROM_14_TO_17"),
        ("ADULT", None, "ADULT"),
        (None, "ADULT", "ADULT"),
    ],
)
async def test_the_younger_is_believed(town: Town, by_wechat: str | None, by_number: str | None, together: str) -> None:
    wechat, holder, phone = await two(town)
    for who, band in ((wechat, by_wechat), (holder, by_number)):
        if band:
            await town.ask(who, f"mutation {{ declareAge(input: {{band: {band}}}) {{ __typename }} }}")
    merged = await town.viewer(await bind(town, wechat, phone))
    assert (await town.ask(merged, "{ viewer { ageBand } }"))["ageBand"] == together


async def test_guardianships_come_along_and_nobody_is_her_own_guardian(town: Town) -> None:
    wechat, holder, phone = await two(town)
    parents = [await town.city.resident() for _ in range(2)]
    child = await town.city.resident()
    pairs = [
        (wechat, parents[0]),
        (wechat, parents[1]),
        (holder, parents[1]),  # twice, of one guardian
        (wechat, holder),  # herself
        (child, wechat),
    ]
    for minor, guardian in pairs:
        await town.city.sql(
            "INSERT INTO app.guardianship (id, minor, guardian, version, names, granted_at)"
            " VALUES (gen_random_uuid(), :minor, :guardian, 1, '', app.clock())",
            minor=minor.id,
            guardian=guardian.id,
        )
    # A child and her guardian are two as long as one speaks for the other: she reads nothing of what the child asks.
    assert codes(await bind(town, wechat, phone)) == ["GUARDIANS_NUMBER"]
    between = (
        "UPDATE app.guardianship SET ended_at = app.clock(), ended_by = 'MINOR' WHERE guardian = :g AND minor = :m"
    )
    await town.city.sql(between, g=holder.id, m=wechat.id)
    await town.pass_time(minutes=2)
    await bind(town, wechat, phone)
    live = await town.city.sql("SELECT minor, guardian FROM app.guardianship WHERE ended_at IS NULL")
    assert {tuple(row) for row in live} == {
        (holder.id, parents[0].id),
        (holder.id, parents[1].id),
        (child.id, holder.id),
    }
    assert len(live) == 3
