"""Where the bundled servers stand: the account they run as, and folders and programs that it can reach."""

import importlib.metadata
import importlib.util
import os
import secrets
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from signal import Signals

from scripts.children import bound_to_us, humble_account
from scripts.folder import keep, remove
from scripts.hindrance import Hindrance

# For a data folder that the servers' account cannot reach (a clone below /root).
ELSEWHERE = Path("/var/lib/legal-service")


class Ground:
    """A place for servers in, or for the sake of, one data folder."""

    def __init__(self, folder: Path) -> None:
        """Raises Hindrance where there is no place that the servers' account could reach."""
        # PostgreSQL refuses to run as root.
        self.account = humble_account()
        self.env = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        self.env |= {"LC_ALL": "C", "TZ": "UTC"}
        self.path = self._reachable(folder)

    def room(self, name: str) -> Path:
        """A folder of its own for a server; nobody else may look inside."""
        room = self.path / name
        room.mkdir(mode=0o700, exist_ok=True)
        self._hand_over(room)
        return room

    def give(self, path: Path, content: str) -> None:
        """A file that the servers' account alone may read."""
        keep(path, content)
        self._hand_over(path)

    def hand_over_all(self, folder: Path) -> None:
        """A folder and all that is in it."""
        self._hand_over(folder)
        for path in folder.rglob("*"):
            self._hand_over(path)

    def within_reach(self, distribution: str, *parts: str) -> Path:
        """The folder that holds `parts` of an installed wheel, or a copy of them that the account can run.

        The parts keep their places beside each other, where the programs look for their libraries.
        """
        package = importlib.util.find_spec(parts[0].split("/")[0])
        if package is None or not package.submodule_search_locations:
            raise Hindrance(f"The package {distribution} is not installed.")
        source = Path(package.submodule_search_locations[0]).parent
        if self._can_enter(source / parts[0]):
            return source
        copy = self.path / f"{distribution}-{importlib.metadata.version(distribution)}"
        if not copy.exists():
            draft = copy.with_name(f"{copy.name}.draft")
            if draft.exists():
                remove(draft)
            for part in parts:
                if (source / part).exists():
                    shutil.copytree(source / part, draft / part, symlinks=True)
            _open_to_all(draft)
            draft.rename(copy)
        return copy

    def run(self, command: Sequence[str], *, cwd: Path = Path("/"), said: str = "") -> None:
        """Run a program to its end as the servers' account. Raises Hindrance with its complaint."""
        with bound_to_us(Signals.SIGKILL) as bind:
            done = subprocess.run(
                command,
                cwd=cwd,
                env=self.env,
                input=said,
                capture_output=True,
                text=True,
                check=False,
                preexec_fn=bind,
                user=self.account.uid if self.account else None,
                group=self.account.gid if self.account else None,
                extra_groups=[] if self.account else None,
            )
        if done.returncode != 0:
            raise Hindrance(f"{Path(command[0]).name} failed: {done.stderr.strip()}")

    def _reachable(self, folder: Path) -> Path:
        link = folder / "elsewhere"
        if link.is_symlink():
            return link.resolve()
        if self._can_enter(folder):
            return folder
        ground = ELSEWHERE / secrets.token_hex(6)
        try:
            ground.mkdir(parents=True)
            ELSEWHERE.chmod(0o711)
            ground.chmod(0o711)
        except OSError as error:
            raise Hindrance(
                f"As root the servers run as nobody, who can neither reach {folder} nor be given {ground} "
                f"({error.strerror}). Choose a data folder below a path that everyone may enter."
            ) from error
        link.symlink_to(ground)
        return ground

    def _can_enter(self, folder: Path) -> bool:
        if self.account is None:
            return True
        try:
            self.run(["/bin/sh", "-c", 'cd -- "$0"', str(folder)])
        except Hindrance:
            return False
        return True

    def _hand_over(self, path: Path) -> None:
        if self.account:
            os.chown(path, self.account.uid, self.account.gid)


def of(folder: Path) -> Path:
    """Where the servers of a data folder stand."""
    link = folder / "elsewhere"
    return link.resolve() if link.is_symlink() else folder


def clear(folder: Path) -> None:
    """Delete what stands elsewhere for the sake of this folder, if anything does."""
    ground = of(folder)
    if ground != folder and ground.is_relative_to(ELSEWHERE):
        # In this order, so that half of it is never taken for the whole.
        (folder / "elsewhere").unlink()
        shutil.rmtree(ground)


def _open_to_all(folder: Path) -> None:
    """A strict umask at installation must not keep the account out of its copy."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (0o555 if mode & 0o100 else 0o444))
