"""The demo plays the main job end to end, counts what came of it, and leaves nothing behind."""

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from scripts.hindrance import Hindrance
from scripts.playing import texts
from scripts.playing.board import Asked, Board
from scripts.playing.figures import figures, shortcomings
from scripts.playing.residents import Catalogue
from tests.scripts.launchers import ROOT, wait_until_gone

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def demo(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "scripts.demo", "--plain", *arguments]
    environment = os.environ | {"TMPDIR": str(folder)}
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


def test_three_questions_are_played_to_their_end(place: Path) -> None:
    said = ["--count", "3", "--lawyers", "40", "--responsive", "0.9", "--speed", "40"]
    with demo(place, *said, "--json", str(place / "figures.json"), "--picture", str(place / "demo.svg")) as process:
        words, _ = process.communicate(timeout=120)
    assert process.returncode == 0, words
    assert "3 of 3" in words
    found = json.loads((place / "figures.json").read_text())
    assert (found["questions"], found["lost"], found["failures"]) == (3, 0, {})
    assert found["kept"] + found["broken_then_kept"] == 3
    assert (found["speed"], found["lawyers"]) == (40, 40)
    assert 0 < found["first"]["median"] <= found["third"]["median"]
    assert found["offers_per_question"] >= 3
    assert "◐" in (place / "demo.svg").read_text("utf-8")
    wait_until_gone(str(place))
    assert {entry.name for entry in place.iterdir()} == {"figures.json", "demo.svg"}


def test_ctrl_c_closes_the_house_and_clears_its_data_away(place: Path) -> None:
    with demo(place, "--count", "1", "--lawyers", "3") as process:
        assert process.stdout
        assert process.stdout.readline().startswith("Opening a house")
        while not list(place.glob("demo-*/var/servers")):
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        words = process.stdout.read()
    assert (process.returncode, words) == (130, "Ended early.\n")
    wait_until_gone(str(place))
    assert not list(place.iterdir())


@pytest.mark.parametrize("where", [["--data", "nowhere"], ["--url", "http://127.0.0.1:1/graphql", "--data", "."]])
def test_a_house_that_is_not_there_is_said_in_a_sentence(place: Path, where: list[str]) -> None:
    demo_json = {"url": "http://127.0.0.1:2/graphql", "wsUrl": "ws://127.0.0.1:2/graphql", "resident": [], "lawyer": []}
    (place / "demo.json").write_text(json.dumps(demo_json))
    where = [str(place) if word == "." else word for word in where]
    with demo(place, *where) as process:
        words, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "holds no demo.json" in words or "No house answers at http://127.0.0.1:1/graphql" in words


# What is counted ---------------------------------------------------------------------------------------------------


def asked(number: int, *, first: float, third: float | None, told: bool = False) -> Asked:
    """Asked under a policy 20 times as fast; `first` and `third` in seconds of the city's policy."""
    at = NOON + timedelta(seconds=number)
    one = Asked(str(number), "劳动社保", at, at + timedelta(seconds=30), told_broken=told)
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
