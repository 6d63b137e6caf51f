"""A device goes on and leaves."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.core.access import Viewer
from app.core.ids import new_id
from tests.accounts.town import REFRESH, RENEW, SIGN_OUT, WHO, Line, Town, codes, new_openid

pytestmark = pytest.mark.anyio

KEY = "kept-beside-the-token"


async def refresh(town: Town, session: Any, key: str | None = None) -> Any:
    return await town.ask(None, REFRESH, token=session["refreshToken"], key=key)


async def test_a_refresh_token_gives_the_next_pair_of_the_same_session(town: Town) -> None:
    first = await town.by_wechat(new_openid())
    await town.pass_time(days=29)
    second = await refresh(town, first)
    await town.pass_time(days=29)
    third = await refresh(town, second)
    assert third["viewer"] == first["viewer"]
    assert len({session[name] for session in (first, second, third) for name in ("accessToken", "refreshToken")}) == 6
    [(created, seen)] = await town.city.sql("SELECT created_at, seen_at FROM app.sign_in")
    assert seen - created > timedelta(days=58)


async def test_a_token_used_twice_ends_its_session_for_both(town: Town) -> None:
    openid = new_openid()
    stolen, other = await town.by_wechat(openid), await town.by_wechat(openid)
    newer = await refresh(town, stolen)
    assert codes(await refresh(town, stolen)) == ["SESSION_ENDED"]
    assert codes(await refresh(town, newer)) == ["SESSION_ENDED"]
    assert await town.ask(await town.viewer(newer), WHO) is None
    # Her other device is another family.
    assert (await refresh(town, other))["__typename"] == "Session"
    ended = "SELECT ended_why FROM app.sign_in WHERE ended_at IS NOT NULL"
    assert await town.city.sql(ended) == [("REUSED",)]


async def test_a_lost_answer_is_given_again_to_whoever_repeats_the_same_call(town: Town) -> None:
    first = await town.by_wechat(new_openid())
    lost = await refresh(town, first, KEY)
    await town.pass_time(hours=3)
    again = await refresh(town, first, KEY)
    assert again["refreshToken"] == lost["refreshToken"]
    assert again["refreshTokenExpiresAt"] == lost["refreshTokenExpiresAt"]
    assert again["accessToken"] != lost["accessToken"]
    assert (await refresh(town, again))["__typename"] == "Session"


async def test_a_repeat_is_no_repeat_with_another_key_or_once_the_answer_was_used(town: Town) -> None:
    first = await town.by_wechat(new_openid())
    await refresh(town, first, KEY)
    assert codes(await refresh(town, first, "another-key")) == ["SESSION_ENDED"]

    first = await town.by_wechat(new_openid())
    second = await refresh(town, first, KEY)
    assert (await refresh(town, second, KEY))["__typename"] == "Session"
    assert codes(await refresh(town, first, KEY)) == ["SESSION_ENDED"]
    assert codes(await refresh(town, second, KEY)) == ["SESSION_ENDED"]


async def test_one_token_in_twenty_hands_at_once_is_used_once(town: Town) -> None:
    first = await town.by_wechat(new_openid())
    answers = await asyncio.gather(*(refresh(town, first) for _ in range(20)))
    given = [answer for answer in answers if answer["__typename"] == "Session"]
    assert len(given) == 1
    assert codes(await refresh(town, given[0])) == ["SESSION_ENDED"]


async def test_twenty_repeats_of_one_call_at_once_get_one_answer(town: Town) -> None:
    first = await town.by_wechat(new_openid())
    answers = await asyncio.gather(*(refresh(town, first, KEY) for _ in range(20)))
    assert len({answer["refreshToken"] for answer in answers}) == 1
    assert await town.city.sql("SELECT count(*) FROM app.refresh_token") == [(2,)]


async def test_a_refresh_token_dies_after_thirty_days(town: Town) -> None:
    session = await town.by_wechat(new_openid())
    await town.pass_time(days=30)
    assert codes(await refresh(town, session)) == ["SESSION_ENDED"]
    assert await town.city.sql("SELECT ended_at FROM app.sign_in") == [(None,)]


async def test_what_this_house_never_gave_refreshes_nothing(town: Town) -> None:
    for token in ("", "x", "x" * 43, "漢" * 43, "a\x00b", "\ud800", "x" * 1_000_000):
        assert codes(await town.ask(None, REFRESH, token=token)) == ["SESSION_ENDED"]


async def test_an_access_token_is_no_refresh_token_and_a_bad_key_spends_none(town: Town) -> None:
    session = await town.by_wechat(new_openid())
    assert codes(await town.ask(None, REFRESH, token=session["accessToken"])) == ["SESSION_ENDED"]
    for key in ("short", "x" * 65, "with blanks", "\x00" * 8):
        assert codes(await refresh(town, session, key)) == ["BAD_KEY"]
    assert (await refresh(town, session))["__typename"] == "Session"


async def test_a_suspended_person_is_not_refreshed(town: Town) -> None:
    session = await town.by_wechat(new_openid())
    await town.suspend((await town.viewer(session)).id)
    assert codes(await refresh(town, session)) == ["SUSPENDED"]


async def test_roles_granted_meanwhile_come_with_the_next_refresh(town: Town) -> None:
    session = await town.by_wechat(new_openid())
    person = (await town.viewer(session)).id
    grant = "INSERT INTO app.role_held VALUES (:id, 'LAWYER', now()), (:id, 'A_ROLE_OF_LATER', now())"
    await town.city.sql(grant, id=person)
    assert (await refresh(town, session))["roles"] == ["LAWYER", "RESIDENT"]


async def test_signing_out_ends_this_device_alone_and_only_once(town: Town) -> None:
    openid = new_openid()
    here, there = await town.by_wechat(openid), await town.by_wechat(openid)
    viewer = await town.viewer(here)
    assert await town.ask(viewer, SIGN_OUT) == {"__typename": "SignedOut", "sessions": 1}
    assert codes(await town.ask(viewer, SIGN_OUT)) == ["SESSION_ENDED"]
    assert await town.ask(viewer, WHO) is None
    assert codes(await refresh(town, here)) == ["SESSION_ENDED"]
    assert (await refresh(town, there))["__typename"] == "Session"


async def test_signing_out_everywhere_leaves_other_people_signed_in(town: Town) -> None:
    openid = new_openid()
    mine = [await town.by_wechat(openid) for _ in range(3)]
    other = await town.by_wechat(new_openid())
    answer = await town.ask(await town.viewer(mine[0]), SIGN_OUT, everywhere=True)
    assert answer["sessions"] == 3
    for session in mine:
        assert codes(await refresh(town, session)) == ["SESSION_ENDED"]
    assert (await refresh(town, other))["__typename"] == "Session"


async def test_only_those_who_are_signed_in_sign_out(town: Town) -> None:
    [error] = await town.city.errors(None, SIGN_OUT)
    assert error["extensions"]["code"] == "UNAUTHENTICATED"


async def test_a_live_connection_goes_on_under_the_next_token(town: Town) -> None:
    session = await town.by_wechat(new_openid())
    line = Line(await town.viewer(session))
    await town.pass_time(minutes=10)
    newer = await refresh(town, session)
    answer = await town.ask(line.viewer, RENEW, line=line, token=newer["accessToken"])
    assert answer["expiresAt"] == newer["accessTokenExpiresAt"]
    [seconds] = line.renewed
    assert 898 <= seconds <= 900


async def test_a_live_connection_takes_up_new_roles_and_never_another_person(town: Town) -> None:
    session, stranger = await town.by_wechat(new_openid()), await town.by_wechat(new_openid())
    viewer = await town.viewer(session)
    line = Line(viewer)
    assert codes(await town.ask(viewer, RENEW, line=line, token=stranger["accessToken"])) == ["OTHER_PERSON"]
    assert (line.viewer, line.renewed) == (viewer, [])
    await town.city.sql("INSERT INTO app.role_held VALUES (:id, 'LAWYER', now())", id=viewer.id)
    newer = await refresh(town, session)
    await town.ask(viewer, RENEW, line=line, token=newer["accessToken"])
    assert line.viewer == await town.viewer(newer) != viewer


async def test_a_live_connection_is_not_renewed_by_what_is_no_good_token(town: Town) -> None:
    session = await town.by_wechat(new_openid())
    viewer = await town.viewer(session)
    line = Line(viewer)

    async def renew(token: str, line: Line | None = line) -> list[str]:
        return codes(await town.ask(viewer, RENEW, line=line, token=token))

    assert await renew(session["accessToken"], None) == ["NOT_A_SOCKET"]
    for nonsense in ("", "a.b.c", session["refreshToken"], session["accessToken"][:-2], "x" * 100_000, "\ud800"):
        assert await renew(nonsense) == ["TOKEN_INVALID"]
    await town.pass_time(minutes=15)
    assert await renew(session["accessToken"]) == ["TOKEN_EXPIRED"]
    newer = await refresh(town, session)
    await town.ask(viewer, SIGN_OUT)
    assert await renew(newer["accessToken"]) == ["SESSION_ENDED"]
    assert line.renewed == []


async def test_the_viewer_is_a_node_for_nobody_but_herself(town: Town) -> None:
    session = await town.by_wechat(new_openid())
    since = datetime.fromisoformat(session["viewer"]["since"])
    assert abs(since - await town.city.now()) < timedelta(seconds=10)
    node = "query ($id: ID!) { node(id: $id) { __typename id } }"
    id = session["viewer"]["id"]
    viewer, stranger = await town.viewer(session), Viewer(new_id(), new_id(), frozenset())
    assert await town.ask(viewer, node, id=id) == {"__typename": "Viewer", "id": id}
    assert await town.ask(stranger, node, id=id) is None
    assert await town.ask(None, node, id=id) is None
