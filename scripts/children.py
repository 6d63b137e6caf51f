"""Processes that live no longer than the one who started them, and the supervisor who looks after them."""

import contextlib
import ctypes
import os
import pwd
import signal
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from signal import Signals
from typing import NoReturn

SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG in prctl(2)
FIRST_PAUSE, LONGEST_PAUSE, CALM = 0.2, 5.0, 30.0  # seconds
LARGEST_LOG = 10_000_000  # bytes

# Looked up here, because between fork and exec nothing may be imported.
_prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None


@dataclass(frozen=True)
class Account:
    """The user that a child runs as, where that is not ourselves."""

    uid: int
    gid: int


def humble_account() -> Account | None:
    """`nobody` when we are root (PostgreSQL refuses to run as root), otherwise None: ourselves."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid)


@dataclass(eq=False)
class Child:
    """A program to be kept running, its output in `log`. If we die, the kernel (Linux) sends `orphaned`."""

    name: str
    command: Sequence[str]
    log: Path
    env: Mapping[str, str]
    cwd: Path
    account: Account | None = None
    farewell: Signals = Signals.SIGTERM
    patience: float = 12.0  # seconds from farewell to SIGKILL
    orphaned: Signals = Signals.SIGKILL
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        """Raises OSError where the program cannot be started."""
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError("the kernel ends a child with the thread that started it: use the main thread")
        self.note("starting")
        with self.log.open("ab") as log, bound_to_us(self.orphaned) as bind:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self.env,
                cwd=self.cwd,
                # Ctrl-C goes to us alone: the order of leaving is ours to decide.
                start_new_session=True,
                # Runs after the change of user, which would clear the signal.
                preexec_fn=bind,
                user=self.account.uid if self.account else None,
                group=self.account.gid if self.account else None,
                extra_groups=[] if self.account else None,
            )

    def ended(self) -> int | None:
        """The exit code, negative for a signal; None while it runs. RuntimeError before the first start."""
        if self.process is None:
            raise RuntimeError(f"{self.name} was never started")
        return self.process.poll()

    def stop(self) -> None:
        stop_together([self])

    def say_farewell(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(self.farewell)

    def leave(self, told: float) -> None:
        """Wait for the farewell, said at `told` (monotonic seconds), to take effect; then end it."""
        if self.process is None:
            return
        try:
            self.process.wait(max(told + self.patience - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            self.note(f"did not stop within {self.patience:.0f} s, killed")
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(self.patience)

    def note(self, words: str) -> None:
        """One line of ours in the child's log."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.rename(f"{self.log}.1")
        with self.log.open("a") as log:
            log.write(f"---- {datetime.now(UTC):%Y-%m-%d %H:%M:%S}Z {self.name}: {words}\n")

    def last_words(self, lines: int = 12) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


class Supervisor:
    """Keeps children running, and lets them leave in the reverse order in which they were taken in."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._ranks: list[list[_Watch]] = []

    def take(self, children: Iterable[Child]) -> None:
        """Look after these from now on, starting those who do not run yet. They will leave side by side."""
        rank: list[_Watch] = []
        self._ranks.append(rank)
        for child in children:
            if child.process is None:
                child.start()
            rank.append(_Watch(child, since=time.monotonic()))

    def tend(self) -> None:
        """One look at everyone: whoever died starts again after a pause that grows while it keeps dying."""
        for watch in (watch for rank in self._ranks for watch in rank):
            for words in watch.tend(time.monotonic()):
                self._say(words)

    def run(self, heed: Callable[[], None]) -> NoReturn:
        """Tend until `heed` raises."""
        while True:
            heed()
            self.tend()
            time.sleep(0.1)

    def stop(self) -> None:
        while self._ranks:
            stop_together([watch.child for watch in self._ranks[-1]])
            self._ranks.pop()


@dataclass(eq=False)
class _Watch:
    child: Child
    since: float
    pause: float = FIRST_PAUSE
    due: float | None = None

    def tend(self, now: float) -> Iterable[str]:
        if self.due is not None:
            if now >= self.due:
                self._start(now)
            return
        code = self.child.ended()
        if code is None:
            return
        if now - self.since >= CALM:
            self.pause = FIRST_PAUSE
        self.due = now + self.pause
        words = f"ended ({_reason(code)}), starts again in {self.pause:.1f} s"
        self.pause = min(self.pause * 2, LONGEST_PAUSE)
        self.child.note(words)
        yield f"{self.child.name} {words}; see {self.child.log}"

    def _start(self, now: float) -> None:
        try:
            self.child.start()
        except OSError as error:
            self.child.note(f"could not start: {error}")
            self.due = now + self.pause
            self.pause = min(self.pause * 2, LONGEST_PAUSE)
        else:
            self.since, self.due = now, None


def stop_together(children: Sequence[Child]) -> None:
    """Ask all to leave, then wait: the slowest alone decides how long it takes."""
    told = time.monotonic()
    for child in children:
        child.say_farewell()
    for child in children:
        child.leave(told)


def _reason(code: int) -> str:
    return f"exit code {code}" if code >= 0 else Signals(-code).name


@contextmanager
def bound_to_us(last: Signals) -> Iterator[Callable[[], None] | None]:
    """What a child has to do between fork and exec, so that the kernel sends it `last` when we die (Linux)."""
    if _prctl is None:
        yield None
        return
    prctl, number, parent = _prctl, int(last), os.getpid()

    def bind() -> None:
        prctl(SET_PARENT_DEATH_SIGNAL, number)
        # The parent may have died before the kernel knew whom to tell.
        if os.getppid() != parent:
            os._exit(1)

    with warnings.catch_warnings():
        # Python warns of forks while there are threads; `bind` takes no lock that one of them could hold.
        warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
        yield bind
