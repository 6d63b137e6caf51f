"""Who dies is replaced, who stays outlives nobody, and everybody leaves in order."""

import signal
import sys
import threading
import time
from itertools import pairwise
from pathlib import Path

import pytest

from scripts import children
from scripts.children import Child, Supervisor
from tests.scripts.launchers import launcher, says, wait_until_gone

# A supervisor with a calm child and one that does not listen.
HOUSE = """
import sys, time
from pathlib import Path
from scripts.children import Child, Supervisor
from scripts.bell import Bell, Closing
folder, bell = Path(sys.argv[1]), Bell()
def child(name, program):
    return Child(name, [sys.executable, "-SEc", program, str(folder)], folder / f"{name}.log", {}, folder, patience=0.5)
STUBBORN = (
    "import pathlib, signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "(pathlib.Path(sys.argv[1]) / 'deaf').touch(); time.sleep(100)"
)
supervisor = Supervisor(print)
supervisor.take([child("calm", "import time; time.sleep(100)"), child("stubborn", STUBBORN)])
while not (folder / "deaf").exists():
    time.sleep(0.01)
print("open", flush=True)
try:
    supervisor.run(bell.heed)
except Closing:
    supervisor.stop()
    print("closed", flush=True)
bell.take_down()
"""


def python(name: str, program: str, folder: Path) -> Child:
    return Child(name, [sys.executable, "-SEc", program, str(folder)], folder / f"{name}.log", {}, folder)


def test_who_keeps_dying_starts_again_after_ever_longer_pauses(tmp_path: Path) -> None:
    said: list[str] = []
    note_the_time = "import sys, time; open(sys.argv[1] + '/starts', 'a').write(f'{time.time()}\\n'); sys.exit(3)"
    supervisor = Supervisor(said.append)
    supervisor.take([python("restless", note_the_time, tmp_path)])
    starts = tend_until_started(supervisor, tmp_path, times=4)
    supervisor.stop()

    pauses = [later - earlier for earlier, later in pairwise(starts)]
    for pause, least in zip(pauses, (0.2, 0.4, 0.8), strict=True):
        assert least <= pause < least + 0.6
    assert said[0] == f"restless ended (exit code 3), starts again in 0.2 s; see {tmp_path / 'restless.log'}"


def test_a_calm_life_earns_the_shortest_pause_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "CALM", 0.05)
    said: list[str] = []
    live_a_little = "import sys, time; open(sys.argv[1] + '/starts', 'a').write('0\\n'); time.sleep(0.1)"
    supervisor = Supervisor(said.append)
    supervisor.take([python("mortal", live_a_little, tmp_path)])
    tend_until_started(supervisor, tmp_path, times=3)
    supervisor.stop()

    assert all("starts again in 0.2 s" in words for words in said)


def test_a_killed_supervisor_leaves_no_child(tmp_path: Path) -> None:
    with launcher(HOUSE, str(tmp_path)) as house:
        assert says(house) == ["open"]
        house.kill()
    wait_until_gone(str(tmp_path))


def test_ctrl_c_ends_everybody_and_a_second_one_is_harmless(tmp_path: Path) -> None:
    with launcher(HOUSE, str(tmp_path)) as house:
        assert says(house) == ["open"]
        for number in (signal.SIGINT, signal.SIGINT, signal.SIGTERM):
            house.send_signal(number)
            time.sleep(0.05)
        assert says(house) == ["closed"]
        assert house.wait(10) == 0
    wait_until_gone(str(tmp_path))
    assert "stubborn: did not stop" in (tmp_path / "stubborn.log").read_text()


def test_the_last_to_come_are_the_first_to_leave(tmp_path: Path) -> None:
    say_goodbye = (
        "import pathlib, signal, sys, time\n"
        "folder = pathlib.Path(sys.argv[1])\n"
        "def leave(*_):\n"
        "    with open(folder / 'goodbyes', 'a') as goodbyes: goodbyes.write(NAME)\n"
        "    sys.exit()\n"
        "signal.signal(signal.SIGTERM, leave)\n"
        "(folder / f'{NAME}.here').touch()\n"
        "time.sleep(100)"
    )
    supervisor = Supervisor(print)
    for name in ("a", "b", "c"):
        supervisor.take([python(name, f"NAME = '{name}'\n{say_goodbye}", tmp_path)])
    deadline = time.monotonic() + 10
    while len(list(tmp_path.glob("*.here"))) < 3:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    supervisor.stop()

    assert (tmp_path / "goodbyes").read_text() == "cba"


def test_a_child_is_not_bound_to_a_thread_that_may_end(tmp_path: Path) -> None:
    refused: list[str] = []

    def start() -> None:
        try:
            python("child", "pass", tmp_path).start()
        except RuntimeError as error:
            refused.append(str(error))

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    assert refused == ["the kernel ends a child with the thread that started it: use the main thread"]


def tend_until_started(supervisor: Supervisor, folder: Path, times: int) -> list[float]:
    starts: list[float] = []
    deadline = time.monotonic() + 10
    while len(starts) < times:
        assert time.monotonic() < deadline, starts
        supervisor.tend()
        if (folder / "starts").exists():
            starts = [float(line) for line in (folder / "starts").read_text().splitlines()]
        time.sleep(0.01)
    return starts
