"""The demo plays the main job end to end, counts what came of it, and leaves nothing behind."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.demo import main
from tests.scripts.launchers import ROOT, wait_until_gone


def demo(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "scripts.demo", "--plain", *arguments]
    environment = os.environ | {"TMPDIR": str(folder)}
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


def test_three_questions_are_played_to_their_end(place: Path) -> None:
    said = ["--count", "3", "--breach", "1", "--lawyers", "40", "--responsive", "0.9", "--speed", "40"]
    with demo(place, *said, "--json", str(place / "figures.json"), "--picture", str(place / "demo.svg")) as process:
        words, _ = process.communicate(timeout=200)
    assert process.returncode == 0, words
    assert "resolved: 3 of 3" in words
    assert "mini-program messages" in words.splitlines()[-1]
    found = json.loads((place / "figures.json").read_text())
    assert (found["questions"], found["lost"], found["failures"]) == (3, 0, {})
    assert found["kept"] + found["broken_then_kept"] == 3
    assert found["planned"] == {"questions": 1, "kept_after": 1}
    assert (found["spoken"]["questions"], found["spoken"]["heard"] >= 3) == (1, True)
    assert found["callbacks"] >= 1
    assert found["follow_ups"]["asked"] == found["follow_ups"]["answered"] == 2
    assert 0 < found["follow_ups"]["median"] < 1800
    assert found["ratings"]["n"] >= 9
    assert 2 <= found["ratings"]["mean"] <= 5
    assert (found["speed"], found["lawyers"]) == (40, 40)
    assert 0 < found["first"]["median"] <= found["third"]["median"]
    assert found["offers_per_question"] >= 3
    assert {"●", "★"} <= set((place / "demo.svg").read_text("utf-8"))
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


@pytest.mark.parametrize("option", ["--json", "--picture"])
def test_a_file_that_cannot_be_written_is_said_before_anybody_asks(
    option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for file in (tmp_path, tmp_path / "nowhere" / "figures"):
        with pytest.raises(SystemExit, match="2"):
            main([option, str(file), "--url", "http://127.0.0.1:1/graphql"])
        assert f"{file} cannot be written" in capsys.readouterr().err
