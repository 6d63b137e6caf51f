from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.consultation.models import Board, Lane
from app.consultation.rules import dispatch
from app.consultation.rules.dispatch import (
    Candidate,
    Claim,
    Standing,
    figures,
    place_for,
    ranked,
    seats_for,
    wave_owed,
)
from app.consultation.rules.policy import Policy, faster
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


@pytest.mark.parametrize("waited", [0, 60, 9999])
def test_where_somebody_is_in_danger_all_waves_are_owed_at_once(waited: float) -> None:
    assert wave_owed(NINE, after(waited), POLICY, Lane.CRISIS) == 3


def test_each_further_answer_opens_a_seat_as_far_as_there_are_places() -> None:
    assert [seats_for(wanted, POLICY) for wanted in (3, 4, 5, 10, 11, 99)] == [5, 6, 7, 12, 12, 12]


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
    assert Standing(seats=5, answered=3, wanted=4).board(POLICY) is Board.OPEN


def test_what_is_kept_for_an_invited_lawyer_is_open_to_nobody_else() -> None:
    assert Standing(seats=2, answered=0, wanted=3, kept=2).board(POLICY) is Board.OPEN
    assert Standing(seats=2, answered=0, wanted=3, kept=3).board(POLICY) is Board.FULL
    # Answers disagree, and a senior lawyer's is looked for; then a follow-up is left waiting besides.
    assert Standing(seats=3, answered=3, wanted=4, kept=1).board(POLICY) is Board.FULL
    assert Standing(seats=3, answered=3, wanted=5, kept=1).board(POLICY) is Board.OPEN


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
        "idle": 0,
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
        ({"invited_open": 3, "invited_until": after(180), "places": [1, 2]}, dispatch.SEATS_RESERVED),
        ({"invited_open": 3, "invited_until": after(180), "places": [1]}, 2),
        ({"invited_open": 3, "invited_until": after(180), "places": [1, 2], "now": after(180)}, 3),
        ({"invited": True, "invited_open": 2, "invited_until": after(180), "places": [1, 2]}, 3),
        # Hers she has had; those of the others she does not get.
        (
            {"invited": True, "invited_open": 2, "invited_until": after(180), "places": [1, 2, 3]},
            dispatch.SEATS_RESERVED,
        ),
        ({"invited": True, "local": False, "invited_until": after(180), "places": [1, 2, 3]}, 4),
        ({"invited": True, "local": False, "places": [1, 2, 3]}, dispatch.SEATS_RESERVED),
        ({"invited_open": 1, "invited_until": after(900), "answered": 3, "wanted": 4}, dispatch.SEATS_RESERVED),
        ({"invited_open": 1, "invited_until": after(900), "answered": 3, "wanted": 5}, 1),
        ({"invited": True, "invited_until": after(900), "places": [1, 2, 3], "answered": 3, "wanted": 4}, 4),
        ({"conflict": True}, dispatch.CONFLICT_OF_INTEREST),
        ({"conflict": True, "places": [1, 2, 3, 4, 5]}, dispatch.CONFLICT_OF_INTEREST),
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


WHO = st.sampled_from(["local", "other", "named 0", "named 1", "named 2"])
STEP = st.one_of(
    st.tuples(st.just("claim"), WHO),
    st.tuples(st.just("decline"), WHO),
    st.tuples(st.just("leave"), st.integers(1, 5)),
    st.tuples(st.just("answer"), st.integers(1, 5)),
    st.tuples(st.just("wait"), st.integers(1, 90)),
)


class Town:
    """A board as `door.board` would lend it, with up to three lawyers whom the asker chose."""

    def __init__(self, named: list[bool]) -> None:
        self.local = {f"named {n}": local for n, local in enumerate(named)} | {"local": True, "other": False}
        self.open = {who for who in self.local if who.startswith("named")}
        self.seats: dict[int, tuple[str, bool]] = {}
        self.answered: set[int] = set()
        self.time = 0

    def look(self, who: str) -> int | Code:
        named = who.startswith("named")
        return claim(
            now=after(self.time),
            local=self.local[who],
            places=sorted(self.seats),
            locals=sum(local for _, local in self.seats.values()),
            answered=len(self.answered),
            invited=named,
            invited_open=len(self.open - {who}),
            invited_until=after(180) if len(self.local) > 2 else None,
        )

    def do(self, what: str, whom: Any) -> None:
        seated = {who for who, _ in self.seats.values()}
        if what == "wait":
            self.time += whom
        elif what == "decline" and whom not in seated:
            self.open.discard(whom)
        elif what == "leave" and whom not in self.answered:
            self.seats.pop(whom, None)
        elif what == "answer" and whom in self.seats:
            self.answered.add(whom)
        elif what == "claim" and whom in self.local and whom not in seated - {"local", "other"}:
            place = self.look(whom)
            if isinstance(place, int):
                assert place not in self.seats
                self.seats[place] = whom, self.local[whom]
                self.open.discard(whom)


@given(st.lists(st.booleans(), max_size=3), st.lists(STEP, max_size=30))
def test_who_was_invited_finds_her_place_and_nobody_is_locked_out_for_ever(
    named: list[bool], steps: list[tuple[str, Any]]
) -> None:
    town = Town(named)
    for what, whom in steps:
        town.do(what, whom)
        assert len(town.seats) <= POLICY.seats
        filled = len(town.answered) >= POLICY.promised
        if town.time < 180 and not filled:
            assert all(isinstance(town.look(who), int) for who in town.open)
        kept = len(town.open) if town.time < 180 else 0
        board = Standing(len(town.seats), len(town.answered), 3, kept).board(POLICY)
        assert isinstance(town.look("local"), int) == (board is Board.OPEN)
        if town.time >= 180 and not filled and len(town.seats) < POLICY.seats:
            assert isinstance(town.look("other"), int)


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
