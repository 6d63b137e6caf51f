"""An operator's scripts find the city that runs here, and sign in as the owner of its tables."""

from pathlib import Path

import pytest

from app.outside.keys import FileKeys
from scripts import legal_hold, rotate_keys
from tests.backups.place import Place
from tests.city import City


def test_a_city_is_found_by_its_folder(
    place: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def ask(city: City) -> str:
        return await city.asked(await city.resident())

    monkeypatch.setenv("OWNER_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    order = ["--subject", place.live(ask), "--document", "12", "--by", "x"]
    here = ["--data", str(place.data)]
    assert legal_hold.main([*here, "place", *order, "--why", "x"]) == 0
    assert legal_hold.main([*here, "lift", *order]) == 0
    assert legal_hold.main(["list"]) == 1
    said = capsys.readouterr()
    assert "It is kept from now on." in said.out
    assert "The database refused" in said.err


def test_its_keys_are_its_own(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With another city's before it, it would take them for what nothing is sealed under, and destroy them."""
    monkeypatch.delenv("KEYS_DIR", raising=False)
    monkeypatch.setattr("scripts.owner.VAR", tmp_path)
    FileKeys.make(tmp_path / "keys")
    said: dict[str, Path] = {}

    async def look(owner: object, folder: Path) -> dict[str, int]:
        said["folder"] = folder
        return {}

    monkeypatch.setattr(rotate_keys, "check", look)
    assert rotate_keys.main(["--data", str(place.data), "--check"]) == 0
    assert said["folder"] == place.data / "keys"


def test_where_none_runs_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("OWNER_DATABASE_URL", raising=False)
    monkeypatch.setattr("scripts.owner.VAR", tmp_path)
    for said, told in (
        (["list"], "No city runs"),
        (["--data", str(tmp_path), "list"], "No city runs"),
    ):
        with pytest.raises(SystemExit):
            legal_hold.main(said)
        assert told in capsys.readouterr().err
