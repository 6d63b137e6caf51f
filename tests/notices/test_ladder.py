"""Which channel and when, and what a provider's verdict leads to: pure."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import Language
from app.core.ids import new_id
from app.notices.models import DeliveryState, Lane, NoticeKind, Template
from app.notices.rules import verdicts
from app.notices.rules.ladder import (
    DIGEST,
    MANNERS,
    Hours,
    Quiet,
    Recipient,
    minutes,
    next_channel,
    refusal,
    send_at,
    spoken,
)
from app.notices.rules.letters import fields, page
from app.notices.rules.wishes import Change, against, changed, expected, would_miss
from app.notices.rules.wording import digest_wording, template_words
from app.outside.post import Channel, Fate, Verdict

MINI, OFFICIAL, SMS = Channel
EVERYWHERE = Recipient(frozenset(Channel), consents={(MINI, "REPLY"): 1, (OFFICIAL, "REPLY"): 1})
NOON, NIGHT = datetime(2026, 11, 28, 4, tzinfo=UTC), datetime(2026, 11, 28, 15, 30, tzinfo=UTC)
"""12:00 and 23:30 in the city."""


def test_the_ladder_is_walked_down_and_ends() -> None:
    walked: list[Channel | None] = [next_channel("NEW_ANSWER", "REPLY", EVERYWHERE)]
    while walked[-1]:
        walked.append(next_channel("NEW_ANSWER", "REPLY", EVERYWHERE, walked[-1]))
    assert walked == [MINI, OFFICIAL, SMS, None]
    assert next_channel("BEST_ANSWER", "PROGRESS", EVERYWHERE) is None
    assert next_channel("BEST_ANSWER", "PROGRESS", EVERYWHERE, SMS) is None


def test_nobody_is_written_to_where_she_does_not_want_it_or_did_not_consent() -> None:
    without = Recipient(frozenset(Channel))
    assert next_channel("NEW_ANSWER", "REPLY", without) is SMS
    silent = Recipient(frozenset(Channel), frozenset({refusal("NEW_ANSWER", SMS)}))
    assert next_channel("NEW_ANSWER", "REPLY", silent) is None
    assert next_channel("NEW_ANSWER", "REPLY", Recipient()) is None


@given(st.sampled_from(NoticeKind), st.frozensets(st.sampled_from(Channel)), st.data())
def test_a_channel_is_always_one_that_the_kind_deserves_and_she_has(
    kind: NoticeKind, has: frozenset[Channel], data: st.DataObject
) -> None:
    manner = MANNERS[kind]
    refused = data.draw(st.frozensets(st.sampled_from([refusal(kind, channel) for channel in Channel])))
    to = Recipient(has, refused, consents={(MINI, manner.template): data.draw(st.integers(0, 2))})
    chosen = next_channel(kind, manner.template, to)
    assert chosen is None or (chosen in manner.channels and chosen in has and refusal(kind, chosen) not in refused)
    if SMS in has and SMS in manner.channels and not refused:
        assert chosen is not None


def test_quiet_hours_hold_what_can_wait_pass_what_is_waited_for_and_drop_what_would_be_late() -> None:
    kinds = (NoticeKind.PLEASE_RATE, NoticeKind.NEW_ANSWER, NoticeKind.OFFERED)
    assert [MANNERS[kind].quiet for kind in kinds] == [Quiet.WAIT, Quiet.PASS, Quiet.DROP]
    morning = datetime(2026, 11, 28, 23, tzinfo=UTC)
    assert send_at("PLEASE_RATE", Recipient(), NOON) == NOON
    assert send_at("PLEASE_RATE", Recipient(), NIGHT) == morning
    assert send_at("PLEASE_RATE", Recipient(), morning - timedelta(minutes=1)) == morning
    assert send_at("NEW_ANSWER", Recipient(), NIGHT) == NIGHT
    assert send_at("OFFERED", Recipient(), NIGHT) == NIGHT  # the house proposes no quiet hours for offers
    sleeper = Recipient(hours=Hours(23 * 60, 8 * 60))
    assert send_at("OFFERED", sleeper, NIGHT) is None
    assert send_at("PLEASE_RATE", sleeper, NIGHT) == morning + timedelta(hours=1)
    assert send_at("PLEASE_RATE", Recipient(hours=Hours(0, 0)), NIGHT) == NIGHT


@given(st.integers(0, 1439), st.integers(0, 1439), st.integers(0, 1439))
def test_what_waits_comes_out_of_quiet_hours_within_a_day(start: int, end: int, minute: int) -> None:
    now = datetime(2026, 11, 27, 16, tzinfo=UTC) + timedelta(minutes=minute)
    at = send_at("PLEASE_RATE", Recipient(hours=Hours(start, end)), now)
    assert at is not None
    assert now <= at <= now + timedelta(days=1)
    later = (minute + (at - now).total_seconds() // 60) % 1440
    assert int(later) not in Hours(start, end)


def test_a_time_of_day_is_hours_and_minutes_and_nothing_else() -> None:
    assert [minutes(said) for said in ("00:00", "23:59", "07:30")] == [0, 1439, 450]
    assert [minutes(said) for said in ("24:00", "7:30", "0730", "ab:cd", "", "12:3\x00", "12:30:00")] == [None] * 7
    assert all(minutes(spoken(minute)) == minute for minute in range(1440))


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", [*NoticeKind, DIGEST])
def test_no_message_has_a_place_for_anything_of_a_case(kind: str, language: Language, channel: Channel) -> None:
    """And all fit: WeChat's `thing` holds 20 characters."""
    filled = fields(kind, channel, 99, NIGHT, language)
    if channel is SMS:
        assert filled == ({"count": "99"} if kind == DIGEST else {})
    else:
        assert filled.keys() == {"thing1", "time2"}
        assert filled["time2"] == "2026年11月28日 23:30"
        assert language is Language.EN or 0 < len(filled["thing1"]) <= 20
    assert all(not set(value) & set("{}<>%$@") for value in filled.values())


def test_a_page_names_a_notice_and_not_what_it_is_about() -> None:
    assert page(None, MINI) == "pages/notices/notices"
    assert page(new_id(), SMS) == ""
    assert page(new_id(), OFFICIAL).startswith("pages/notice/notice?id=")


@pytest.mark.parametrize("template", Template)
def test_a_text_message_is_short_and_has_a_place_for_a_count_at_most(template: Template) -> None:
    for language in Language:
        name, sms = template_words(template, language)
        assert name
        assert len(sms) <= (70 if language is Language.ZH else 140)
        assert ("{count}" in sms) == (template is Template.DIGEST)
        assert not set(sms.replace("{count}", "")) & set("{}<>%$@")
    assert "7" in digest_wording(7, Language.ZH).title


FAILURES = [(verdict, failures) for verdict in Verdict for failures in range(8)]


@pytest.mark.parametrize(("verdict", "failures"), FAILURES)
@pytest.mark.parametrize("channel", Channel)
def test_whatever_a_provider_says_nothing_is_tried_for_ever_and_nothing_is_lost(
    verdict: Verdict, failures: int, channel: Channel
) -> None:
    sequel = verdicts.after(verdict, channel, failures, closings=0, doubtful=False)
    ends = sequel.state in (DeliveryState.DEAD, DeliveryState.SENT)
    assert sequel.goes_on or not ends
    assert (sequel.again is None) == (ends or (sequel.state is DeliveryState.UNKNOWN and channel is not SMS))
    assert not (sequel.state is DeliveryState.UNKNOWN and sequel.consent_back)
    if failures == 7:
        assert ends or verdict is Verdict.UNKNOWN


def test_no_consent_left_after_an_unknown_attempt_means_that_it_arrived() -> None:
    assert verdicts.after(Verdict.NO_CONSENT, MINI, 0, 0, doubtful=True) == verdicts.SENT
    assert verdicts.after(Verdict.NO_CONSENT, MINI, 0, 0, doubtful=False).state is DeliveryState.DEAD


def test_only_what_the_carrier_does_not_know_after_ten_minutes_is_sent_again() -> None:
    assert verdicts.told(Fate.NOT_KNOWN, 0).state is DeliveryState.UNKNOWN
    assert verdicts.told(Fate.NOT_KNOWN, 1).state is DeliveryState.PENDING
    assert verdicts.told(Fate.UNDER_WAY, 1).state is DeliveryState.UNKNOWN
    assert verdicts.told(None, 2) == verdicts.Sequel(DeliveryState.UNKNOWN)


def test_offers_have_the_express_lane_for_themselves() -> None:
    express = {kind for kind, manner in MANNERS.items() if manner.lane is Lane.EXPRESS}
    assert express == {NoticeKind.OFFERED, NoticeKind.INVITED, NoticeKind.DUTY_CALLED}
    assert not any(MANNERS[kind].digestible for kind in express)


def test_the_last_word_on_a_kind_and_channel_counts() -> None:
    off, on = (Change(NoticeKind.NEW_ANSWER, SMS, wanted) for wanted in (False, True))
    assert changed([], [off]) == ["NEW_ANSWER:SMS"]
    assert changed(["NEW_ANSWER:SMS"], [off, on]) == []
    bad = [Change(NoticeKind.BEST_ANSWER, SMS, False)]
    assert [reason.code.name for reason in against(bad, ("7:00", "08:00"))] == ["NOT_SENT_THERE", "BAD_TIME"]
    assert [reason.code.name for reason in against([off] * 101, None)] == ["BAD_VALUE"]


def test_who_has_neither_a_consent_nor_a_telephone_would_miss_a_reply() -> None:
    assert would_miss(Template.REPLY, Recipient(frozenset({MINI})))
    assert not would_miss(Template.REPLY, Recipient(frozenset({MINI}), consents={(MINI, "REPLY"): 1}))
    assert not would_miss(Template.REPLY, Recipient(frozenset({SMS})))
    assert Template.OFFER not in expected(frozenset())
