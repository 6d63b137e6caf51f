"""`scripts/start` says what is wrong before it starts anything."""

import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import ValidationError

from app.settings import Settings
from scripts import admin, rotate_keys
from scripts.database import Urls
from scripts.hindrance import Hindrance
from scripts.house import House, Plan
from scripts.serve import main


def test_a_port_that_is_taken_is_said_at_once(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        plan = Plan("127.0.0.1", port, tmp_path / "var", fresh=False, demo=True, pages=False, environment={})
        with pytest.raises(Hindrance, match=f"Port {port} of .* Choose another with --port"):
            House(plan).start()
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize("port", [-1, 65_536])
def test_a_number_that_is_no_port_is_said_at_once(port: int, tmp_path: Path) -> None:
    plan = Plan("127.0.0.1", port, tmp_path / "var", fresh=False, demo=True, pages=False, environment={})
    with pytest.raises(Hindrance, match=f"Port {port} of .*: port must be 0-65535. Choose another with --port"):
        House(plan).start()


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::", "http://[::1]:8000"),
        ("::1", "http://[::1]:8000"),
        ("2001:db8::7", "http://[2001:db8::7]:8000"),
    ],
)
def test_where_the_house_is_found(host: str, url: str, tmp_path: Path) -> None:
    assert Plan(host, 8000, tmp_path, fresh=False, demo=True, pages=False, environment={}).local_url == url


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"BACKUP_DIR": "var/backups"}, "within the city's own folder"),
        ({"BACKUP_DIR": "backups", "BACKUP_KEYS_DIR": "backups/keys"}, "belong apart"),
        ({"BACKUP_DIR": "backups", "DATABASE_URL": "postgresql://db/town"}, "for the bundled PostgreSQL"),
    ],
)
def test_where_no_backup_can_be_is_said_at_once(
    given: dict[str, str], why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    plan = Plan("127.0.0.1", 0, tmp_path / "var", fresh=False, demo=True, pages=False, environment=given)
    with pytest.raises(Hindrance, match=why):
        House(plan).start()
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize("words", [["--fresh", "--no-demo"], ["--fresh"]])
def test_real_data_is_never_deleted_by_an_option(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://127.0.0.1/town")
    with pytest.raises(SystemExit, match="2"):
        main(words)


def test_the_running_house_never_learns_the_logins_of_its_operator(tmp_path: Path) -> None:
    given = {"DATABASE_URL": "postgresql://boss@db/town", "PGPASSWORD": "boss", "PUBLIC_URL": "https://law.example"}
    plan = Plan("127.0.0.1", 0, tmp_path, fresh=False, demo=False, pages=False, environment=given)
    owner, api, worker = "postgresql://app_owner:o@db/town", "postgresql://app_api:a@db/town", "postgresql://w@db/town"
    settings = plan.settings(Urls(owner, api, worker), "redis://r/0", tmp_path / "keys", tmp_path / "files")
    assert settings["PUBLIC_URL"] == "https://law.example"
    assert settings["DEMO"] == "0"
    assert not any("boss" in value or "app_owner" in value for value in settings.values())


def test_real_people_are_told_who_asks_them_or_nothing_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WECHAT_APP_ID", "wx0123456789abcdef")
    named = {"OPERATOR_NAME": "济源市司法局", "OPERATOR_CONTACT": "0391-6633148"}
    for missing in ({}, {"OPERATOR_NAME": named["OPERATOR_NAME"]}):
        for name, value in missing.items():
            monkeypatch.setenv(name, value)
        with pytest.raises(ValidationError, match="OPERATOR_NAME and OPERATOR_CONTACT are an example's"):
            Settings()
    for given in (named, {"DEMO": "1"}, {"WECHAT_URL": "http://127.0.0.1:1"}):
        with monkeypatch.context() as this:
            for name in named:
                this.delenv(name, raising=False)
            for name, value in given.items():
                this.setenv(name, value)
            Settings()


@pytest.mark.parametrize("main", [admin.main, rotate_keys.main])
def test_keys_are_never_kept_where_somebody_happens_to_stand(
    main: Callable[[list[str]], int],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """KEYS_DIR= in a shell's file is an empty path, and that is the folder where one stands."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KEYS_DIR", "")
    with pytest.raises(ValidationError, match="KEYS_DIR is empty"):
        Settings()
    with pytest.raises(Hindrance, match="KEYS_DIR is empty"):
        House(
            Plan("127.0.0.1", 0, tmp_path / "var", False, demo=True, pages=False, environment={"KEYS_DIR": ""})
        ).start()
    with pytest.raises(SystemExit):
        main(["--owner-url", "postgresql://nobody", *(["--phone", "13800000000"] if main is admin.main else [])])
    assert "KEYS_DIR is empty" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
