"""A lawyer who is suspended or goes on leave: what she was working on is offered to others at once."""

import asyncio

import pytest

from app.core.access import Role, Viewer
from app.graph.ids import global_id
from tests.accounts.hall import reinstate, suspend
from tests.accounts.test_closing import CLOSE
from tests.city import CONTENT, City, codes
from tests.directory.counter import licence
from tests.directory.desk import change_legal_worker, enter_worker
from tests.threads.talk import answered

pytestmark = pytest.mark.anyio

SAYS = "mutation ($a: Availability!) { setAvailability(input: {availability: $a}) { __typename } }"
DRAFT = """mutation ($seat: ID!, $content: AnswerContentInput!) {
  saveAnswerDraft(input: {seatId: $seat, content: $content}) { __typename } }"""
SEATS = "{ seats(first: 9) { nodes { id state draft { text } } } }"
OFFERS = "{ offers(first: 9) { nodes { state brief } } }"
LIVE = "SELECT count(*) FROM app.offer WHERE lawyer = :id AND until > app.clock()"
ENDED = "SELECT ended_why FROM app.seat WHERE lawyer = :id AND delivered_at IS NULL"


async def leaves(city: City, lawyer: Viewer, how: str) -> None:
    if how == "suspended":
        await suspend(city, await city.person(Role.ADMIN), lawyer)
    else:
        await city.one(lawyer, SAYS, a="AWAY")


async def writing(city: City, count: int = 1) -> tuple[str, list[Viewer], list[str]]:
    lawyers = await city.lawyers(count)
    question = await city.asked(await city.resident())
    await city.settle()
    return question, lawyers, [(await city.claim(lawyer))["id"] for lawyer in lawyers]


@pytest.mark.parametrize("how", ["suspended", "away"])
async def test_her_lease_is_free_at_once_and_somebody_else_is_called(city: City, how: str) -> None:
    _, (lawyer, *_), _ = await writing(city, 5)
    newcomer = await city.lawyer()
    await leaves(city, lawyer, how)
    assert await city.offer_ids(newcomer) == []
    await city.settle()  # no time passes
    assert await city.sql(ENDED, id=lawyer.id) == [("RELEASED",)]
    assert len(await city.offer_ids(newcomer)) == 1
    assert codes(await city.claim(newcomer)) == []
    figures = "SELECT seats_ended, seats_kept FROM app.lawyer WHERE id = :id"
    assert [tuple(row) for row in await city.sql(figures, id=lawyer.id)] == [(0, 0)], "given back, not lost"


@pytest.mark.parametrize("how", ["suspended", "away"])
async def test_all_she_was_working_on_is_free_and_what_she_answered_stays(city: City, how: str) -> None:
    lawyer = await city.lawyer()
    for number in range(3):
        await city.asked(await city.resident())
        await city.settle()
        seat = await city.claim(lawyer)
        if number == 0:
            await city.answer(lawyer, seat["id"])
    await leaves(city, lawyer, how)
    await city.settle()
    assert await city.sql(ENDED, id=lawyer.id) == [("RELEASED",), ("RELEASED",)]
    kept = "SELECT count(*) FROM app.reader WHERE person = :id AND basis = 'answered' AND until = 'infinity'"
    assert await city.sql(kept, id=lawyer.id) == [(1,)]
    live = """SELECT count(*) FROM app.reader r
        WHERE person = :id AND until > app.clock() AND basis IN ('offered', 'seat')
        AND NOT EXISTS (SELECT FROM app.brief b JOIN app.answer a USING (question) WHERE b.id = r.subject)"""
    assert await city.sql(live, id=lawyer.id) == [(0,)]


async def test_who_comes_back_finds_her_draft_and_is_offered_the_question_again(city: City) -> None:
    _, (lawyer,), (seat,) = await writing(city)
    await city.one(lawyer, DRAFT, seat=seat, content=CONTENT)
    await leaves(city, lawyer, "away")
    await city.settle()
    (mine,) = (await city.one(lawyer, SEATS))["nodes"]
    assert mine["state"] == "RELEASED"
    await city.one(lawyer, SAYS, a="AVAILABLE")
    await city.settle()
    again = await city.claim(lawyer)
    assert codes(again) == []
    drafts = {one["id"]: one["draft"] for one in (await city.one(lawyer, SEATS))["nodes"]}
    assert drafts[again["id"]] == {"text": CONTENT["text"]}


async def test_who_is_back_before_the_house_notices_has_lost_nothing(city: City) -> None:
    _, (lawyer,), _ = await writing(city)
    await city.one(lawyer, SAYS, a="AWAY")
    await city.one(lawyer, SAYS, a="AVAILABLE")
    await city.settle()
    assert await city.sql(ENDED, id=lawyer.id) == [(None,)]


async def test_a_break_is_no_leave(city: City) -> None:
    _, (lawyer,), (seat,) = await writing(city)
    await city.one(lawyer, "mutation { snooze(input: {minutes: 30}) { __typename } }")
    await city.settle()
    assert codes(await city.answer(lawyer, seat)) == []


async def test_a_seat_that_was_kept_for_her_is_free_for_all(city: City) -> None:
    chosen = await city.lawyer(requestable=True)
    await city.asked(await city.resident(), lawyerIds=[global_id("Lawyer", chosen.id)])
    await city.settle()
    invited = "SELECT count(*) FROM app.offer WHERE invited IS NOT NULL"
    assert await city.sql(invited) == [(1,)]
    await leaves(city, chosen, "suspended")
    await city.settle()
    assert await city.sql(invited) == [(0,)]


async def test_the_suspended_are_out_of_the_waves_and_back_in_them_once_reinstated(city: City) -> None:
    admin, lawyer = await city.person(Role.ADMIN), await city.lawyer()
    await suspend(city, admin, lawyer)
    await city.asked(await city.resident())
    await city.pass_time(600)
    offers = "SELECT count(*) FROM app.offer WHERE lawyer = :id"
    assert await city.sql(offers, id=lawyer.id) == [(0,)]
    await reinstate(city, admin, lawyer)
    await city.pass_time(600)
    assert await city.sql(offers, id=lawyer.id) == [(1,)]


async def test_whoever_left_for_good_is_not_brought_back_by_a_reinstatement(city: City) -> None:
    admin, lawyer = await city.person(Role.ADMIN), await city.lawyer(standing="LEFT")
    await suspend(city, admin, lawyer)
    await reinstate(city, admin, lawyer)
    assert await city.sql("SELECT standing FROM app.lawyer WHERE id = :id", id=lawyer.id) == [("LEFT",)]


async def test_of_claims_and_suspensions_at_once_no_seat_is_left_with_the_suspended(city: City) -> None:
    """Whichever comes first: she is refused, or what she took is free again."""
    admin, lawyers = await city.person(Role.ADMIN), await city.lawyers(5)
    for _ in range(5):
        await city.asked(await city.resident())
        await city.settle()
    offers = {lawyer.id: await city.offer_ids(lawyer) for lawyer in lawyers}
    claims = [city.claim(lawyer, offer) for lawyer in lawyers for offer in offers[lawyer.id]]
    assert len(claims) >= 20
    await asyncio.gather(*claims, *(suspend(city, admin, lawyer) for lawyer in lawyers), return_exceptions=True)
    await city.settle()
    assert await city.sql("SELECT 1 FROM app.seat WHERE ended_at IS NULL AND delivered_at IS NULL") == []


async def test_whom_the_register_says_not_to_practise_takes_nothing_until_it_says_otherwise(city: City) -> None:
    """Her entry and her account are one by the licence: nobody answers here whose licence was suspended."""
    editor, admin = await city.person(Role.EDITOR), await city.person(Role.ADMIN)
    _, (lawyer, *_), _ = await writing(city, 2)
    number = licence()
    await city.sql("UPDATE app.lawyer SET licence = :number WHERE id = :id", id=lawyer.id, number=number)
    made = {"kind": "LAWYER", "number": number, "name": "王律师（示例）", "workplace": "示例律师事务所"}
    entry = (await enter_worker(city, editor, **made))["id"]
    newcomer = await city.lawyer()
    changed = await change_legal_worker(city, editor, entry, 1, standing="SUSPENDED")
    assert changed["standing"] == "SUSPENDED"
    await city.settle()
    assert await city.sql(ENDED, id=lawyer.id) == [("RELEASED",)]
    assert len(await city.offer_ids(newcomer)) == 1
    await city.asked(await city.resident())
    await city.settle()
    assert (await city.sql(LIVE, id=lawyer.id), await standing(city, lawyer)) == ([(0,)], "SUSPENDED")

    # Suspended here meanwhile, and reinstated: the register's word still holds, and so does ours the other way round.
    await suspend(city, admin, lawyer)
    await reinstate(city, admin, lawyer)
    assert await standing(city, lawyer) == "SUSPENDED"
    await suspend(city, admin, lawyer)
    assert (await change_legal_worker(city, editor, entry, 2, standing="ACTIVE"))["standing"] == "ACTIVE"
    assert await standing(city, lawyer) == "SUSPENDED"
    await reinstate(city, admin, lawyer)
    assert await standing(city, lawyer) == "ACTIVE"
    assert (await change_legal_worker(city, editor, entry, 3, standing="LEFT"))["standing"] == "LEFT"
    assert await standing(city, lawyer) == "LEFT"


async def standing(city: City, lawyer: Viewer) -> str:
    return str((await city.sql("SELECT standing FROM app.lawyer WHERE id = :id", id=lawyer.id))[0][0])


async def test_who_left_for_good_is_no_lawyer_here_and_may_close_her_account(city: City) -> None:
    """What she answered stays its asker's, under her name; nothing else tells of her."""
    asker, question, (lawyer,) = await answered(city, 1)
    assert codes(await city.one(lawyer, CLOSE)) == ["IN_OFFICE"]
    await city.sql("UPDATE app.lawyer SET standing = 'LEFT' WHERE id = :id", id=lawyer.id)
    roles = "SELECT role FROM app.role_held WHERE person = :id AND until > app.clock()"
    assert await city.sql(roles, id=lawyer.id) == []
    await city.sql("UPDATE app.lawyer SET standing = 'ACTIVE' WHERE id = :id", id=lawyer.id)
    assert await city.sql(roles, id=lawyer.id) == [("LAWYER",)]
    await city.sql("UPDATE app.lawyer SET standing = 'LEFT' WHERE id = :id", id=lawyer.id)

    name = "query ($id: ID!) { question(id: $id) { answers { content { conclusion } lawyer { name } } } }"
    before = await city.one(asker, name, id=question)
    assert (await city.one(lawyer, CLOSE))["__typename"] == "AccountClosing"
    for _ in range(3):
        await city.pass_time(61)
    assert await city.sql("SELECT done_at IS NOT NULL FROM app.closing WHERE person = :id", id=lawyer.id) == [(True,)]
    assert before["answers"]
    assert await city.one(asker, name, id=question) == before
    await city.sql("UPDATE app.lawyer SET standing = 'ACTIVE' WHERE id = :id", id=lawyer.id)
    assert await city.sql(roles, id=lawyer.id) == []
