"""How somebody becomes a supervisor: by the owner's script alone."""

from pathlib import Path

import anyio.to_thread
import pytest

from scripts import admin
from tests.city import City

pytestmark = pytest.mark.anyio


async def test_a_supervisor_is_made_by_one_command(
    city: City, keys_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = ["--owner-url", city.urls.owner, "--keys-dir", str(keys_folder), "--phone", "13800000000"]
    assert await anyio.to_thread.run_sync(admin.main, [*said, "--role", "supervisor"]) == 0
    assert "0000 is appointed supervisor" in capsys.readouterr().out
    assert [tuple(row) for row in await city.sql("SELECT role FROM app.role_held")] == [("SUPERVISOR",)]


async def test_no_other_office_is_given_so(capsys: pytest.CaptureFixture[str]) -> None:
    said = ["--owner-url", "postgresql://nobody@127.0.0.1:1/none", "--phone", "13800000000", "--role", "lawyer"]
    with pytest.raises(SystemExit):
        admin.main(said)
    assert "invalid choice" in capsys.readouterr().err
