"""From a notice nobody acknowledged to a message on a phone: the ladder, verdict by verdict."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from app.accounts.events import MessageReported
from app.core.db import NOBODY
from app.core.ids import new_id
from app.core.outbox import emit
from app.notices.models import NoticeKind, Template
from app.outside.post import Channel, Fate, NotSent, Verdict
from app.places.rules.workdays import CITY_TIME
from tests.city import Away, City, codes
from tests.notices.carrying import Providers, consented, ledger, reachable
from tests.notices.telling import told
from workers.post import Watch

pytestmark = pytest.mark.anyio

MINI, OFFICIAL, SMS = Channel
POLL = "query ($after: String) { noticeUpdates(after: $after) { ... on NoticeUpdates { cursor notices { id } } } }"
ACKNOWLEDGE = """mutation ($cursor: String!) { acknowledgeNotices(input: {cursor: $cursor}) {
  ... on NoticesAcknowledged { acknowledged } ... on Refused { reasons { code field } } } }"""


async def test_what_a_client_acknowledges_within_ten_seconds_goes_nowhere_else(city: City) -> None:
    providers, (quick, slow) = Providers(city), [await city.resident(), await city.resident()]
    for person in (quick, slow):
        await reachable(city, person, *Channel)
        await consented(city, person)
    await told(city, quick, slow)
    cursor = (await city.one(quick, POLL))["cursor"]
    assert await city.one(quick, ACKNOWLEDGE, cursor=cursor) == {"acknowledged": 1}
    assert await city.one(quick, ACKNOWLEDGE, cursor=cursor) == {"acknowledged": 0}
    await providers.carry(timedelta(seconds=9))
    assert providers.counts() == [0, 0, 0]
    await providers.carry(timedelta(seconds=1))
    assert providers.counts() == [1, 0, 0]
    assert await ledger(city) == [(MINI, "SENT", None)]
    await providers.carry(timedelta(hours=1))
    assert providers.counts() == [1, 0, 0]


async def test_a_cursor_acknowledges_what_it_brought_and_not_what_came_later(city: City) -> None:
    person = await city.resident()
    await told(city, person)
    cursor = (await city.one(person, POLL))["cursor"]
    await told(city, person, kind=NoticeKind.PROMISE_BROKEN)
    assert await city.one(person, ACKNOWLEDGE, cursor=cursor) == {"acknowledged": 1}
    assert await city.sql("SELECT kind FROM app.notice WHERE acknowledged_at IS NULL") == [("PROMISE_BROKEN",)]
    assert codes(await city.one(person, ACKNOWLEDGE, cursor="nonsense")) == ["BAD_CURSOR"]
    stranger = await city.resident()
    later = (await city.one(person, POLL, after=cursor))["cursor"]
    assert await city.one(stranger, ACKNOWLEDGE, cursor=later) == {"acknowledged": 0}


async def test_a_message_holds_a_title_a_time_and_a_page_and_no_word_of_a_case(city: City) -> None:
    providers, person = Providers(city), await city.resident()
    names = await reachable(city, person, *Channel)
    await consented(city, person)
    await told(city, person)
    await told(city, person, kind=NoticeKind.TASK_OVERDUE)
    await providers.carry()
    ((address, message, key),) = providers[MINI].arrived
    assert address == names[MINI]
    assert (message.template, message.words["thing1"]) == (Template.REPLY, "您的咨询有了新的解答")
    assert message.words.keys() == {"thing1", "time2"}
    assert message.page.startswith("pages/notice/notice?id=")
    ((phone, text, _),) = providers[SMS].arrived
    assert (phone, text.template, text.words, text.page) == (names[SMS], Template.TASK, {}, "")
    assert await city.sql("SELECT 1 FROM app.delivery WHERE id = :key AND state = 'SENT'", key=key)


async def test_one_consent_is_one_message_and_a_lasting_one_is_as_many_as_there_are(city: City) -> None:
    providers, person, other = Providers(city), await city.resident(), await city.resident()
    await reachable(city, person, MINI, SMS)
    await reachable(city, other, MINI, SMS)
    await consented(city, person)
    await consented(city, other, lasting=True)
    for _ in range(3):
        await told(city, person, other)
    await providers.carry()
    assert sorted(await ledger(city, other)) == [(MINI, "SENT", None)] * 3
    assert sorted(await ledger(city, person))[:1] == [(MINI, "DEAD", "NO_CONSENT")]
    states = sorted(await ledger(city, person))
    assert [row for row in states if row[1] == "SENT"] == [
        (MINI, "SENT", None),
        (SMS, "SENT", None),
        (SMS, "SENT", None),
    ]
    # No provider was given what there was no consent for.
    assert await city.sql("SELECT DISTINCT state FROM app.delivery WHERE pushed_at IS NULL") == [("DEAD",)]


@pytest.mark.parametrize(
    ("verdict", "first", "then"),
    [
        (Verdict.NO_CONSENT, (MINI, "DEAD", "NO_CONSENT"), (OFFICIAL, "SENT", None)),
        (Verdict.CONFIG, (MINI, "DEAD", "CONFIG"), (OFFICIAL, "SENT", None)),
        (Verdict.BAD_ADDRESS, (MINI, "DEAD", "BAD_ADDRESS"), (OFFICIAL, "SENT", None)),
        (Verdict.UNKNOWN, (MINI, "UNKNOWN", "UNKNOWN"), (OFFICIAL, "SENT", None)),
    ],
)
async def test_what_one_channel_cannot_do_the_next_one_does_at_once(
    city: City, verdict: Verdict, first: Any, then: Any
) -> None:
    providers, person = Providers(city), await city.resident()
    await reachable(city, person, *Channel)
    await consented(city, person, times=2)
    await consented(city, person, channel=OFFICIAL, times=2)
    providers[MINI].answers = [NotSent(verdict, 4711)]
    await told(city, person)
    await providers.carry()
    assert await ledger(city) == [first, then]
    assert await city.sql("SELECT error FROM app.delivery WHERE channel = :mini", mini=MINI) == [("4711",)]
    left = await city.sql(
        "SELECT 1 FROM app.message_consent WHERE channel = :mini AND ended_at IS NULL AND delivery IS NULL", mini=MINI
    )
    # One cost nothing, one may have been spent, and one word of WeChat's is worth more than our books.
    assert len(left) == {Verdict.NO_CONSENT: 0, Verdict.UNKNOWN: 1}.get(verdict, 2)
    await told(city, person)
    await providers.carry()
    again = (await ledger(city))[2:]
    assert (MINI in {row[0] for row in again}) == (verdict in (Verdict.CONFIG, Verdict.UNKNOWN))
    alarmed = await city.sql("SELECT 1 FROM app.channel WHERE alarm_at IS NOT NULL")
    assert len(alarmed) == (verdict is Verdict.CONFIG)


async def test_what_surely_was_not_sent_is_tried_after_1_5_and_30_seconds_and_then_the_next_channel(city: City) -> None:
    providers, person = Providers(city), await city.resident()
    await reachable(city, person, MINI, SMS)
    await consented(city, person)
    providers[MINI].answers = [NotSent(Verdict.TRY_AGAIN, -1)] * 4
    await told(city, person)
    await providers.carry()
    for pause, left in ((1, 2), (5, 1)):
        await providers.carry(timedelta(seconds=pause - 0.5))
        await providers.carry(timedelta(seconds=0.5))
        assert len(providers[MINI].answers) == left
    assert await ledger(city) == [(MINI, "PENDING", "TRY_AGAIN")]
    await providers.carry(timedelta(seconds=30))
    assert await ledger(city) == [(MINI, "DEAD", "TRY_AGAIN"), (SMS, "SENT", None)]
    assert providers.counts() == [0, 0, 1]


async def test_a_provider_that_asks_us_to_wait_is_asked_nothing_meanwhile(city: City) -> None:
    providers = Providers(city)
    people = [await city.resident() for _ in range(3)]
    for person in people:
        await reachable(city, person, MINI)
        await consented(city, person)
    providers[MINI].answers = [NotSent(Verdict.BACK_OFF, 45009)]
    await told(city, *people)
    await providers.carry()
    assert providers.counts() == [0, 0, 0]
    await providers.carry(timedelta(seconds=1))
    assert providers.counts() == [3, 0, 0]
    assert await ledger(city) == [(MINI, "SENT", None)] * 3
    assert await city.sql("SELECT closings, error FROM app.channel WHERE name = :mini", mini=MINI) == [(0, "45009")]


async def test_a_telephone_that_has_had_its_texts_waits_and_keeps_nobody_else_waiting(city: City) -> None:
    """The carrier lets a telephone have five an hour, codes among them: that says nothing of the others."""
    providers, person, other = Providers(city), await city.resident(), await city.resident()
    await reachable(city, person, SMS)
    await reachable(city, other, SMS)
    providers[SMS].answers = [NotSent(Verdict.LIMITED, "isv.BUSINESS_LIMIT_CONTROL")] * 3
    await told(city, person)
    await providers.carry()
    assert await ledger(city) == [(SMS, "PENDING", "LIMITED")]
    assert await city.sql("SELECT 1 FROM app.channel WHERE closed_until > app.clock()") == []
    for later in (timedelta(minutes=1), timedelta(minutes=10)):
        await providers.carry(later)
        assert await ledger(city) == [(SMS, "PENDING", "LIMITED")]
    await told(city, other)
    await providers.carry()
    assert (providers.counts(), await ledger(city, other)) == ([0, 0, 1], [(SMS, "SENT", None)])
    await providers.carry(timedelta(hours=1))
    assert await ledger(city, person) == [(SMS, "SENT", None)]


async def test_of_a_text_whose_answer_never_came_the_carrier_is_asked(city: City) -> None:
    providers = Providers(city)
    people = [await city.resident() for _ in range(4)]
    for person in people:
        await reachable(city, person, SMS)
        providers[SMS].answers = [NotSent(Verdict.UNKNOWN)]
        await told(city, person)
        await providers.carry()
    assert providers.counts() == [0, 0, 4]
    providers[SMS].fates = [Fate.ARRIVED, Fate.FAILED, Fate.UNDER_WAY, Fate.NOT_KNOWN]
    await providers.carry(timedelta(minutes=1))
    states = [(await ledger(city, person))[0] for person in people]
    assert states == [
        (SMS, "SENT", None),
        (SMS, "DEAD", "NOT_ARRIVED"),
        (SMS, "UNKNOWN", "UNKNOWN"),
        (SMS, "UNKNOWN", "UNKNOWN"),
    ]
    assert {key for _, key, _ in providers[SMS].asked} == {key for *_, key in providers[SMS].arrived}
    # What the carrier has not heard of after ten minutes it never took: only that is sent again.
    providers[SMS].fates = [Fate.ARRIVED, Fate.NOT_KNOWN]
    await providers.carry(timedelta(minutes=10))
    assert [(await ledger(city, person))[0] for person in people[2:]] == [(SMS, "SENT", None)] * 2
    assert providers.counts() == [0, 0, 5]


async def test_what_left_before_midnight_may_stand_in_the_carriers_books_of_the_next_day(city: City) -> None:
    providers, person = Providers(city), await city.resident()
    await reachable(city, person, SMS)
    here = (await city.now()).astimezone(CITY_TIME)
    midnight = (here + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    await city.turn(midnight - here - timedelta(seconds=14))
    providers[SMS].answers = [NotSent(Verdict.UNKNOWN)]
    await told(city, person)
    await providers.carry()
    providers[SMS].fates = [Fate.NOT_KNOWN, Fate.ARRIVED]
    await providers.carry(timedelta(minutes=1))
    assert [day for _, _, day in providers[SMS].asked] == [midnight.date() - timedelta(days=1), midnight.date()]
    assert await ledger(city) == [(SMS, "SENT", None)]


async def test_a_lease_that_ran_out_is_unknown_and_what_comes_late_is_still_true(city: City) -> None:
    providers, person = Providers(city), await city.resident()
    await reachable(city, person, MINI, SMS)
    await consented(city, person)
    await told(city, person)
    await city.pass_time(10)
    provider = providers[MINI]
    going, go = asyncio.Event(), asyncio.Event()

    async def slowly() -> str:
        going.set()
        await go.wait()
        return "late"

    provider.answers = [slowly]
    carrying = asyncio.create_task(providers.postman.carry_one())
    await going.wait()
    await providers.carry(timedelta(seconds=13))
    assert await ledger(city) == [(MINI, "UNKNOWN", "LEASE_RAN_OUT"), (SMS, "SENT", None)]
    go.set()
    await carrying
    assert await ledger(city) == [(MINI, "SENT", None), (SMS, "SENT", None)]


async def test_fifty_postmen_at_once_send_each_message_once(city: City) -> None:
    providers = Providers(city)
    people = [await city.resident() for _ in range(20)]
    for person in people:
        await reachable(city, person, MINI)
        await consented(city, person)
    await told(city, *people)
    await city.pass_time(10)
    await asyncio.gather(*(providers.postman.carry() for _ in range(50)))
    assert providers.counts() == [20, 0, 0]
    assert len({address for address, *_ in providers[MINI].arrived}) == 20
    assert await ledger(city) == [(MINI, "SENT", None)] * 20


async def test_three_texts_a_day_and_a_person_and_twenty_offers_an_hour(city: City) -> None:
    providers, person, lawyer = Providers(city), await city.resident(), await city.lawyer()
    await reachable(city, person, SMS)
    await reachable(city, lawyer, MINI)
    await consented(city, lawyer, Template.OFFER, lasting=True)
    for _ in range(5):
        await told(city, person, kind=NoticeKind.PROMISE_BROKEN)
    await city.pass_time(10)
    await asyncio.gather(*(providers.postman.carry() for _ in range(10)))
    assert sorted(await ledger(city, person)) == [(SMS, "DROPPED", "CAPPED")] * 2 + [(SMS, "SENT", None)] * 3
    await city.turn(timedelta(days=1))
    await told(city, person, kind=NoticeKind.PROMISE_BROKEN)
    await providers.carry()
    assert len(providers[SMS].arrived) == 4


async def test_the_city_sends_no_more_texts_an_hour_than_its_budget(city: City) -> None:
    providers, person = Providers(city), await city.resident()
    await reachable(city, person, SMS)
    await city.sql("UPDATE app.sms_budget SET most = 0")
    await told(city, person)
    await providers.carry()
    assert await ledger(city) == [(SMS, "PENDING", "BUDGET")]
    await city.sql("UPDATE app.sms_budget SET most = 1000")
    await providers.carry(timedelta(hours=1))
    assert await ledger(city) == [(SMS, "SENT", None)]


async def test_offers_go_out_first_and_one_that_ended_meanwhile_does_not(city: City) -> None:
    providers = Providers(city)
    lawyers = await city.lawyers(3)
    for lawyer in lawyers:
        await reachable(city, lawyer, MINI)
        await consented(city, lawyer, Template.OFFER)
    resident = await city.resident()
    await reachable(city, resident, MINI)
    await consented(city, resident)
    await city.asked(await city.resident())
    await told(city, resident)
    await city.settle()
    await city.claim(lawyers[0])
    await providers.carry()
    order = [message.template for _, message, _ in providers[MINI].arrived]
    assert order == [Template.OFFER, Template.OFFER, Template.REPLY]
    assert await ledger(city, lawyers[0]) == [(MINI, "DROPPED", "OVER")]


async def test_a_page_of_fifty_people_is_told_by_three_statements(city: City) -> None:
    people = [await city.resident() for _ in range(50)]
    before = await city.sql("SELECT count(*) FROM app.outbox WHERE kind = 'NoticesTold'")
    await asyncio.gather(*(told(city, *people, about=new_id(), cause=people[0].id) for _ in range(4)))
    ((after,),) = await city.sql("SELECT count(*) FROM app.outbox WHERE kind = 'NoticesTold'")
    assert after - before[0][0] == 1
    assert await city.sql("SELECT count(*) FROM app.notice") == [(50,)]


async def test_what_wechat_took_and_reports_as_not_arrived_goes_on_by_the_next_channel(city: City) -> None:
    providers, people = Providers(city), [await city.resident(), await city.resident()]
    for number, person in enumerate(people):
        await reachable(city, person, MINI, SMS)
        await consented(city, person)
        providers[MINI].answers = [f"message-{number}"]
        await told(city, person)
        await providers.carry()
    async with city.worker.acting(NOBODY) as session:
        await emit(session, *(MessageReported(channel=MINI, message=f"message-{n}", code=f"{n}") for n in (0, 1, 1, 2)))
    await providers.carry(timedelta(0))
    assert await ledger(city, people[0]) == [(MINI, "SENT", None)]
    assert await ledger(city, people[1]) == [(MINI, "DEAD", "NOT_ARRIVED"), (SMS, "SENT", None)]
    assert providers.counts() == [2, 0, 1]


class Deaf:
    """A queue that takes every job, and nobody does any."""

    def __init__(self) -> None:
        self.jobs: list[tuple[str, Any]] = []

    async def enqueue_job(self, function: str, *args: Any, **how: Any) -> None:
        self.jobs.append((how["_job_id"], args))


async def test_what_no_worker_takes_the_relay_carries_itself_at_once_while_redis_is_away(city: City) -> None:
    providers, people = Providers(city), [await city.resident(), await city.resident()]
    for person in people:
        await reachable(city, person, MINI)
        await consented(city, person)
    deaf = Deaf()
    assert not await Watch(city.worker, deaf, providers.postman).look()
    await told(city, people[0])
    await city.pass_time(10)
    assert await Watch(city.worker, deaf, providers.postman).look()
    assert providers.counts() == [0, 0, 0]
    assert {job for job, _ in deaf.jobs} == {f"deliver:any-{number}" for number in range(4)}
    assert not any(str(person.id) in str(deaf.jobs) for person in people)
    await city.turn(timedelta(seconds=3))
    assert await Watch(city.worker, deaf, providers.postman).look()
    assert providers.counts() == [1, 0, 0]
    await told(city, people[1])
    await city.pass_time(10)
    assert await Watch(city.worker, Away(), providers.postman).look()
    assert providers.counts() == [2, 0, 0]
