"""The kit's transport: its logic on a simulated telephone, and a question's life by it alone."""

import os
import subprocess
from pathlib import Path

import pytest

from app.graph.ids import global_id
from scripts.build_pages import node_and_npm
from tests.city import City
from tests.kit.running import HERE, at_work, node, session_of
from tests.sockets import token
from tests.vault import samples

pytestmark = [pytest.mark.anyio, pytest.mark.full]


def test_what_it_does_when_things_go_wrong(kit: Path) -> None:
    program, _ = node_and_npm()
    command = [program, "--test", "--test-reporter=spec", str(HERE / "logic.test.js")]
    done = subprocess.run(
        command, env={**os.environ, "KIT": str(kit)}, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout
    assert "skipped 0" in done.stdout


async def test_a_question_lives_between_a_mini_program_and_web_pages(city: City, kit: Path, tmp_path: Path) -> None:
    _, session = await session_of(city, "+8613800000001")
    lawyers = [token(city, await city.lawyer()) for _ in range(3)]
    picture = tmp_path / "picture.jpg"
    picture.write_bytes(samples.picture(size=(3000, 2400), quality=97))
    assert picture.stat().st_size > 1 << 20
    said = {"session": session, "lawyers": lawyers, "category": global_id("Category", "labour.wages")}
    async with at_work(city) as url:
        done = await node(HERE / "live.js", said | {"kit": str(kit), "url": url, "picture": str(picture)})
    assert done == "done"
