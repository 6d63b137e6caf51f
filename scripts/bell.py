"""Ctrl-C and its kin."""

import signal
from types import FrameType

NUMBERS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Closing(Exception):
    """The person at the terminal, or the system, wants the house to close."""


class Bell:
    """Rings when the house is to close; ringing it again changes nothing.

    It never interrupts: an exception out of a signal handler can leave the lock of a `subprocess.Popen` held
    for ever. Whoever waits asks `heed` where it is safe to stop.
    """

    def __init__(self) -> None:
        self.rung = False
        for number in NUMBERS:
            # Not SIG_IGN while there are children: they would inherit it.
            signal.signal(number, self._ring)

    def heed(self) -> None:
        if self.rung:
            raise Closing

    def take_down(self) -> None:
        """For the interpreter's last moments, in which it would restore the default."""
        for number in NUMBERS:
            signal.signal(number, signal.SIG_IGN)

    def _ring(self, number: int, frame: FrameType | None) -> None:
        self.rung = True
