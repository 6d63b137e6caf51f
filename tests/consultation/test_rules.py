from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.consultation.models import Board
from app.consultation.rules import dispatch
from app.consultation.rules.dispatch import Candidate, Claim, Standing, figures, place_for, ranked, wave_owed
from app.consultation.rules.policy import Policy, faster
from app.consultation.rules.promise import Happened, QuestionEventKind, promise
from app.core.errors import Code

NINE = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
TERMS: dict[str, Any] = {
    "promised": 3,
    "within": 600,
    "seats": 5,
    "reserved_seats": 2,
    "reserved_for": 150,
    "per_firm": 2,
    "lease": 300,
    "lease_extension": 120,
    "leases_a_lawyer": 3,
    "offers_a_window": 20,
    "window": 3600,
    "offer_lives": 86400,
    "refill": 8,
    "catch_up": 3,
    "repeat_every": 600,
    "waves": [
        {"after": 0, "pools": ["LOCAL"], "match": True, "cap": 16},
        {"after": 60, "pools": ["LOCAL", "PROVINCE"], "match": False, "cap": 24},
        {"after": 150, "pools": ["NATION"], "match": True, "cap": 48},
        {"after": 300, "pools": ["NATION"], "match": False, "cap": 48, "duty": True},
    ],
}
POLICY = Policy.of(TERMS)


def after(seconds: float) -> datetime:
    return NINE + timedelta(seconds=seconds)


@pytest.mark.parametrize(("waited", "owed"), [(0, 0), (59, 0), (60, 1), (150, 2), (299, 2), (300, 3), (9999, 3)])
def test_the_wave_a_question_is_owed(waited: float, owed: int) -> None:
    assert wave_owed(NINE, after(waited), POLICY) == owed


def test_pools_open_one_after_another() -> None:
    assert POLICY.pools_reached(0) == {"LOCAL"}
    assert POLICY.match_only(0, "LOCAL")
    assert not POLICY.match_only(1, "LOCAL")
    assert POLICY.match_only(2, "NATION")
    assert not POLICY.match_only(3, "NATION")


def test_a_faster_policy_is_the_same_in_less_time() -> None:
    quick = Policy.of(faster(TERMS, 20))
    assert quick.within == timedelta(seconds=30)
    assert [wave.after.total_seconds() for wave in quick.waves] == [0, 3, 7.5, 15]
    assert (quick.seats, quick.waves[3].cap) == (5, 48)


def test_when_the_board_is_full_and_when_filled() -> None:
    assert Standing(seats=4, answered=2, wanted=3).board(POLICY) is Board.OPEN
    assert Standing(seats=5, answered=2, wanted=3).board(POLICY) is Board.FULL
    assert Standing(seats=3, answered=3, wanted=3).board(POLICY) is Board.FILLED


def claim(**told: Any) -> int | Code:
    calm: dict[str, Any] = {
        "asked_at": NINE,
        "now": NINE,
        "closed": False,
        "live": True,
        "local": True,
        "declined": False,
        "seated": False,
        "answered_before": False,
        "places": [],
        "locals": 0,
        "of_firm": 0,
        "answered": 0,
        "leases": 0,
        "wanted": 3,
        "invited": False,
        "invited_open": 0,
        "invited_until": None,
        "conflict": False,
    }
    return place_for(Claim(**calm | told), POLICY)


@pytest.mark.parametrize(
    ("told", "gets"),
    [
        ({}, 1),
        ({"places": [1, 2, 4]}, 3),
        ({"places": [1, 2, 3, 4, 5]}, dispatch.SEATS_FULL),
        ({"places": [1, 2, 3], "answered": 3}, dispatch.SEATS_FULL),
        ({"local": False, "places": [1, 2]}, 3),
        ({"local": False, "places": [1, 2, 3]}, dispatch.SEATS_RESERVED),
        ({"local": False, "places": [1, 2, 3], "locals": 1}, 4),
        ({"local": False, "places": [1, 2, 3], "now": after(150)}, 4),
        ({"of_firm": 2}, dispatch.FIRM_FULL),
        ({"leases": 3}, dispatch.LEASES_FULL),
        ({"seated": True}, dispatch.ALREADY_SEATED),
        ({"answered_before": True, "seated": True}, dispatch.ALREADY_ANSWERED),
        ({"declined": True}, dispatch.OFFER_DECLINED),
        ({"closed": True}, dispatch.QUESTION_CLOSED),
        ({"live": False}, dispatch.QUESTION_CLOSED),
    ],
)
def test_which_place_a_claim_gets(told: dict[str, Any], gets: int | Code) -> None:
    assert claim(**told) == gets


@given(places=st.sets(st.integers(1, 5)), local=st.booleans(), waited=st.floats(0, 1000), locals_=st.integers(0, 5))
def test_a_place_is_always_a_free_one(places: set[int], local: bool, waited: float, locals_: int) -> None:
    got = claim(places=sorted(places), local=local, now=after(waited), locals=min(locals_, len(places)))
    assert isinstance(got, Code) or (1 <= got <= 5 and got not in places)


def candidate(number: int = 1, **told: Any) -> Candidate:
    calm: dict[str, Any] = {
        "id": UUID(int=number),
        "firm": UUID(int=0),
        "pool": "LOCAL",
        "match": True,
        "online": True,
        "seats_ended": 0,
        "seats_kept": 0,
        "waited": timedelta(days=1),
        "leases": 0,
    }
    return Candidate(**calm | told)


def test_the_order_of_a_pool_weighs_field_reliability_turn_and_load() -> None:
    best, *others = (
        candidate(1),
        candidate(2, match=False),
        candidate(3, seats_ended=20, seats_kept=5),
        candidate(4, waited=timedelta(minutes=1)),
        candidate(5, leases=2),
        candidate(6, online=False),
    )
    for other in others:
        assert figures(best)["score"] > figures(other)["score"]
    assert ranked([*others, best])[0][0] is best


def test_who_was_just_called_lets_the_others_come_first() -> None:
    crowd = [candidate(n) for n in range(1, 6)] + [candidate(9, waited=timedelta(0))]
    assert ranked(crowd)[-1][0].id == UUID(int=9)


EVENT = st.tuples(st.floats(0, 5000), st.booleans())


@given(answers=st.lists(EVENT, max_size=8), withdrawn=st.none() | st.floats(0, 5000))
def test_the_clock_is_a_function_of_what_happened(answers: list[tuple[float, bool]], withdrawn: float | None) -> None:
    log = [Happened(QuestionEventKind.QUESTION_ASKED, NINE)]
    log += [Happened(QuestionEventKind.ANSWER_DELIVERED, after(at), counts) for at, counts in answers]
    if withdrawn is not None:
        log.append(Happened(QuestionEventKind.QUESTION_WITHDRAWN, after(withdrawn)))
    kept = promise(log, POLICY)
    assert promise(list(reversed(log)), POLICY) == kept
    counting = sorted(after(at) for at, counts in answers if counts)
    assert kept.first.reached_at == (counting[0] if counting else None)
    assert kept.last.reached_at == (counting[2] if len(counting) > 2 else None)
    assert kept.first.due_at == kept.last.due_at == after(600)
    # Whoever looks later sees the same marks, and what is late stays late.
    late = [kept.last.missed(after(moment), kept.withdrawn_at) for moment in range(0, 6000, 500)]
    assert late == sorted(late)
    if kept.last.late:
        assert late[-1]


def test_a_log_begins_with_the_question() -> None:
    with pytest.raises(ValueError, match="begins"):
        promise([], POLICY)
