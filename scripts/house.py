"""Everything that runs when scripts/start has run: servers, roles, tables, keys, and the processes of the house."""

import asyncio
import json
import socket
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx
from rich.console import Console
from rich.table import Table

from app.outside import fakes
from app.outside.keys import FileKeys
from app.serve import PATIENCE as PATIENCE_OF_API
from app.settings import NO_KEYS_DIR
from scripts import build_pages, database
from scripts.backups.shelf import keep_apart
from scripts.children import Child, Supervisor
from scripts.database import Urls
from scripts.embedded import Embedded, free_port
from scripts.folder import DataFolder
from scripts.hindrance import Hindrance

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60  # seconds until the API answers
ROLE_URLS = ("OWNER_DATABASE_URL", "API_DATABASE_URL", "WORKER_DATABASE_URL")
# Logins that can do more than the running house may.
OPERATORS_OWN = ("DATABASE_URL", "OWNER_DATABASE_URL")

out = Console(highlight=False, soft_wrap=True)


@dataclass(frozen=True)
class Plan:
    host: str
    port: int
    data: Path
    fresh: bool
    demo: bool
    pages: bool
    """Whether the pages are built where they are not yet."""
    environment: Mapping[str, str]

    @property
    def local_url(self) -> str:
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    @property
    def drain_seconds(self) -> float:
        """Nobody sends a demo requests who would look whether it is ready: Ctrl-C stays quick."""
        return float(self.environment.get("DRAIN_SECONDS") or (0 if self.demo else 5))

    def settings(self, urls: Urls, redis_url: str, keys: Path, files: Path) -> dict[str, str]:
        """What app/settings.py reads. The owner's login is not among it."""
        inherited = {
            name: value
            for name, value in self.environment.items()
            if name not in OPERATORS_OWN and not name.startswith("PG")
        }
        return (
            {"PUBLIC_URL": self.local_url}
            | inherited
            | {
                "PYTHONUNBUFFERED": "1",
                "API_DATABASE_URL": urls.api,
                "WORKER_DATABASE_URL": urls.worker,
                "REDIS_URL": redis_url,
                "KEYS_DIR": str(keys),
                "FILES_DIR": str(files),
                "DEMO": "1" if self.demo else "0",
                "DRAIN_SECONDS": str(self.drain_seconds),
            }
        )


class House:
    """Everything that runs, from first to last; `stop` may be called at any time, and more than once."""

    def __init__(self, plan: Plan, heed: Callable[[], None] = lambda: None) -> None:
        """`heed` is called where it is safe to stop, and may raise."""
        self.plan = plan
        self._heed = heed
        self._folder = DataFolder(plan.data, holds="demo data" if plan.demo else "real data")
        self._logs = self._folder.path / "logs"
        self._servers: Embedded | None = None
        self._supervisor = Supervisor(_say)
        self._building: Child | None = None

    def start(self) -> None:
        """Return when the API answers. Raises Hindrance where something stands in the way."""
        if self.plan.environment.get("KEYS_DIR") == "":
            raise Hindrance(f"{NO_KEYS_DIR}.")
        _check_port(self.plan)
        _check_backup(self.plan)
        self._folder.claim()
        if self.plan.fresh or self._folder.condemned:
            self._wipe()
        self._build_pages()
        _tell("Starting the servers ...")
        redis_url = self._start_servers()
        urls = asyncio.run(_open_database(self.plan.environment, self._folder, self._servers))
        asyncio.run(database.check_redis(redis_url))
        self._heed()
        asyncio.run(database.dedicate(urls.owner, self._folder.holds))
        _tell("Bringing the tables up to date ...")
        database.migrate(urls.owner)
        keys = Path(self.plan.environment.get("KEYS_DIR", self._folder.path / "keys")).resolve()
        FileKeys.make(keys)
        files = Path(self.plan.environment.get("FILES_DIR", self._folder.path / "files")).resolve()

        environment = self.plan.settings(urls, redis_url, keys, files)
        environment.setdefault("TRUSTED_MANIFEST", str(self._folder.path.resolve() / "trusted.json"))
        if self.plan.demo:
            fake_port = free_port()
            environment |= fakes.settings(f"http://127.0.0.1:{fake_port}")
            environment["DEMO_PEOPLE"] = str(self._folder.path / "demo.json")
            fake = self._child("fakes", environment, "app.outside.fakes", "--port", str(fake_port))
            self._supervisor.take([fake])
        if self.plan.environment.get("BACKUP_DIR"):
            self._supervisor.take([self._backup(environment)])
        members = self._members(environment)
        _tell("Opening the house ...")
        self._supervisor.take(members)
        self._await_answer(members[0])
        if self.plan.demo:
            self._seed(environment, urls.owner, keys)
        self._welcome(environment["PUBLIC_URL"])

    def run(self) -> None:
        self._supervisor.run(self._meanwhile)

    def stop(self) -> None:
        if self._building:
            self._building.stop()
        self._supervisor.stop()
        if self._servers:
            self._servers.stop()
        self._folder.release()

    def _meanwhile(self) -> None:
        self._heed()
        if self._building and (code := self._building.ended()) is not None:
            if code == 0:
                out.print("The pages are built.", style="dim")
            else:
                why = self._building.last_words()
                out.print(f"The pages could not be built; all else works. {why}", style="yellow", markup=False)
            self._building = None

    def _build_pages(self) -> None:
        """Beside all else: it takes npm a while, once, and nothing here waits for it."""
        if self.plan.pages and not build_pages.is_current():
            self._building = self._child("pages", self.plan.environment, "scripts.build_pages")
            self._building.start()

    def _wipe(self) -> None:
        self._folder.condemn()
        servers = self._folder.path / "servers"
        if servers.exists():
            Embedded(servers).discard()
        self._folder.wipe()

    def _start_servers(self) -> str:
        """The bundled servers, where nothing replaces them; returns the address of Redis."""
        given = self.plan.environment
        servers = Embedded(
            self._folder.path / "servers",
            logs=self._logs,
            postgres=not any(given.get(name) for name in ("DATABASE_URL", *ROLE_URLS)),
            valkey=not given.get("REDIS_URL"),
            heed=self._heed,
        )
        servers.start()
        self._servers = servers
        # One rank each: Valkey leaves first.
        for child in servers.children:
            self._supervisor.take([child])
        return given.get("REDIS_URL") or servers.redis_url

    def _members(self, environment: Mapping[str, str]) -> list[Child]:
        api = self._child("api", environment, "app.serve", "--host", self.plan.host, "--port", str(self.plan.port))
        # Requests and live sockets that take their time are cut off by the API itself.
        api.patience = self.plan.drain_seconds + PATIENCE_OF_API + 5
        watched = int(environment.get("WORKER_METRICS_PORT") or 0)
        workers = {
            "relay-1": ["workers.relay"],
            "relay-2": ["workers.relay"],
            "worker": ["arq", "workers.main.WorkerSettings"],
        }
        return [
            api,
            *(
                # One port each, from the given one on.
                self._child(name, {**environment, "WORKER_METRICS_PORT": str(watched and watched + number)}, *command)
                for number, (name, command) in enumerate(workers.items())
            ),
        ]

    def _backup(self, environment: Mapping[str, str]) -> Child:
        """Taken in before those who write: it leaves after them, and has all that they wrote."""
        where = ["--data", str(self._folder.path)]
        child = self._child("backup", environment, "scripts.backup", "--follow", *where)
        child.patience = 60.0
        return child

    def _child(self, name: str, environment: Mapping[str, str], *arguments: str) -> Child:
        command = [sys.executable, "-m", *arguments]
        return Child(name, command, self._logs / f"{name}.log", dict(environment), ROOT)

    def _await_answer(self, api: Child) -> None:
        deadline = time.monotonic() + PATIENCE
        while not _answers(self.plan.local_url):
            if api.ended() is not None:
                raise Hindrance(f"The API did not start. The end of {api.log}:\n{api.last_words()}")
            if time.monotonic() > deadline:
                raise Hindrance(f"The API does not answer after {PATIENCE} s; see {api.log}.")
            self._heed()
            self._supervisor.tend()
            time.sleep(0.05)

    def _seed(self, environment: Mapping[str, str], owner_url: str, keys: Path) -> None:
        _tell("Making the demo city, once, and tokens for everybody in it ...")
        folder = str(self._folder.path)
        environment = {**environment, "OWNER_DATABASE_URL": owner_url}  # not as an argument: `ps` would show it
        where = ["--keys-dir", str(keys), "--data", folder]
        seed = self._child("seed", environment, "scripts.seed", *where)
        seed.start()
        try:
            while (code := seed.ended()) is None:
                self._heed()
                self._supervisor.tend()
                time.sleep(0.05)
        finally:
            seed.stop()
        if code != 0:
            raise Hindrance(f"The demo city could not be made. The end of {seed.log}:\n{seed.last_words()}")

    def _welcome(self, url: str) -> None:
        table = Table("who", "how", title="The house is open", title_justify="left", show_header=False)
        if self.plan.demo:
            path = self._folder.path / "demo.json"
            demo = json.loads(path.read_text())
            table.add_row("GraphQL", demo["url"])
            table.add_row("demo page", self._page(f"{url}/"))
            table.add_row("GraphiQL", self._page(f"{url}/graphiql/"))
            table.add_row("phones", demo["phones"])
            for role, tokens in demo.items():
                if isinstance(tokens, list) and tokens:
                    counted = f"{len(tokens)} {'token' if len(tokens) == 1 else 'tokens'}"
                    table.add_row(role, "\n".join([counted, *demo.get("posts", {}).get(role, [])]))
            table.caption = f"Tokens are good for a day: {path}"
        else:
            table.add_row("GraphQL", f"{url}/graphql")
            table.add_row("GraphiQL", self._page(f"{url}/graphiql/"))
        out.print(table)
        out.print("Ctrl-C stops everything; the data stays.", style="dim")

    def _page(self, url: str) -> str:
        if self._building:
            return f"{url} (being built, once; it is told when that is done)"
        return url if build_pages.is_current() else "not built: python -m scripts.build_pages"


async def _open_database(given: Mapping[str, str], folder: DataFolder, servers: Embedded | None) -> Urls:
    """The roles' addresses: as the operator gave them, or made with the login that may make roles."""
    present = [given[name] for name in ROLE_URLS if given.get(name)]
    if len(present) == len(ROLE_URLS):
        urls = Urls(*present)
    elif present:
        raise Hindrance(f"{', '.join(ROLE_URLS)} belong together: set all three.")
    else:
        admin = given.get("DATABASE_URL") or (servers.admin_url if servers else "")
        urls = await database.prepare(admin, folder.secret("roles").encode())
    for url in (urls.owner, urls.api, urls.worker):
        await database.check_server(url)
    return urls


def _answers(url: str) -> bool:
    try:
        httpx.get(url, timeout=2, trust_env=False)
    except httpx.TransportError:
        return False
    return True


def _check_port(plan: Plan) -> None:
    """Sooner than the API would find out."""
    family = socket.AF_INET6 if ":" in plan.host else socket.AF_INET
    with socket.socket(family) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((plan.host, plan.port))
        except (OSError, OverflowError) as error:
            why = error.strerror if isinstance(error, OSError) else str(error).removeprefix("bind(): ").rstrip(".")
            raise Hindrance(
                f"Port {plan.port} of {plan.host} cannot be had: {why}. Choose another with --port."
            ) from error


def _check_backup(plan: Plan) -> None:
    """Sooner than the backup would find out."""
    given = plan.environment
    if not (to := given.get("BACKUP_DIR")):
        return
    if any(given.get(name) for name in ("DATABASE_URL", *ROLE_URLS)):
        raise Hindrance("BACKUP_DIR is for the bundled PostgreSQL; a database of your own has backups of its own.")
    keys = given.get("BACKUP_KEYS_DIR")
    keep_apart(Path(to), Path(keys) if keys else None, plan.data)


def _tell(words: str) -> None:
    out.print(words, style="dim")


def _say(words: str) -> None:
    out.print(words, style="yellow")
