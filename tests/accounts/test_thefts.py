"""Drills: a token that was copied, a socket that outlives it, a lawyer put out amid her news, a file's link."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from app.accounts.actions import staff
from app.core.access import Role, Viewer
from app.core.db import NOBODY, now
from app.core.errors import Refused
from app.core.ids import new_id
from tests.accounts.hall import PASSWORD, RESET_TOTP, code_now, file_id, hire, suspend
from tests.accounts.town import REFRESH, SIGN_OUT, Town, codes, new_phone
from tests.city import ASK, City, question
from tests.sockets import receive, send, served, socket, subscribe, token
from tests.threads.talk import ask_back
from tests.vault.later import do
from tests.vault.sending import house, path, sent, shown

pytestmark = pytest.mark.anyio

BODY = "包工头欠我两万元工钱不还怎么办"
LATER = "那我可以同时要求利息吗"
NEWS = """subscription ($id: ID!) { questionUpdates(questionId: $id) { __typename
  ... on QuestionUpdates { events { kind } question { body thread { messages { nodes { body } } } answers { id } } }
  ... on Refused { reasons { code } } } }"""
READ = "query ($id: ID!) { question(id: $id) { body } }"


async def rest(line: Any) -> tuple[list[Any], int | None]:
    """All that still arrives on a socket up to its close, or to the answer to a ping; and the close code, if closed."""
    seen: list[Any] = []
    try:
        await send(line, type="ping")
        while (message := await receive(line))["type"] != "pong":
            seen.append(message)
    except ConnectionClosed as closed:
        return seen, closed.rcvd.code if closed.rcvd else 1006
    return seen, None


async def reads(line: Any, question: str) -> None:
    """The socket is acknowledged, and its news begin with the question as it stands."""
    assert (await receive(line))["type"] == "connection_ack"
    await subscribe(line, "news", NEWS, id=question)
    first = (await receive(line))["payload"]["data"]["questionUpdates"]
    assert first["question"]["body"] == BODY


async def by_http(url: str, access: str, question: str) -> Any:
    said = {"query": READ, "variables": {"id": question}}
    async with httpx.AsyncClient() as client:
        answer = await client.post(url, json=said, headers={"Authorization": f"Bearer {access}"})
    return answer.json()


async def test_a_copied_refresh_token_ends_with_both_out(town: Town) -> None:
    """Whoever comes second ends the session: at every door, on every socket, for the tokens of either. Her other device
    goes on."""
    city, phone, lawyer = town.city, new_phone(), await town.city.lawyer()
    stolen = await town.by_sms(phone)
    await town.pass_time(minutes=1)
    elsewhere = await town.viewer(await town.by_sms(phone))
    question = await city.asked(await town.viewer(stolen), BODY)
    await city.settle()
    async with served(city) as url, socket(url, stolen["accessToken"]) as hers:
        await reads(hers, question)
        fresh = await town.ask(None, REFRESH, token=stolen["refreshToken"])
        async with socket(url, fresh["accessToken"]) as next_one, socket(url, token(city, elsewhere)) as other:
            await reads(next_one, question)
            await reads(other, question)
            assert codes(await town.ask(None, REFRESH, token=stolen["refreshToken"])) == ["SESSION_ENDED"]
            await ask_later(city, elsewhere, lawyer, question)
            for line in (hers, next_one):
                seen, code = await rest(line)
                assert LATER not in str(seen)
                assert code == 4403
            seen, code = await rest(other)
            assert code is None
            assert LATER in str(seen)
        assert codes(await town.ask(None, REFRESH, token=fresh["refreshToken"])) == ["SESSION_ENDED"]
        for access in (stolen["accessToken"], fresh["accessToken"]):
            told = await by_http(url, access, question)
            assert [error["extensions"]["code"] for error in told["errors"]] == ["SESSION_ENDED"]
            assert BODY not in str(told)


async def ask_later(city: City, asker: Viewer, lawyer: Viewer, question: str) -> None:
    """A lawyer answers, and the asker asks back: both are news of the question."""
    seat = await city.claim(lawyer)
    assert (await city.answer(lawyer, seat["id"]))["__typename"] == "Answer"
    assert (await ask_back(city, asker, question, LATER))["__typename"] == "FollowUp"
    await city.settle()


async def test_an_access_token_on_a_socket_hears_nothing_after_its_end(city: City) -> None:
    """Copied or not: at its end the socket closes, though its subscription was in the middle of its news."""
    asker, lawyer = await city.resident(), await city.lawyer()
    question = await city.asked(asker, BODY)
    await city.settle()
    async with served(city) as url, socket(url, token(city, asker, 2)) as line:
        await reads(line, question)
        code = None
        while code is None:
            seen, code = await rest(line)
            assert seen == []
        assert code == 4403
        await ask_later(city, asker, lawyer, question)
        with pytest.raises(ConnectionClosed):
            await receive(line)


Ending = Callable[[City, Viewer, Viewer, str, str], Awaitable[Any]]


async def gives_back(city: City, asker: Viewer, lawyer: Viewer, question: str, seat: str) -> None:
    await do(city, lawyer, "releaseSeat", "ReleaseSeatInput", seatId=seat)


async def runs_out(city: City, asker: Viewer, lawyer: Viewer, question: str, seat: str) -> None:
    await city.pass_time(301)


async def is_suspended(city: City, asker: Viewer, lawyer: Viewer, question: str, seat: str) -> None:
    await suspend(city, await city.person(Role.ADMIN), lawyer)


async def signs_out(city: City, asker: Viewer, lawyer: Viewer, question: str, seat: str) -> None:
    await city.one(lawyer, SIGN_OUT, everywhere=True)


async def is_withdrawn(city: City, asker: Viewer, lawyer: Viewer, question: str, seat: str) -> None:
    await do(city, asker, "withdrawQuestion", "WithdrawQuestionInput", questionId=question)


async def is_erased(city: City, asker: Viewer, lawyer: Viewer, question: str, seat: str) -> None:
    await do(city, asker, "eraseQuestion", "EraseQuestionInput", questionId=question, idempotencyKey=str(new_id()))


ENDINGS: dict[str, Ending] = {
    "gives it back": gives_back,
    "lets it run out": runs_out,
    "is suspended": is_suspended,
    "signs out": signs_out,
    "loses it with the question": is_withdrawn,
    "loses it for good": is_erased,
}
OVER = {"loses it with the question", "loses it for good"}
"""After these nothing more is said."""


@pytest.mark.parametrize("how", ENDINGS)
async def test_a_lawyer_hears_nothing_once_her_seat_is_gone(city: City, how: str) -> None:
    """Her stream says so, or her socket closes; what is said later reaches her by neither, nor by asking."""
    asker, (lawyer, other) = await city.resident(), await city.lawyers(2)
    question = await city.asked(asker, BODY)
    await city.settle()
    seat = await city.claim(lawyer)
    async with served(city) as url, socket(url, token(city, lawyer)) as line:
        await reads(line, question)
        await ENDINGS[how](city, asker, lawyer, question, seat["id"])
        await city.settle()
        if how not in OVER:
            await ask_later(city, asker, other, question)
        seen, code = await rest(line)
        assert BODY not in str(seen)
        assert LATER not in str(seen)
        said = [message["payload"] for message in seen if message["type"] == "next"]
        if code is None:
            (last,) = said
            assert codes(last["data"]["questionUpdates"]) == ["NOT_FOUND"]
            assert seen[-1]["type"] == "complete"
        else:
            assert code == 4403
        told = await by_http(url, token(city, lawyer), question)
        assert (told.get("data") or {}).get("question") is None


async def minutes_pass(city: City, asker: Viewer, _lawyer: Viewer, _question: str, _seat: str) -> None:
    await city.turn_seconds(301)


async def she_signs_out(city: City, asker: Viewer, _lawyer: Viewer, _question: str, _seat: str) -> None:
    await city.one(asker, SIGN_OUT)


ASKERS_ENDINGS: dict[str, Ending] = {"time": minutes_pass, "her session": she_signs_out, "the question": is_erased}
LINKS = [("lawyer", how, end) for how, end in ENDINGS.items()]
LINKS += [("asker", how, end) for how, end in ASKERS_ENDINGS.items()]


@pytest.mark.parametrize(("whose", "how", "end"), LINKS, ids=[f"{whose}: {how}" for whose, how, _ in LINKS])
async def test_a_stolen_link_to_a_file_ends_with_what_its_person_had(
    city: City, whose: str, how: str, end: Ending
) -> None:
    """Who has the link has the file for as long as its person would, and not a moment longer; by her own right she
    never finds it."""
    asker, lawyer, thief = await city.resident(), await city.lawyer(), await city.resident()
    async with house(city) as client:
        file = await sent(city, client, asker)
        made = await city.one(asker, ASK, input=question(BODY) | {"attachments": [file]})
        await city.settle()
        seat = await city.claim(lawyer)
        link = path((await shown(city, lawyer if whose == "lawyer" else asker, file))["url"])
        assert await shown(city, thief, file) is None
        assert (await client.get(link)).status_code == 200
        await end(city, asker, lawyer, made["id"], seat["id"])
        await city.settle()
        gone = await client.get(link)
        assert gone.status_code == 404
        assert gone.headers["content-type"].startswith("application/json")


async def test_who_began_to_sign_in_before_the_factor_was_reset_does_not_come_in_after_it(town: Town) -> None:
    """A thief has the telephone and the password, and many others' hashes to wait for."""
    admin = await town.city.person(Role.ADMIN)
    clerk = await hire(town, admin, "EDITOR")
    await town.pass_time(minutes=1)
    async with town.city.db.acting(NOBODY) as session:
        attempt = await staff.tries(session, town.keys, clerk.login, town.address, now(session))
    known = await staff.shown(town.keys, attempt, PASSWORD, await code_now(town, clerk.secret))
    viewer = await town.viewer(clerk.session)
    done = await town.ask(admin, RESET_TOTP, person=file_id(viewer), reason="手机遗失，本人到场申请")
    assert done["__typename"] == "PersonFile"
    with pytest.raises(Refused, match="SIGN_IN_WRONG"):
        async with town.city.db.acting(NOBODY) as session:
            await staff.finish(session, town.keys, attempt, known, "", now(session))
    assert await town.city.sql("SELECT 1 FROM app.sign_in WHERE strong AND ended_at IS NULL") == []
