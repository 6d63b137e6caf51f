"""What the demo counts of a run, what its residents choose, and what its people say."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from rich.console import Console
from websockets.exceptions import ConnectionClosedError
from websockets.frames import Close

from app.consultation.rules.answering import Content, against_content, counts
from app.consultation.rules.asking import BRIEF_MAX
from app.screening.rules.closing import closes
from app.screening.rules.contacts import against_solicitation
from app.screening.rules.sketches import SIMILAR, similarity, sketch
from scripts.hindrance import Hindrance
from scripts.playing import advice, texts
from scripts.playing.board import Asked, Board, FollowUp
from scripts.playing.figures import figures, shortcomings
from scripts.playing.residents import BRIEF_CUT, OVERLOOKED, Catalogue
from scripts.playing.view import line, report
from scripts.playing.wire import asked_to_wait

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)

# What is counted ---------------------------------------------------------------------------------------------------


def asked(number: int, *, first: float, third: float | None, told: bool = False, planned: bool = False) -> Asked:
    """Asked under a policy 20 times as fast; `first` and `third` in seconds of the city's policy."""
    at = NOON + timedelta(seconds=number)
    one = Asked(str(number), "劳动社保", at, at + timedelta(seconds=30), told_broken=told, planned=planned)
    one.first_at = at + timedelta(seconds=first / 20)
    one.third_at = at + timedelta(seconds=third / 20) if third else None
    one.given_up = third is None
    return one


def board(*questions: Asked) -> Board:
    return Board(len(questions), questions={one.id: one for one in questions})


def test_times_are_told_in_the_citys_own_seconds() -> None:
    seen = board(*(asked(n, first=100 + n, third=300 + n) for n in range(20)))
    seen.offers.update({one.asked_at: 50 + n for n, one in enumerate(seen.questions.values())})
    found = figures(seen)
    assert (found.first.median, found.first.p95) == (109.0, 118.0)
    assert (found.third.median, found.third.p95) == (309.0, 318.0)
    assert (found.kept, found.offers_per_question) == (20, 59.5)
    assert shortcomings(found, 20, 0.2) == []
    assert shortcomings(found, 21, 0.2) == ["only 20 of 21 questions came to their end"]


@pytest.mark.parametrize(
    ("late", "lost"),
    [
        (asked(1, first=100, third=700, told=True), 0),
        (asked(1, first=100, third=700), 1),
        (asked(1, first=100, third=None, told=True), 1),
    ],
    ids=["said so, then kept", "never said so", "never kept"],
)
def test_a_broken_promise_must_be_owned_up_to_and_then_kept(late: Asked, lost: int) -> None:
    found = figures(board(asked(0, first=100, third=500), late))
    assert (found.kept, found.broken_then_kept, found.lost) == (1, 1 - lost, lost)
    assert bool(shortcomings(found, 2, 0.2)) == bool(lost)


def test_a_hundred_questions_are_held_to_the_citys_shares() -> None:
    broken = [asked(n, first=100, third=700, told=True) for n in range(4)]
    found = figures(board(*broken, *(asked(n, first=100, third=500) for n in range(4, 100))))
    assert shortcomings(found, 100, 0.1) == ["third answer in time for 96.0%, not for 97%"]
    assert shortcomings(found, 100, 0.05) == []


@pytest.mark.parametrize(
    ("broken", "missing"),
    [
        (asked(1, first=700, third=900, told=True, planned=True), []),
        (asked(1, first=700, third=900, planned=True), ["1 of 1 planned breaches not told, or not kept afterwards"]),
        (
            asked(1, first=700, third=None, told=True, planned=True),
            ["1 of 1 planned breaches not told, or not kept afterwards"],
        ),
    ],
    ids=["told, then kept", "never told", "never kept"],
)
def test_a_breach_that_was_planned_is_judged_apart_from_the_promise(broken: Asked, missing: list[str]) -> None:
    broken.callback = True
    found = figures(board(*(asked(n, first=100, third=500) for n in range(2, 102)), broken))
    assert (found.kept, found.third.of, found.third.share, found.lost) == (100, 100, 1.0, 0)
    assert (found.broken_then_kept, found.callbacks) == (1 - len(missing), 1)
    assert (found.planned.questions, found.planned.kept_after) == (1, 1 - len(missing))
    assert shortcomings(found, 101, 0.2) == missing


def asked_back(one: Asked, *, after: float, reply: float | None, late: bool = False) -> None:
    """`after` and `reply` in seconds of the city's policy, counted from its asking and from the follow-up's."""
    at = one.asked_at + timedelta(seconds=after / 20)
    replied = at + timedelta(seconds=reply / 20) if reply else None
    one.follow_ups[f"{one.id} {after}"] = FollowUp(at, replied, waits=reply is None, late=late)


def test_what_came_afterwards_is_counted_and_an_unanswered_follow_up_is_a_shortcoming() -> None:
    first, second, third = (asked(n, first=100, third=300) for n in range(3))
    asked_back(first, after=400, reply=240)
    asked_back(first, after=900, reply=2000, late=True)
    asked_back(second, after=400, reply=300)
    first.stars, second.stars = {"a": 5, "b": 4, "c": 2}, {"d": 5}
    first.resolved = second.resolved = True
    seen = board(first, second, third)
    found = figures(seen)
    back = found.follow_ups
    assert (back.asked, back.answered, back.median, back.late) == (3, 3, 300.0, 1)
    assert (found.ratings.n, found.ratings.mean, found.ratings.share, found.resolved) == (4, 4.0, 0.75, 2)
    assert shortcomings(found, 3, 0.2) == []
    asked_back(third, after=400, reply=None)
    assert shortcomings(figures(seen), 3, 0.2) == ["1 of 4 follow-ups without a reply"]
    assert line(first).endswith("✓✓ ★ 5 4 2")
    assert line(third).endswith("…")


def test_the_report_has_words_for_a_run_on_which_nobody_asked_back() -> None:
    found = figures(board(asked(0, first=100, third=300)))
    assert found.ratings.mean is found.ratings.share is found.follow_ups.median is None
    console = Console(width=120)
    with console.capture() as said:
        console.print(report(found, 60))
    assert "Promise kept 1 of 1" in said.get()
    assert "0 asked, 0 answered, after - (median), 0 late" in said.get()


def frame(*follow_ups: dict[str, Any]) -> dict[str, Any]:
    mark = {"dueAt": None, "reachedAt": None, "late": False}
    promise = {"firstAnswer": mark, "lastAnswer": mark}
    answers = [{"id": "A", "lawyer": {"id": "L"}}]
    shown = {"lawyersWriting": 1, "promise": promise, "answers": answers, "followUps": list(follow_ups)}
    return {"question": shown, "events": []}


def test_an_older_frame_does_not_forget_what_was_asked_back_meanwhile_and_thanks_are_no_follow_up() -> None:
    one = asked(0, first=100, third=300)
    waits = {"id": "F", "state": "WAITING", "askedAt": NOON.isoformat(), "clock": {"reachedAt": None, "late": False}}
    thanks = {"id": "T", "state": "STOPPED", "askedAt": NOON.isoformat(), "clock": None}
    one.take(frame(waits, thanks))
    one.take(frame())
    assert list(one.follow_ups) == ["F"]
    assert one.follow_ups["F"].waits
    one.take(frame(waits | {"state": "ANSWERED", "clock": {"reachedAt": NOON.isoformat(), "late": False}}))
    assert (one.follow_ups["F"].waits, one.follow_ups["F"].replied_at) == (False, NOON)
    assert one.answered_by == {"A": "L"}


def test_a_run_is_over_with_the_later_life_of_its_last_question() -> None:
    one = asked(0, first=100, third=300)
    seen = board(one)
    assert not seen.over
    one.over_at = NOON
    assert seen.over
    seen.wanted = 2
    assert not seen.over
    seen.not_sent = 1
    assert seen.over
    assert shortcomings(figures(seen), 2, 0.2) == []


# What is said ------------------------------------------------------------------------------------------------------


def test_what_the_demos_people_say_is_taken_as_what_it_is() -> None:
    assert all(closes(thanks) for thanks in texts.THANKS)
    assert not any(closes(body) for body in texts.FOLLOW_UPS)
    assert not any(against_solicitation(body, "body") for body in texts.REPLIES)
    assert BRIEF_CUT + len(OVERLOOKED.format(99_999)) <= BRIEF_MAX


def test_no_two_lawyers_of_the_demo_copy_from_each_other() -> None:
    secret = bytes(32)
    drawn = []
    for seat in range(40):
        said = advice.answer("labour", Random(f"seat {seat}"))
        content = Content(**{"next_steps" if name == "nextSteps" else name: part for name, part in said.items()})
        assert against_content(content) == []
        assert counts(content, suspect=False)
        drawn.append(sketch(content.text, secret))
    assert max(similarity(one, other) for n, one in enumerate(drawn) for other in drawn[:n]) < SIMILAR


# What is asked -----------------------------------------------------------------------------------------------------

LABOUR = {
    "id": "L",
    "code": "labour",
    "name": "劳动社保",
    "children": [{"id": "W", "code": "labour.wages", "name": "欠薪"}],
}
CONTRACT = {"id": "C", "code": "contract", "name": "合同", "children": []}
OTHER = {"id": "O", "code": "other", "name": "其他", "children": []}
GUESSES = [{"category": {"id": "C", "code": "contract"}}, {"category": {"id": "W", "code": "labour.wages"}}]


@pytest.mark.parametrize(
    ("label", "guesses", "chosen"),
    [
        ("", GUESSES, "C"),
        ("", [], "O"),
        ("劳动社保", GUESSES, "W"),
        ("labour", [], "L"),
        ("labour.wages", [], "W"),
        ("合同纠纷", [], "C"),
        ("天文", GUESSES, "C"),
    ],
)
def test_a_resident_takes_the_guess_that_agrees_with_the_label(
    label: str, guesses: list[dict[str, Any]], chosen: str
) -> None:
    assert Catalogue([LABOUR, CONTRACT, OTHER]).choose(label, guesses) == chosen


def test_questions_come_from_a_file_and_begin_again_where_there_are_too_few(tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text('{"text": "老板欠薪", "category": "labour"}\n\n{"text": "邻居漏水"}\n', "utf-8")
    read = texts.first(texts.read(file), 3)
    assert [(text.body, text.category) for text in read] == [
        ("老板欠薪", "labour"),
        ("邻居漏水", ""),
        ("老板欠薪", "labour"),
    ]
    file.write_text('["no object"]')
    with pytest.raises(Hindrance, match="does not hold questions"):
        texts.read(file)
    assert len(texts.read(texts.OWN)) == 12


# Coming back -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "reason", "seconds"),
    [
        (1012, "GOING_AWAY 2.7", 2.7),
        (1012, "GOING_AWAY 9999", 10.0),
        (1012, "GOING_AWAY -1", 0.0),
        (1012, "", 0.0),
        (1011, "GOING_AWAY 2.7", 0.0),
    ],
)
def test_who_is_sent_away_comes_back_when_the_house_asked(code: int, reason: str, seconds: float) -> None:
    assert asked_to_wait(ConnectionClosedError(Close(code, reason), None)) == seconds
