"""An operator's scripts find the city that runs here, and sign in as the owner of its tables."""

from pathlib import Path

import pytest

from scripts import legal_hold
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


def test_where_none_runs_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("OWNER_DATABASE_URL", raising=False)
    monkeypatch.setattr("scripts.owner.VAR", tmp_path)
    for said, told in (
        (["list"], "one of the arguments --owner-url --data is required"),
        (["--data", str(tmp_path), "list"], "No city runs"),
    ):
        with pytest.raises(SystemExit):
            legal_hold.main(said)
        assert told in capsys.readouterr().err
