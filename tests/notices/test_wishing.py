"""Preferences, quiet hours, consents, readiness, previews: as people say and see them."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.core.access import Role, Viewer
from app.core.ids import new_id
from app.notices.models import NoticeKind, Template
from app.notices.rules.ladder import MANNERS
from app.outside.post import Channel
from app.places.rules.workdays import CITY_TIME
from tests.city import REFUSED, City, codes
from tests.notices.carrying import Providers, consented, ledger, reachable
from tests.notices.telling import told

pytestmark = pytest.mark.anyio

MINI, OFFICIAL, SMS = Channel
BY_WECHAT = [kind for kind, manner in MANNERS.items() if MINI in manner.channels]
PREFERENCES = "quietFrom quietUntil proposed kinds { kind channels { channel wanted } }"
SET = f"""mutation ($input: SetNoticePreferencesInput!) {{ setNoticePreferences(input: $input) {{
  __typename ... on NoticePreferences {{ {PREFERENCES} }} {REFUSED} }} }}"""
READINESS = """ready miniProgram officialAccount phone
  templates { template templateId name consentsLeft ask wouldMiss lasting }"""
RECORD = f"""mutation ($input: RecordSubscriptionConsentInput!) {{ recordSubscriptionConsent(input: $input) {{
  __typename ... on NotificationReadiness {{ {READINESS} }} {REFUSED} }} }}"""
PREVIEW = f"""query ($kind: NoticeKind!, $channel: NoticeChannel!) {{ noticePreview(kind: $kind, channel: $channel) {{
  __typename ... on NoticePreview {{ title text message template version fields {{ name value }} }} {REFUSED} }} }}"""


async def wish(city: City, who: Viewer, **said: Any) -> Any:
    return await city.one(who, SET, input=said)


def accepted(*templates: str, key: str | None = None) -> dict[str, Any]:
    answers = [{"template": template, "accepted": True} for template in templates]
    return {"answers": answers, "idempotencyKey": key or str(new_id())}


async def left(city: City, who: Viewer, template: str = "REPLY") -> int:
    found = await city.one(who, f"{{ notificationReadiness {{ {READINESS} }} }}")
    (one,) = [one for one in found["templates"] if one["template"] == template]
    count: int = one["consentsLeft"]
    return count


async def test_what_somebody_does_not_want_through_a_channel_goes_through_the_next(city: City) -> None:
    providers, person = Providers(city), await city.resident()
    await reachable(city, person, *Channel)
    await consented(city, person, times=5)
    before = await city.one(person, f"{{ noticePreferences {{ {PREFERENCES} }} }}")
    assert (before["quietFrom"], before["quietUntil"], before["proposed"]) == ("22:00", "07:00", True)
    off = {"kind": "NEW_ANSWER", "channel": "MINI_PROGRAM", "wanted": False}
    after = await wish(city, person, changes=[off])
    (kind,) = [kind for kind in after["kinds"] if kind["kind"] == "NEW_ANSWER"]
    assert [one["wanted"] for one in kind["channels"]] == [False, True, True]
    await told(city, person)
    await told(city, person, kind=NoticeKind.INFORMATION_WANTED)
    await providers.carry()
    assert sorted(await ledger(city)) == [(MINI, "SENT", None), (SMS, "SENT", None)]
    await wish(city, person, changes=[off | {"wanted": True}], quietHours={"from": "00:00", "until": "00:00"})
    again = await city.one(person, f"{{ noticePreferences {{ {PREFERENCES} }} }}")
    assert (again["quietFrom"], again["quietUntil"], again["proposed"]) == ("00:00", "00:00", False)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"quietHours": {"from": "25:00", "until": "07:00"}}, "BAD_TIME"),
        ({"quietHours": {"from": "22:00", "until": ""}}, "BAD_TIME"),
        ({"changes": [{"kind": "BEST_ANSWER", "channel": "SMS", "wanted": True}]}, "NOT_SENT_THERE"),
        ({"changes": [{"kind": "NEW_ANSWER", "channel": "SMS", "wanted": True}] * 101}, "BAD_VALUE"),
    ],
)
async def test_wishes_that_mean_nothing_are_refused(city: City, said: dict[str, Any], code: str) -> None:
    person = await city.resident()
    assert codes(await wish(city, person, **said)) == [code]
    assert await city.sql("SELECT 1 FROM app.notice_preference") == []


async def test_everything_can_be_switched_off(city: City) -> None:
    person = await city.resident()
    off = [
        {"kind": kind, "channel": channel, "wanted": False}
        for kind, manner in MANNERS.items()
        for channel in manner.channels
    ]
    for at in range(0, len(off), 100):
        said = await wish(city, person, changes=off[at : at + 100])
        assert said["__typename"] == "NoticePreferences", codes(said)
    assert {one["wanted"] for kind in said["kinds"] for one in kind["channels"]} == {False}


async def test_fifty_wishes_at_once_all_hold(city: City) -> None:
    person = await city.resident()
    kinds = [kind for kind in BY_WECHAT if kind is not NoticeKind.OFFERED][:25] * 2
    await asyncio.gather(
        *(wish(city, person, changes=[{"kind": kind, "channel": "MINI_PROGRAM", "wanted": False}]) for kind in kinds)
    )
    assert await city.sql("SELECT cardinality(refused) FROM app.notice_preference") == [(25,)]


async def test_what_can_wait_waits_for_the_morning_and_more_than_five_come_as_one(city: City) -> None:
    providers, person = Providers(city), await city.resident()
    await reachable(city, person, MINI)
    await consented(city, person, Template.PROGRESS, times=9)
    here = (await city.now()).astimezone()
    minute = (here.utctimetuple().tm_hour * 60 + here.minute + 480) % 1440
    hours = {"from": f"{(minute - 5) % 1440 // 60:02}:{(minute - 5) % 60:02}"}
    hours["until"] = f"{(minute + 60) % 1440 // 60:02}:{(minute + 60) % 60:02}"
    await wish(city, person, quietHours=hours)
    for _ in range(5):
        await told(city, person, kind=NoticeKind.PLEASE_RATE)
    await providers.carry()
    assert await ledger(city) == [(MINI, "PENDING", None)] * 5
    await told(city, person, kind=NoticeKind.BEST_ANSWER)
    await told(city, person, kind=NoticeKind.STILL_SATISFIED)
    await providers.carry()
    assert providers.counts() == [0, 0, 0]
    assert sorted(await ledger(city)) == [(MINI, "DROPPED", "DIGESTED")] * 7 + [(MINI, "PENDING", None)]
    await providers.carry(timedelta(hours=2))
    ((_, message, _),) = providers[MINI].arrived
    assert message.words["thing1"] == "您有 7 条未读通知"
    assert await left(city, person, "PROGRESS") == 8


async def test_more_than_five_come_as_one_also_when_all_are_told_at_one_moment(city: City) -> None:
    providers, person = Providers(city), await city.resident()
    await reachable(city, person, MINI)
    await consented(city, person, Template.PROGRESS, times=9)
    await wish(city, person, quietHours=quiet(await city.now(), -5, 60))
    for _ in range(6):
        await told(city, person, kind=NoticeKind.PLEASE_RATE)
    await providers.carry()
    assert sorted(await ledger(city)) == [(MINI, "DROPPED", "DIGESTED")] * 6 + [(MINI, "PENDING", None)]


async def test_what_comes_at_any_hour_waits_for_no_digest(city: City) -> None:
    """Several things wait for the morning already; a lawyer's answer comes in the night all the same."""
    providers, person = Providers(city), await city.resident()
    await reachable(city, person, MINI)
    await consented(city, person, Template.PROGRESS, times=9)
    await consented(city, person)
    await wish(city, person, quietHours=quiet(await city.now(), -5, 60))
    for some in (5, 1):
        for _ in range(some):
            await told(city, person, kind=NoticeKind.PLEASE_RATE)
        await providers.carry()
    assert sorted(await ledger(city)) == [(MINI, "DROPPED", "DIGESTED")] * 6 + [(MINI, "PENDING", None)]
    await told(city, person, kind=NoticeKind.NEW_ANSWER)
    await providers.carry()
    ((_, message, _),) = providers[MINI].arrived
    assert message.words["thing1"] == "您的咨询有了新的解答"
    await providers.carry(timedelta(minutes=61))
    assert providers[MINI].arrived[1][1].words["thing1"] == "您有 6 条未读通知"


async def test_what_waits_for_two_who_become_one_is_told_her_in_one(city: City) -> None:
    providers, gone, stays = Providers(city), await city.resident(), await city.resident()
    for person in (gone, stays):
        await reachable(city, person, MINI)
        await consented(city, person, Template.PROGRESS, times=9)
        await wish(city, person, quietHours=quiet(await city.now(), -5, 60))
        for _ in range(6):
            await told(city, person, kind=NoticeKind.PLEASE_RATE)
    await providers.carry()
    assert sorted(state for _, state, _ in await ledger(city)) == ["DROPPED"] * 12 + ["PENDING"] * 2
    await city.sql("DELETE FROM app.identity WHERE person = :stays", stays=stays.id)
    await city.sql("UPDATE app.identity SET person = :stays WHERE person = :gone", stays=stays.id, gone=gone.id)
    assert await city.sql("SELECT 1 FROM app.delivery WHERE person = :gone", gone=gone.id) == []
    await providers.carry(timedelta(minutes=61))
    ((_, message, _),) = providers[MINI].arrived
    assert message.words["thing1"] == "您有 12 条未读通知"


def quiet(now: datetime, begins: int, ends: int) -> dict[str, str]:
    """From so many minutes from now until so many."""
    at = [now.astimezone(CITY_TIME) + timedelta(minutes=minutes) for minutes in (begins, ends)]
    return {"from": f"{at[0]:%H:%M}", "until": f"{at[1]:%H:%M}"}


async def test_what_waits_goes_out_as_she_wants_it_by_then(city: City) -> None:
    """Longer quiet hours, and what she refuses meanwhile, hold for what was written down before as well."""
    providers, person = Providers(city), await city.resident()
    await reachable(city, person, MINI, OFFICIAL)
    await consented(city, person, Template.PROGRESS, times=9)
    await consented(city, person, Template.PROGRESS, OFFICIAL, times=9)
    await wish(city, person, quietHours=quiet(await city.now(), -5, 60))
    await told(city, person, kind=NoticeKind.APPEAL_UPHELD)
    await told(city, person, kind=NoticeKind.QUESTION_WITHDRAWN)
    await providers.carry()
    off = {"kind": "QUESTION_WITHDRAWN", "channel": "MINI_PROGRAM", "wanted": False}
    await wish(city, person, changes=[off], quietHours=quiet(await city.now(), -5, 180))
    await providers.carry(timedelta(minutes=61))
    assert providers.counts() == [0, 0, 0]
    await providers.carry(timedelta(minutes=121))
    assert providers.counts() == [1, 1, 0]
    assert sorted(await ledger(city), key=str) == [
        (MINI, "DEAD", "UNWANTED"),
        (MINI, "SENT", None),
        (OFFICIAL, "SENT", None),
    ]
    assert await left(city, person, "PROGRESS") == 8


async def test_what_is_late_waits_for_the_end_of_quiet_hours_that_began_meanwhile(city: City) -> None:
    """No worker was there, or the city had sent as many text messages as it may an hour; more than five as well."""
    providers, person = Providers(city), await city.resident()
    await reachable(city, person, MINI)
    await consented(city, person, Template.PROGRESS, times=9)
    await wish(city, person, quietHours=quiet(await city.now(), 30, 90))
    await told(city, person, kind=NoticeKind.PLEASE_RATE)
    await city.pass_time(10)
    await providers.carry(timedelta(minutes=60))
    assert (providers.counts(), await ledger(city)) == ([0, 0, 0], [(MINI, "PENDING", None)])
    await told(city, person, kind=NoticeKind.NEW_ANSWER)  # comes at any hour
    await consented(city, person)
    await providers.carry()
    assert providers.counts() == [1, 0, 0]
    await providers.carry(timedelta(minutes=31))
    assert providers.counts() == [2, 0, 0]


async def test_a_tap_is_one_consent_whoever_tells_of_it_and_however_often(city: City) -> None:
    person = await city.resident()
    await reachable(city, person, MINI)
    said = accepted("REPLY", "PROGRESS")
    done = await asyncio.gather(*(city.one(person, RECORD, input=said) for _ in range(50)))
    assert {one["__typename"] for one in done} == {"NotificationReadiness"}
    assert await left(city, person) == await left(city, person, "PROGRESS") == 1
    await city.one(person, RECORD, input=accepted("REPLY"))
    assert await left(city, person) == 2
    await city.one(person, RECORD, input=accepted() | {"answers": [{"template": "REPLY", "accepted": False}]})
    assert await left(city, person) == 0
    for bad in (accepted(), accepted("DIGEST"), accepted(*["REPLY"] * 6)):
        assert codes(await city.one(person, RECORD, input=bad)) == ["BAD_VALUE"]
    assert codes(await city.one(person, RECORD, input=accepted("TASK", key=said["idempotencyKey"]))) == ["KEY_REUSED"]


async def test_readiness_tells_before_a_reply_would_be_missed(city: City) -> None:
    person, lawyer = await city.resident(), await city.lawyer()
    await reachable(city, person, MINI)
    found = await city.one(person, f"{{ notificationReadiness {{ {READINESS} }} }}")
    assert [found[by] for by in ("ready", "miniProgram", "officialAccount", "phone")] == [False, True, False, False]
    assert [one["template"] for one in found["templates"]] == ["REPLY", "PROGRESS"]
    assert all(one["ask"] and one["wouldMiss"] and one["templateId"] for one in found["templates"])
    after = await city.one(person, RECORD, input=accepted("REPLY", "PROGRESS"))
    assert (after["ready"], [one["wouldMiss"] for one in after["templates"]]) == (True, [False, False])
    assert [one["ask"] for one in after["templates"]] == [True, False]
    of_hers = await city.one(lawyer, f"{{ notificationReadiness {{ {READINESS} }} }}")
    assert [one["template"] for one in of_hers["templates"]] == ["REPLY", "PROGRESS", "OFFER", "TASK"]
    assert not any(one["ask"] for one in of_hers["templates"])  # no mini-program knows her


async def test_the_staff_see_the_words_of_every_notice(city: City) -> None:
    supervisor = await city.person(Role.SUPERVISOR)
    for kind in BY_WECHAT:
        shown = await city.one(supervisor, PREVIEW, kind=kind, channel=MINI)
        assert [field["name"] for field in shown["fields"]] == ["thing1", "time2"]
        assert shown["message"] is None
    text = await city.one(supervisor, PREVIEW, kind="NEW_ANSWER", channel=SMS)
    assert (text["message"], text["fields"]) == ("您的法律咨询有新的回复，请打开小程序查看。", [])
    assert codes(await city.one(supervisor, PREVIEW, kind="BEST_ANSWER", channel=SMS)) == ["NOT_SENT_THERE"]
    by_text_alone = await city.one(supervisor, PREVIEW, kind="DUTY_CALLED", channel=SMS)
    assert by_text_alone["message"] == "有一个咨询等待您解答，请打开查看。"
    assert set(NoticeKind) - set(BY_WECHAT) == {NoticeKind.DUTY_CALLED}


async def test_who_leaves_takes_all_of_it_along(city: City) -> None:
    person = await city.resident()
    providers = Providers(city)
    await reachable(city, person, MINI)
    await consented(city, person)
    await wish(city, person, changes=[{"kind": "PLEASE_RATE", "channel": "MINI_PROGRAM", "wanted": False}])
    await told(city, person)
    await providers.carry()
    leave = f"mutation {{ closeAccount(input: {{understood: true}}) {{ __typename {REFUSED} }} }}"
    assert (await city.one(person, leave))["__typename"] == "AccountClosing"
    await city.pass_time(120)
    for table in ("delivery", "message_consent", "notice_preference", "notice"):
        assert await city.sql(f"SELECT 1 FROM app.{table}") == [], table
